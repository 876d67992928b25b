"""A mention: one public post, reply, review or article, in the same words for every platform.

The shape is the JSON line of docs/contracts.md. Validation is strict about what would poison a warehouse (null bytes,
dates that cannot be, a missing id) and lenient about the rest: unknown keys stay in `raw`.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

Kind = Literal["post", "reply", "repost", "quote", "comment", "review", "message", "article"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no platform we read is older; an earlier date is a parsing fault
CLOCK_SKEW = timedelta(days=1)  # a platform's clock may run ahead of ours, but not by more
MAX_TEXT = 200_000  # characters; a longer "post" is a file somebody pasted


def _printable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a null byte")
    return text


def _plausible(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # platforms that give no zone mean UTC
    moment = moment.astimezone(UTC)
    if not EARLIEST <= moment <= datetime.now(UTC) + CLOCK_SKEW:
        raise ValueError(f"is not a plausible time: {moment.isoformat()}")
    return moment


def _identifier(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, AfterValidator(_printable)]
Moment = Annotated[datetime, AfterValidator(_plausible)]
Identifier = Annotated[Text, BeforeValidator(_identifier), Field(min_length=1, max_length=500)]
Count = Annotated[int, Field(ge=0, lt=2**63)]

_MOMENT = TypeAdapter[datetime](Moment)


def known_time(written: Any) -> datetime | None:
    """A time that a post can do without (when its author's account was made); None where it is none, or cannot be."""
    try:
        return _MOMENT.validate_python(written)
    except ValidationError:
        return None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Author(_Part):
    """Who posted. `id` is the platform's own and outlives a change of handle."""

    id: Identifier | None = None
    handle: Text | None = None
    name: Text | None = None
    bio: Text | None = None
    followers: Count | None = None
    created_at: Moment | None = None


class Parent(_Part):
    """The post that a reply answers, as far as the platform tells."""

    id: Identifier | None = None
    author: Author | None = None
    text: Text | None = None


class Media(_Part):
    """A picture, video or recording: kept as metadata, never downloaded here."""

    type: Literal["image", "video", "audio"]
    url: Text | None = None
    alt_text: Text | None = None


class Metrics(_Part):
    """Reach and reaction at the time of collection."""

    likes: Count | None = None
    reposts: Count | None = None
    replies: Count | None = None
    views: Count | None = None
    rating: float | None = None


class Mention(_Part):
    """One public mention. Only `platform`, `id`, `text` and `created_at` are required."""

    platform: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
    id: Identifier
    text: Annotated[Text, Field(max_length=MAX_TEXT)]
    created_at: Moment
    url: Text | None = None
    kind: Kind = "post"
    author: Author = Author()
    lang: Text | None = None
    conversation_id: Identifier | None = None
    in_reply_to: Parent | None = None
    media: tuple[Media, ...] = ()
    links: tuple[Text, ...] = ()
    metrics: Metrics = Metrics()
    matched_terms: tuple[Text, ...] = ()  # the search terms that found it; empty for archives
    # The platform's whole record, so that nothing it said is lost; written to the warehouse, never to output.
    raw: dict[str, Any] = Field(default_factory=dict, exclude=True, repr=False, validation_alias=AliasChoices("_raw"))

    @property
    def mention_id(self) -> str:
        """The identity of a mention everywhere in Tocsin: `platform:native id`."""
        return f"{self.platform}:{self.id}"

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """Read one JSON object of the contract's shape. Raises pydantic.ValidationError."""
        return cls.model_validate({**record, "_raw": record})
