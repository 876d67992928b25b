"""The settings of one platform, as data: what each is called, its default, what it is for, whether it is a secret.

A platform's file declares a `Section`; `tocsin/settings.py` alone reads the environment for it: the field `base_url` of
the section with the prefix "x" is `TOCSIN_X_BASE_URL`. So nothing about a platform stands outside its own file.
"""

import ipaddress
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.config import JsonDict

from collectors.budget import Budget

NEEDED: JsonDict = {"needed": True}


def needed(description: str) -> Any:
    """A setting without which the platform is not read. Its type is str, SecretStr, Listed or BaseUrl."""
    return Field("", description=description, json_schema_extra=NEEDED, validate_default=True)


class Section(BaseModel):
    """The settings of one platform. Raises pydantic.ValidationError, naming the field, for a value that cannot be."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    prefix: ClassVar[str]

    @classmethod
    def key(cls, name: str) -> str:
        """A field's name among all settings: "x_base_url"."""
        return f"{cls.prefix}_{name}" if cls.prefix else name

    @property
    def home(self) -> str:
        """The server whose own accounts the platform names without it: orla, and not orla@example.social; "": none."""
        return ""

    def missing(self) -> str:
        """What to set so that the platform is read, or "" where nothing is missing."""
        fields = {name: field for name, field in type(self).model_fields.items() if field.json_schema_extra == NEEDED}
        lacking = {name: field for name, field in fields.items() if not _filled(getattr(self, name))}
        told = [f"TOCSIN_{self.key(name).upper()} ({field.description})" for name, field in lacking.items()]
        return f"set {' and '.join(told)}" if told else ""

    def required(self) -> Self:
        """The settings themselves. Raises ValueError, naming what to set, where something is missing."""
        if said := self.missing():
            raise ValueError(f"{self.prefix} is not configured: {said}")
        return self


def beside(base_url: str, own: str, *domains: str) -> str:
    """A second address of a platform: its `own`, unless `base_url` is none of the platform's `domains`, but a server of
    one's own: then that server, so that what was meant for it is not sent to the platform."""
    host = urlsplit(base_url).hostname or ""
    return own if any(host == each or host.endswith("." + each) for each in domains) else base_url


def _base_url(value: str) -> str:
    """An address to which paths are added. Credentials do not go over open HTTP to a public host."""
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"is no http or https address: {value!r}")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address alone, without a login, a query or a fragment")
    if parts.scheme == "http" and not _near(parts.hostname):
        raise ValueError(f"would send credentials in the clear to {parts.hostname}: use https")
    return value.rstrip("/")


def _near(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".test"))
    return address.is_loopback or address.is_private


def _listed(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _filled(value: Any) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]  # comma-separated in the environment
BaseUrls = Annotated[tuple[BaseUrl, ...], BeforeValidator(_listed)]
Allowance = Annotated[Budget | None, BeforeValidator(Budget.parse)]


class HttpSection(Section):
    """What every platform that is read over HTTP has. Redeclare `base_url` with the platform's own address.

    A platform that needs no credentials is turned on by its address: declare that as `needed`.
    """

    base_url: BaseUrl = needed("Base URL of the API")
    budget: Allowance = Field(None, description="Calls (5000) or money ($50) a calendar month; empty: no limit")
