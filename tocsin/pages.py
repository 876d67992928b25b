"""The pages that are made from declarations: docs/settings.md from the settings, docs/platforms.md from each `Reach`.

`python -m tocsin.pages` writes them anew; a test compares.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from collectors.budget import Price, Quota
from collectors.catalogue import PLATFORMS
from collectors.closed import CLOSED
from policies.counted import counted
from tocsin.settings import CHECKOUT, Settings

DOCS = CHECKOUT / "docs"

SETTINGS_HEAD = """# Settings

Environment variables, or lines of `.env` in the working directory; the environment wins. `tocsin init` writes `.env`
for you, `tocsin doctor` says what is missing. This page is made by `python -m tocsin.pages`.

| setting | what it is | default |
| --- | --- | --- |
"""

PLATFORMS_HEAD = """# Platforms

How far Tocsin sees on each platform, by whose leave and at what price; what a file of `collectors/` declares of itself.
Each platform's own pages prevail, and change. This page is made by `python -m tocsin.pages`.

| platform | endpoint | access | quota and price | what it cannot see | storage and deletion | read |
| --- | --- | --- | --- | --- | --- | --- |
"""

CONVERSATIONS_HEAD = """
## Conversations

What is fetched around a post that an open incident rests on, and at most how much of it:
[context](collectors.md#threads), neither counted nor judged.

| platform | what a conversation is there |
| --- | --- |
"""

CLOSED_HEAD = """
## Not to be had

Nothing is scraped. `tocsin sources` and the report name these too.

| platform | why | read |
| --- | --- | --- |
"""


def settings_page() -> str:
    """The whole of docs/settings.md."""
    fields = sorted(Settings.model_fields.items(), key=lambda item: _order(item[0]))
    rows = (
        f"| `{field.alias or 'TOCSIN_' + name.upper()}` | {field.description} | {_default(field.default)} |\n"
        for name, field in fields
    )
    return SETTINGS_HEAD + "".join(rows)


def platforms_page() -> str:
    """The whole of docs/platforms.md."""
    rows = "".join(f"| {' | '.join(cells)} |\n" for cells in _platforms())
    talks = "".join(f"| `{each.name}` | {each.reach.conversation} |\n" for each in PLATFORMS)
    closed = "".join(f"| {each.name} | {each.reason} | {_read(each.documents, each.checked)} |\n" for each in CLOSED)
    return PLATFORMS_HEAD + rows + CONVERSATIONS_HEAD + talks + CLOSED_HEAD + closed


def write() -> None:
    """Write the pages."""
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "platforms.md").write_text(platforms_page(), encoding="utf-8")


def _order(name: str) -> tuple[bool, int]:
    """Tocsin's own settings first, then each platform's, in the order in which they are declared."""
    names = list(Settings.model_fields)
    own = name in Settings.__annotations__
    return not own, names.index(name)


def _default(value: Any) -> str:
    if isinstance(value, Path) and value.is_absolute():
        return f"`{value.relative_to(CHECKOUT)}/ of the checkout`"
    empty = value in (None, "", (), {}) or (isinstance(value, SecretStr) and not value.get_secret_value())
    typed = ",".join(map(str, value)) if isinstance(value, tuple) else value  # as the environment takes it
    return "" if empty else f"`{typed}`"


def _platforms() -> Iterator[tuple[str, ...]]:
    for platform in PLATFORMS:
        reach = platform.reach
        paid = [*map(spoken_quota, reach.quotas), *spoken_price(reach.price)]
        yield (
            f"`{platform.name}`: {platform.access}",
            reach.endpoint,
            reach.auth,
            "; ".join(paid) or "none",
            reach.cannot_see,
            "; ".join([reach.terms, *spoken_limit(reach.refresh_within)]),
            _read(reach.documents, reach.checked),
        )


def spoken_quota(quota: Quota) -> str:
    """A quota in words."""
    units = {86_400: "day", 3_600: "hour", 60: "minute", 1: "second"}
    unit = next(size for size in units if quota.window_s % size == 0)
    number = quota.window_s // unit
    return f"{counted(quota.calls, 'call')} per {units[unit] if number == 1 else f'{number} {units[unit]}s'}"


def spoken_limit(limit: timedelta | None) -> Iterator[str]:
    """In words, when what a platform has not shown anew is emptied; nothing where it has no such limit."""
    if limit is not None:
        yield f"emptied after {limit // timedelta(hours=1)} hours without being shown anew"


def spoken_price(price: Price) -> Iterator[str]:
    """A price in words; nothing where there is none."""
    for amount, what in ((price.usd_per_call, "call"), (price.usd_per_mention, "post read")):
        if amount > Decimal(0):
            yield f"${amount} a {what}"


def _read(documents: str, checked: Any) -> str:
    return f"[{checked}]({documents})"


if __name__ == "__main__":
    write()
