"""A post that we wrote ourselves, as the files of `corpus/` have it; corpus/README.md has the fields."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from collectors.mention import Author, Media, Mention, Parent
from policies.policy import CategoryName

_WHEN = datetime(2026, 10, 1, tzinfo=UTC)  # such posts have no date; nothing that reads them asks for one


class WrittenPost(BaseModel):
    """What the corpus and the guard have in common: an invented post and what holds of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    family: str
    platform: str
    text: Annotated[str, Field(min_length=1)]
    categories: tuple[CategoryName, ...]
    near_misses: tuple[CategoryName, ...]
    parent: Parent | None = None
    parent_by: Literal["official", "staff", "customer", "union", "stranger"] | None = None
    author: Author = Author()
    media: tuple[Media, ...] = ()
    tags: tuple[str, ...] = ()

    def mention(self) -> Mention:
        """The post as a collector would hand it on."""
        return Mention(
            platform=self.platform,
            id=self.id,
            text=self.text,
            created_at=_WHEN,
            author=self.author,
            in_reply_to=self.parent,
            media=self.media,
        )
