"""Behind `tocsin init`: a pack of one's own and a `.env`, from a few answers.

Asking is apart from writing, so that what is written can be tested with plain values. The pack begins as the starter
pack and is checked before it takes its place; `.env` is readable by its owner only, and what it holds stays.
"""

import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import yaml
from dotenv import dotenv_values
from dotenv.parser import parse_stream
from rich.console import Console
from rich.prompt import Confirm, Prompt

from policies.check import PACKS, check
from policies.problem import PolicyError
from tocsin.errors import Misconfigured

HEADER = """\
# Made by `tocsin init` from the starter pack. The clauses are examples: put your own policy's words in their place.
# After an edit run `tocsin policy check {file}`: it names every mistake by its line.
# Deadlines run round the clock until you say when you work: hours: {{zone: Europe/London, holidays: GB-ENG}}
"""
_UNFIT = {"${": "'${'", "\x00": "a null byte", "\r": "a carriage return"}
CREDENTIALS = {  # setting: what is asked, and whether it is a secret
    "TOCSIN_SLACK_BOT_TOKEN": ("Slack bot token (xoxb-…)", True),
    "TOCSIN_X_BEARER_TOKEN": ("X API bearer token", True),
    "TOCSIN_REDDIT_CLIENT_ID": ("Reddit app id", False),
    "TOCSIN_REDDIT_CLIENT_SECRET": ("Reddit app secret", True),
    "TOCSIN_FEEDS_URLS": ("RSS or Atom feeds to read, comma-separated", False),
}


STAFF_WORDS = "member of staff, manager, adviser, agent, officer, receptionist, call handler"  # most places have them
ODD_BREAKS = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True)
class Answers:
    """What a person said of their organisation. `settings` maps settings (`TOCSIN_…`) to values."""

    organisation: str
    short_names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()  # its own accounts, with or without @
    terms: tuple[str, ...] = ()  # further words to search for
    staff_words: tuple[str, ...] = ()  # what the public calls its people: "guard", "meter reader"
    told: str = "Social media team"
    slack_channel: str = ""  # channel id; empty: alerts go to console and file
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The files that were written, the keys that `.env` kept as they were, and whether it names the pack."""

    pack: Path
    env: Path
    kept: tuple[str, ...]
    in_force: bool


def init(folder: Path, console: Console | None = None, stream: TextIO | None = None) -> Written:
    """Ask, then write the pack and `.env` into `folder`. Raises Misconfigured."""
    console = console or Console(stderr=True)
    answers = ask(console, stream)
    pack = folder / f"{pack_id(answers.organisation)}.yaml"
    if pack.exists() and not _agreed(f"{pack} is there already. Replace it?", console, stream):
        raise Misconfigured(f"{pack} was left as it is: rename it, or give another name, and start again")
    write_pack(answers, pack)
    # `.env` is read in the folder that it stands in, so the pack beside it needs no path, and both can be moved.
    wanted = {"TOCSIN_POLICIES": pack.name, "TOCSIN_SLACK_CHANNEL": answers.slack_channel, **answers.settings}
    env = folder / ".env"
    held = [key for key, value in wanted.items() if value and key in _bindings(env)]
    replace = bool(held) and _agreed(f"{env} already sets {', '.join(held)}. Replace these?", console, stream)
    kept = write_env(wanted, env, replace=replace)
    named = (dotenv_values(env)["TOCSIN_POLICIES"] or "").split(",")
    return Written(pack, env, kept, any((folder / name.strip()).resolve() == pack.resolve() for name in named))


def ask(console: Console, stream: TextIO | None = None) -> Answers:
    """Put the questions on `console`; answers come from `stream`, or from the keyboard. Raises Misconfigured."""

    def answer(question: str, default: str = "", *, secret: bool = False) -> str:
        hide = secret and stream is None
        return Prompt.ask(
            question, console=console, default=default, show_default=bool(default), password=hide, stream=stream
        )

    name = answer("What is the organisation called?")
    if not _clean(name):
        raise Misconfigured("the organisation needs a name: start again and give one")
    channel = answer("Slack channel id for alerts (C…), empty: console and file")
    console.print("What follows may stay empty, and be added to .env later. Secrets are not shown.")
    return Answers(
        organisation=name,
        short_names=_listed(answer("Short names and acronyms, comma-separated")),
        handles=_listed(answer("Its own accounts, comma-separated (@…)")),
        terms=_listed(answer("Other words to search for, comma-separated")),
        staff_words=_listed(answer("What do people call your staff? comma-separated", STAFF_WORDS)),
        told=answer("Who is told of misuse?", Answers.told),
        slack_channel=channel,
        settings={key: answer(question, secret=secret) for key, (question, secret) in CREDENTIALS.items()},
    )


def pack_id(name: str) -> str:
    """A pack's short name from an organisation's: lower case, ASCII, at most 40 characters."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-") or "my-organisation"


