"""An incident as a bundle of STIX 2.1, as far as STIX has words for it.

STIX 2.1 (OASIS standard, 10 June 2021) has `incident` as a stub: a name and a description, nothing of severity, status,
policy or the person it is aimed at. These stand in a `note`. What was seen are `observed-data` with `url` and
`user-account`; the words of the posts have no object, and leave in the description alone. A `report` holds it together,
TLP:AMBER. The same case has the same ids each time.
"""

import uuid
from datetime import datetime
from typing import Any

import stix2

from incidents.exchange import Case, Post, description

NAMESPACE = uuid.UUID("8f1b7f0e-3c0a-5c3e-9a54-70c51a000019")
ACCOUNT_TYPES = {"x": "twitter", "facebook": "facebook"}  # of the standard's own vocabulary, which is open


def stix(case: Case) -> bytes:
    """The bundle, as JSON."""
    organisation = stix2.Identity(
        **_base(case, "identity"), name=case.organisation or "unnamed", identity_class="organization"
    )
    common = {"created_by_ref": organisation.id, "object_marking_refs": [stix2.TLP_AMBER]}
    incident = stix2.Incident(
        **_base(case, "incident"),
        **common,
        name=case.title,
        description=description(case),
        labels=[case.category],
        confidence=round(100 * max((post.confidence for post in case.posts), default=0.0)),
        external_references=[{"source_name": "Tocsin", "external_id": case.id}],
    )
    seen = [each for post in case.posts for each in _observed(case, post, common)]
    note = stix2.Note(**_base(case, "note"), **common, content=_beyond(case), object_refs=[incident.id])
    report = stix2.Report(
        **_base(case, "report"),
        **common,
        name=case.title,
        report_types=["observed-data"],
        published=case.updated_at,
        object_refs=[incident.id, note.id, *(each.id for each in seen)],
    )
    objects = [organisation, incident, *seen, note, report, stix2.TLP_AMBER]
    bundle = stix2.Bundle(*{each.id: each for each in objects}.values(), id=_id(case, "bundle"))
    return (str(bundle.serialize(pretty=True)) + "\n").encode("utf-8")


def _observed(case: Case, post: Post, common: dict[str, Any]) -> list[Any]:
    """What was seen of one post; nothing where neither its address nor its author may be told."""
    parts: list[Any] = []
    if post.url:
        parts.append(stix2.URL(value=post.url))
    if post.author:
        who = {"account_login": post.handle} if post.handle else {"user_id": post.author}
        kind = ACCOUNT_TYPES.get(post.platform, post.platform)
        parts.append(stix2.UserAccount(**who, account_type=kind, display_name=post.author))
    if not parts:
        return []
    seen = stix2.ObservedData(
        **_base(case, "observed-data", post.sha256, post.posted_at, post.posted_at),
        **common,
        first_observed=post.posted_at,
        last_observed=post.posted_at,
        number_observed=1,
        object_refs=[each.id for each in parts],
    )
    return [*parts, seen]


def _beyond(case: Case) -> str:
    """What STIX has no words for."""
    clauses = "; ".join(f"{name}: {words}" for name, words in case.clauses)
    posts = "; ".join(f"{post.posted_at.isoformat()} SHA-256 {post.sha256}" for post in case.posts)
    return (
        f"Severity: {case.severity}\nStatus: {case.status}\nAimed at: {case.target}\nPolicy: {case.policy}\n"
        f"Clauses: {clauses}\nExhibits: {posts}"
    )


def _base(
    case: Case, kind: str, of: str = "", created: datetime | None = None, modified: datetime | None = None
) -> dict[str, Any]:
    return {
        "id": _id(case, kind, of),
        "created": created or case.opened_at,
        "modified": modified or case.updated_at,
    }


def _id(case: Case, kind: str, of: str = "") -> str:
    return f"{kind}--{uuid.uuid5(NAMESPACE, chr(10).join((kind, case.policy, case.id, of)))}"
