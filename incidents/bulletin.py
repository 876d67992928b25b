"""The words of messages that are about many incidents at once: digests and silences, the same for every channel.

They name nobody but the people of the house: whom an incident is about stands in the casebook, to be listed from there.
"""

from dataclasses import dataclass

from incidents.escape import one_line
from incidents.notification import Counts, DigestCard, Reason, SilenceCard
from incidents.wording import SIGNS, TARGETS, moment
from policies.counted import counted

KINDS = {"flood": "Flood", "periodic": "Digest"}
SOURCES = {
    "new_incident": "new",
    "reopened": "reopened",
    "escalated": "now graver",
    "new_evidence": "with new evidence",
}
SHOWN = 6  # categories and kinds of target by name; the rest as a number
LISTED = 10  # incidents by id


@dataclass(frozen=True)
class Page:
    """A message in parts: at most ten facts and a dozen lines, each a line of plain words."""

    title: str
    said: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    next_step: str
    foot: str


def page(card: DigestCard | SilenceCard, reason: Reason) -> Page:
    """What the message says."""
    return _digest(card) if isinstance(card, DigestCard) else _silence(card, reason)


def _digest(card: DigestCard) -> Page:
    many, span = counted(card.incidents, "incident"), f"{moment(card.since)} to {moment(card.until)}"
    return Page(
        title=f"{'🌊' if card.kind == 'flood' else '🗒'} {KINDS[card.kind]}: {many} ({card.digest_id})",
        said=_flood(card) if card.kind == "flood" else f"{many} that could wait, told together and not singly.",
        facts=(
            ("Severity", _signed(card.severities)),
            ("Category", _counted(card.categories)),
            (
                "Aimed at",
                _counted(tuple((TARGETS.get(kind, "somebody"), number) for kind, number in card.target_kinds)),
            ),
            ("Different targets", f"{card.targets:,}"),
            ("Different authors", f"{card.authors:,}"),
            ("What they are", _counted(tuple((SOURCES.get(each, each), number) for each, number in card.reasons))),
            ("When", span),
        ),
        lines=_listed("The gravest" if card.kind == "flood" else "Among them", card.gravest, card.incidents),
        next_step=f"list them: tocsin incident list --of {card.digest_id}, or /tocsin list {card.digest_id}; "
        "whatever happens to one of them is told in a thread of its own",
        foot=f"{one_line(card.organisation, 100)} · {one_line(card.told, 60)} · {card.digest_id}",
    )


def _flood(card: DigestCard) -> str:
    if card.categories and all(category == "safeguarding" for category, _ in card.categories):
        what = f"Posts by people who may need help, {card.incidents:,} of them"
    else:
        what = f"{counted(card.incidents, 'incident')} at once"
    singly = f" {card.singly:,} more, the gravest first, are told in messages of their own." if card.singly else ""
    return (
        f"{what}: more than the {card.limit:,} an hour that this channel is told of one by one. None is lost: each is "
        f"in the casebook with its evidence, and is told here and not singly.{singly}"
    )


def _silence(card: SilenceCard, reason: Reason) -> Page:
    kept = counted(card.kept_quiet, "incident")
    named = f"The silence {card.silence_id}"
    still = sum(number for _, number in card.severities)
    titles = {
        "silence_started": f"🔕 Silence until {moment(card.ends_at)} ({card.silence_id})",
        "silence_expiring": f"⏳ Silence ends on {moment(card.ends_at)} ({card.silence_id})",
        "silence_ended": f"🔔 Silence over: {still:,} of {kept} still open ({card.silence_id})",
    }
    said = {
        "silence_started": f"{named} rings no bell for what it covers. Incidents are opened and listed as ever; a "
        "critical one, and whatever is about a person at risk, rings all the same.",
        "silence_expiring": f"{named} has kept {kept} quiet, {still:,} of them still open. What comes after it rings.",
        "silence_ended": f"{named} is over{_how(card.note)}. It kept {kept} quiet, {still:,} of them still open.",
    }
    facts = (
        *((label, one_line(value, 300)) for label, value in card.covers[:6]),
        ("Whose", one_line(card.owner, 100)),
        ("Why", one_line(card.reason, 600)),
        ("From", moment(card.starts_at)),
        ("Until", moment(card.ends_at)),
    )
    by_hand = f"tocsin silence end {card.silence_id} --reason WHY"
    ahead = f"end it sooner: /tocsin silence end {card.silence_id} because WHY, or {by_hand}"
    look = f"look at what is open: tocsin incident list --of {card.silence_id}, or /tocsin list {card.silence_id}"
    return Page(
        title=titles[reason],
        said=said[reason],
        facts=facts,
        lines=_listed("Still open", card.still_open, still),
        next_step=look if reason == "silence_ended" else f"let it be, or {ahead}",
        foot=f"{one_line(card.organisation, 100)} · {one_line(card.told, 60)} · {card.silence_id}",
    )


def _how(note: str) -> str:
    return f", {one_line(note, 300)}" if note.strip() else ""


def _listed(label: str, found: tuple[tuple[str, str, str], ...], of: int) -> tuple[str, ...]:
    """`The gravest: 🔴 TOC-1004 critical doxxing`, one a line, and how many are not shown."""
    if not found:
        return ()
    shown = [f"{SIGNS.get(severity, '')} {each} {severity} {_words(what)}" for each, severity, what in found[:LISTED]]
    more = (f"and {of - len(shown):,} more",) if of > len(shown) else ()
    return (f"{label}:", *shown, *more)


def _signed(counts: Counts) -> str:
    return ", ".join(f"{SIGNS.get(name, '')} {name} {number:,}" for name, number in counts) or "none"


def _counted(counts: Counts) -> str:
    shown = [f"{_words(name)} {number:,}" for name, number in counts[:SHOWN]]
    left = sum(number for _, number in counts[SHOWN:])
    return ", ".join([*shown, *([f"others {left:,}"] if left else [])]) or "none"


def _words(name: str) -> str:
    return one_line(name, 60).replace("_", " ")