class _Dumper(yaml.SafeDumper):
    """Writes out the line breaks that a YAML reader would turn into others."""

    def _text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style='"' if ODD_BREAKS.search(text) else None)


_Dumper.add_representer(str, _Dumper._text)


def write_pack(answers: Answers, target: Path) -> None:
    """Write a checked pack to `target`, whole or not at all. Raises PolicyError where the answers make none."""
    text = yaml.dump(_filled(answers), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder) / target.name
        draft.write_text(HEADER.format(file=target.name) + text, encoding="utf-8")
        if problems := check(draft):
            raise PolicyError(problems)
        draft.replace(target)


def _filled(answers: Answers) -> dict[str, Any]:
    pack: dict[str, Any] = yaml.safe_load((PACKS / "starter.yaml").read_text(encoding="utf-8"))
    name, handles = _clean(answers.organisation), [handle.lstrip("@") for handle in _each(answers.handles)]
    title = f"{name} Social Media Policy"
    names = [name, *_each(answers.short_names), *(f"@{handle}" for handle in handles), *_each(answers.terms)]
    for clause in pack["clauses"]:
        clause |= {"id": clause["id"].replace("EXT", "POLICY"), "document": title}
    for category in pack["categories"].values():
        category["clauses"] = [cited.replace("EXT", "POLICY") for cited in category["clauses"]]
        category.pop("examples", None)  # they are about trains
    pack.pop("hours", None)  # theirs are not known: round the clock until they say
    for route in pack["routes"].values():
        route |= {"slack_channel": _clean(answers.slack_channel) or None}
    pack["routes"]["social_media"]["name"] = _clean(answers.told) or Answers.told
    staff = _each(answers.staff_words) or _each(_listed(STAFF_WORDS))
    return {
        **pack,
        "id": pack_id(answers.organisation),
        "title": title,
        "organisation": {"name": name, "short_names": _each(answers.short_names), "staff_words": staff},
        "vocabulary": {"names": list(dict.fromkeys(names))},
        "accounts": [{"handle": handle, "kind": "official"} for handle in _unlike(handles)],
    }


def write_env(values: Mapping[str, str], target: Path, *, replace: bool = False) -> tuple[str, ...]:
    """Add settings to a `.env` file (mode 0600), empty ones left out. Gives the keys that were kept as they were.

    With `replace`, keys that the file holds get the new value. Raises Misconfigured for what `.env` cannot hold.
    """
    wanted = {key: cleaned for key, value in values.items() if (cleaned := _clean(value))}
    held = _bindings(target)
    kept = () if replace else tuple(key for key in wanted if key in held)
    lines = [original for key, original in _originals(target) if not (replace and key in wanted)]
    text = "".join(lines)
    if text and not text.endswith("\n"):
        text += "\n"
    text += "".join(f"{key}={_quoted(key, value)}\n" for key, value in wanted.items() if key not in kept)
    _write_private(target, text)
    return kept


def _bindings(target: Path) -> set[str]:
    return {key for key, _ in _originals(target) if key}


def _originals(target: Path) -> list[tuple[str | None, str]]:
    """Every stretch of the file, with the key that it sets (None: a comment, a blank line, what cannot be read)."""
    if not target.exists():
        return []
    with io.StringIO(target.read_text(encoding="utf-8"), newline="") as stream:
        return [(binding.key, binding.original.string) for binding in parse_stream(stream)]


def _quoted(key: str, value: str) -> str:
    """In single quotes only \\ and ' have a meaning; but readers expand `${` and change line ends even there."""
    if unfit := [shown for mark, shown in _UNFIT.items() if mark in value]:
        raise Misconfigured(f"{key} holds {' and '.join(unfit)}, which .env cannot: set it in the environment instead")
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _write_private(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".env-")  # made with mode 0600
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(draft).replace(target)


def _agreed(question: str, console: Console, stream: TextIO | None) -> bool:
    return Confirm.ask(question, console=console, default=False, stream=stream)


def _listed(answer: str) -> tuple[str, ...]:
    return tuple(_each(answer.split(",")))


def _each(words: tuple[str, ...] | list[str]) -> list[str]:
    return [cleaned for word in words if (cleaned := _clean(word)).strip("@")]


def _unlike(handles: list[str]) -> list[str]:
    return list({handle.casefold(): handle for handle in handles}.values())


def _clean(text: str) -> str:
    """Without white space around it, and without the halves of characters that a terminal may hand over."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()
