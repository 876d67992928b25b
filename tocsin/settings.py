"""The only reader of the environment: every setting Tocsin has, its default, and what it is for.

Settings come from `TOCSIN_…` variables and from a `.env` file in the working directory; the environment wins.
Secrets never print. What a platform needs stands in the platform's own file, as a `Section`; it is read here with the
rest, and `Settings.of` gives it back. The table in docs/settings.md is made from these.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, SecretStr, create_model
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from collectors.canary import CanarySettings
from collectors.catalogue import PLATFORMS
from collectors.platform import S
from collectors.section import Section
from tocsin.errors import Misconfigured

CHECKOUT = Path(__file__).resolve().parent.parent


def _of_platforms() -> dict[str, Any]:
    """The fields of every platform's section, and of the canaries', as fields of all settings: `x_base_url`."""
    kinds: list[type[Section]] = [*(platform.settings for platform in PLATFORMS), CanarySettings]
    fields = ((kind.key(name), field) for kind in kinds for name, field in kind.model_fields.items())
    return {key: (Annotated[field.rebuild_annotation(), NoDecode], field) for key, field in fields}


if TYPE_CHECKING:
    _Platforms = BaseSettings  # a type checker sees a platform's settings through `Settings.of`, typed by its section
else:
    _Platforms = create_model("_Platforms", __base__=BaseSettings, **_of_platforms())


ROUTES = "TOCSIN_ROUTE_<NAME>"  # one setting for each channel that a pack names
_ROUTE = ROUTES.removesuffix("<NAME>").lower()


class RouteAddresses(PydanticBaseSettingsSource):
    """Every `TOCSIN_ROUTE_…` that the other sources hold, as one dictionary by name."""

    def __init__(self, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource) -> None:
        """`sources`: of variables, the strongest first."""
        super().__init__(settings_cls)
        self._sources = sources

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Nothing: the dictionary is made as a whole."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The one field that this source fills."""
        held = [getattr(source, "env_vars", {}) for source in reversed(self._sources)]
        known = {name.lower(): value for variables in held for name, value in variables.items() if value}
        return {ROUTES: {name.removeprefix(_ROUTE): known[name] for name in known if name.startswith(_ROUTE)}}


class Settings(_Platforms):
    """Read once at the start of a command. Raises pydantic.ValidationError naming the setting that is wrong."""

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_", env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    var: Path = Field(Path("var"), description="Where everything that a run writes is kept")
    database_url: str = Field("", description="SQLAlchemy URL of the warehouse; empty: SQLite at <var>/tocsin.db")
    policies: Annotated[str, NoDecode] = Field("dwp", description="Packs in force: names or paths, comma-separated")
    sources: Annotated[str, NoDecode] = Field("", description="Sources to read, comma-separated; empty: all configured")
    dags_folder: Path = Field(CHECKOUT / "dags", description="Where the DAG files are")
    airflow_port: int = Field(8080, ge=1, le=65535, description="Port of Airflow's UI under `make up`, on loopback")

    backend: Literal["embedded", "detoxify"] = Field("embedded", description="Which model scores toxicity")
    detoxify_checkpoint: Path | None = Field(None, description="A local Detoxify checkpoint; empty: its own weights")

    slack_bot_token: SecretStr | None = Field(None, description="Bot token; empty: alerts go to console and file")
    slack_app_token: SecretStr | None = Field(None, description="App-level token, for Socket Mode")
    slack_signing_secret: SecretStr | None = Field(None, description="Verifies requests that come from Slack")
    slack_channel: str = Field("", description="Channel id for routes that name none")
    slack_operators_channel: str = Field("", description="Channel id for alarms about sources; empty: slack_channel")
    slack_actors: Annotated[str, NoDecode] = Field(
        "", description="Slack user and group ids who may act on what goes to slack_channel; empty: its members"
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Base URL of the Slack API")
    slack_flood_at: int = Field(
        1200,
        ge=1,
        description="New incidents in an hour that a channel is told of one by one; beyond that, in a digest",
    )
    slack_interval_s: float = Field(1.0, ge=0, description="Seconds between posts to one channel")

    route_addresses: dict[str, SecretStr] = Field(
        default={},
        alias=ROUTES,
        description="Where a channel is that a pack's route names in `also` or `fallback`: see routes.md",
    )
    operators_mail: Annotated[str, NoDecode] = Field(
        "", description="E-mail addresses that get, by smtp_url, what Slack does not take, comma-separated; empty: none"
    )
    fallback_after_minutes: int = Field(
        15, ge=1, description="How long Slack may take nothing before it goes by another way, and an alarm is raised"
    )

    tsa_url: SecretStr | None = Field(
        None, description="Timestamping authority (RFC 3161) for custody logs; empty: none is asked"
    )
    tsa_ca: Path | None = Field(None, description="Its certificates (PEM), to check its timestamps by")

    pseudonym_key: SecretStr | None = Field(None, description="Key of the pseudonyms; empty: made once in <var>")
    console_host: str = Field("127.0.0.1", description="Address that `tocsin console` listens on")
    console_port: int = Field(8090, ge=1, le=65535, description="Port that `tocsin console` listens on")
    console_secret: SecretStr | None = Field(
        None, description="Kept for a page on which incidents are reviewed, which is not there yet; nothing reads it"
    )
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@host:port for the daily report")
    report_to: Annotated[str, NoDecode] = Field(
        "",
        description="E-mail addresses that get the daily report by smtp_url, from its DAG, `tocsin run` and "
        "`tocsin report --mail`, comma-separated",
    )

    def of(self, kind: type[S]) -> S:
        """The settings of one platform."""
        return kind.model_validate({name: getattr(self, kind.key(name)) for name in kind.model_fields})

    @cached_property
    def warehouse_url(self) -> str:
        """The warehouse's SQLAlchemy URL, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.var / 'tocsin.db').resolve()}"

    @cached_property
    def policy_names(self) -> tuple[str, ...]:
        """The packs in force, in the order given. Raises Misconfigured for none."""
        if names := _listed(self.policies):
            return names
        raise Misconfigured(f"TOCSIN_POLICIES is {self.policies!r} and names no pack: set a name, as dwp, or a path")

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """The sources that a run is limited to; empty: all that are configured."""
        return _listed(self.sources)

    @cached_property
    def slack_actor_ids(self) -> tuple[str, ...]:
        """Who may act in Slack on routes that name nobody; empty: the members of the route's channel."""
        return _listed(self.slack_actors)

    @cached_property
    def operators_addresses(self) -> tuple[str, ...]:
        """Who gets by e-mail what Slack does not take."""
        return _listed(self.operators_mail)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The usual sources, and the one that gathers the addresses of channels from them."""
        routes = RouteAddresses(settings_cls, env_settings, dotenv_settings)
        return init_settings, routes, env_settings, dotenv_settings, file_secret_settings

    @cached_property
    def report_addresses(self) -> tuple[str, ...]:
        """Who gets the daily report by e-mail."""
        return _listed(self.report_to)


def override(**values: str) -> None:
    """Set settings, by name, for this process and those that it starts, whatever the environment and `.env` say."""
    os.environ.update({f"TOCSIN_{name.upper()}": value for name, value in values.items()})


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
