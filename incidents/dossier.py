"""All that is held of one incident as evidence, read in one transaction: what a bundle is made from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from incidents.by_role import KINDS, Aim, without_names
from incidents.custody import CustodyEntry, on_hold
from incidents.evidence import exhibit_of
from incidents.incident import Exhibit, Incident
from incidents.lifecycle import Event
from incidents.stamping import Stamp


class EvidenceBroken(Exception):
    """What is in custody is not what was taken into it. The message names what, one line each."""


@dataclass(frozen=True)
class HeldExhibit:
    """One exhibit as it is kept: canonical JSON of the exhibit, and of its original where one was captured."""

    evidence_id: str
    exhibit: str
    sha256: str
    original: str | None
    original_sha256: str | None

    @cached_property
    def read(self) -> Exhibit:
        """The exhibit. Raises pydantic.ValidationError where it has been tampered out of shape."""
        return exhibit_of(json.loads(self.exhibit))

    @cached_property
    def document(self) -> dict[str, Any]:
        """The original as JSON values; empty where there is none."""
        return json.loads(self.original) if self.original else {}


@dataclass(frozen=True)
class HeldStep:
    """A post of a behaviour over time that is no finding, as it is kept: canonical JSON of it, and of its original."""

    evidence_id: str
    mention_id: str
    step: str
    sha256: str
    original: str
    original_sha256: str

    @cached_property
    def read(self) -> dict[str, Any]:
        """The post, with what made it count (`counted_as`, by behaviour)."""
        told: dict[str, Any] = json.loads(self.step)
        return told

    @cached_property
    def document(self) -> dict[str, Any]:
        """The original as JSON values."""
        told: dict[str, Any] = json.loads(self.original)
        return told


@dataclass(frozen=True)
class Dossier:
    """One incident, whole. Exhibits are in the order of their posts, everything else in the order in which it was."""

    incident: Incident
    organisation: str
    clauses: Sequence[tuple[str, str]]  # id and words, of the policy that it was found by
    events: Sequence[Event]
    exhibits: Sequence[HeldExhibit]
    custody: Sequence[CustodyEntry]
    stamps: Sequence[Stamp]
    course: Sequence[HeldStep] = ()  # oldest post first

    def told(self, text: str, names: bool) -> str:
        """Why something was found: unless `names`, with the people whom the incident is aimed at by role."""
        if names:
            return text
        key, kind = self.incident.key, self.incident.target_kind
        known = {held.read.target_handle: None for held in self.exhibits} | {key.target: None}
        return without_names(text, Aim(kind, names=tuple(name for name in known if name and name not in KINDS)))

    @property
    def legal_hold(self) -> bool:
        """Whether nothing of it may go."""
        return on_hold(self.custody)
