"""The only reader of the environment: every setting Tocsin has, its default, and what it is for.

Settings come from `TOCSIN_…` variables and from a `.env` file in the working directory; the environment wins.
Secrets never print. The table in docs/settings.md is made from this file.
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read once at the start of a command. Raises pydantic.ValidationError naming the setting that is wrong."""

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_", env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    var: Path = Field(Path("var"), description="Where everything that a run writes is kept")
    database_url: str = Field("", description="SQLAlchemy URL of the warehouse; empty: SQLite at <var>/tocsin.db")
    policies: Annotated[str, NoDecode] = Field("dwp", description="Packs in force: names or paths, comma-separated")
    sources: Annotated[str, NoDecode] = Field("", description="Sources to read, comma-separated; empty: all configured")
    archives: Annotated[str, NoDecode] = Field("", description="Files or folders to read as archives, comma-separated")
    archive_map: Annotated[str, NoDecode] = Field(
        "", description="Columns of CSV archives, ours=theirs, comma-separated"
    )
    dags_folder: Path = Field(CHECKOUT / "dags", description="Where the DAG files are")
    airflow_port: int = Field(8080, ge=1, le=65535, description="Port of Airflow's UI under `make up`, on loopback")

    backend: Literal["embedded", "detoxify"] = Field("embedded", description="Which model scores toxicity")
    detoxify_checkpoint: Path | None = Field(None, description="A local Detoxify checkpoint; empty: its own weights")

    slack_bot_token: SecretStr | None = Field(None, description="Bot token; empty: alerts go to console and file")
    slack_app_token: SecretStr | None = Field(None, description="App-level token, for Socket Mode")
    slack_signing_secret: SecretStr | None = Field(None, description="Verifies requests that come from Slack")
    slack_channel: str = Field("", description="Channel id for routes that name none")
    slack_api_url: str = Field("https://slack.com/api/", description="Base URL of the Slack API")
    slack_interval_s: float = Field(1.0, ge=0, description="Seconds between posts to one channel")

    pseudonym_key: SecretStr | None = Field(None, description="Key of the pseudonyms; empty: made once in <var>")
    console_secret: SecretStr | None = Field(None, description="Signs the review console's sessions")
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@host:port for the daily report")
    report_to: Annotated[str, NoDecode] = Field("", description="E-mail addresses of the daily report, comma-separated")

    x_bearer_token: SecretStr | None = Field(None, description="X API v2 bearer token (app-only)")
    x_base_url: str = Field("https://api.x.com", description="Base URL of the X API")
    x_pages: int = Field(10, ge=1, description="Pages of 100 posts that one run may read from X")
    reddit_client_id: str = Field("", description="Reddit script or web app id")
    reddit_client_secret: SecretStr | None = Field(None, description="Reddit app secret")
    reddit_user_agent: str = Field("tocsin (brand monitoring)", description="Reddit asks that every app names itself")
    reddit_base_url: str = Field("https://www.reddit.com", description="Base URL of Reddit (OAuth token)")
    reddit_oauth_url: str = Field("https://oauth.reddit.com", description="Base URL of Reddit's OAuth API")
    feeds_urls: Annotated[str, NoDecode] = Field("", description="RSS or Atom feeds to read, comma-separated")
    feeds_base_url: str = Field("", description="Replaces scheme and host of every feed (a proxy, a test server)")

    @cached_property
    def warehouse_url(self) -> str:
        """The warehouse's SQLAlchemy URL, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.var / 'tocsin.db').resolve()}"

    @cached_property
    def policy_names(self) -> tuple[str, ...]:
        """The packs in force, in the order given."""
        return _listed(self.policies)

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """The sources that a run is limited to; empty: all that are configured."""
        return _listed(self.sources)

    @cached_property
    def archive_paths(self) -> tuple[Path, ...]:
        """The archives to read, in the order given."""
        return tuple(Path(name) for name in _listed(self.archives))

    @cached_property
    def feed_urls(self) -> tuple[str, ...]:
        """The feeds to read, in the order given."""
        return _listed(self.feeds_urls)

    @cached_property
    def report_addresses(self) -> tuple[str, ...]:
        """Who gets the daily report by e-mail."""
        return _listed(self.report_to)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
