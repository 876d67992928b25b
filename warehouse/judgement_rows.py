"""A judgement as rows: the assessment in force, its topics, and its findings."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from classifiers.assessment import TOXICITY_LABELS, Assessment
from classifiers.behaviour.timeline import Behaviour
from classifiers.finding import Finding, Judgement
from warehouse.encoding import storable, to_json
from warehouse.rows import Row
from warehouse.schema import findings


def assessment_row(assessment: Assessment, now: datetime) -> Row:
    """The row of `assessments`."""
    policy, _, version = assessment.policy.partition("@")
    return {
        "mention_id": assessment.mention_id,
        "policy": policy,
        "policy_version": version,
        "model": assessment.model,
        "language": assessment.language,
        "relevant": assessment.relevant,
        "scope": assessment.scope,
        "sentiment": assessment.sentiment.label,
        "sentiment_score": float(assessment.sentiment.score),
        **{label: float(assessment.toxicity[label]) for label in TOXICITY_LABELS},
        "assessed_at": now,
    }


def topic_rows(assessment: Assessment) -> list[Row]:
    """The rows of `topics`, each once."""
    policy = assessment.policy.partition("@")[0]
    return [
        {"mention_id": assessment.mention_id, "policy": policy, "topic_group": group, "topic": topic}
        for group, topic in dict.fromkeys(assessment.topics)
    ]


def finding_id(finding: Finding, policy: str) -> str:
    """The identity of a finding: what is judged, under which pack, as what, against whom. Wording may change."""
    target = (finding.target.handle or finding.target.kind).casefold()
    return sha256(to_json([finding.mention_id, policy, finding.category, target]).encode()).hexdigest()


def finding_rows(judgement: Judgement, now: datetime) -> list[Row]:
    """The rows of `findings`."""
    assessment = judgement.assessment
    policy, _, version = assessment.policy.partition("@")
    return [
        {
            "finding_id": finding_id(finding, policy),
            "mention_id": finding.mention_id,
            "policy": policy,
            "policy_version": version,
            "model": assessment.model,
            "category": finding.category,
            "clauses": list(finding.clauses),
            "severity": finding.severity,
            "confidence": float(finding.confidence),
            "target_kind": finding.target.kind,
            "target_handle": storable(finding.target.handle) if finding.target.handle else None,
            "spans": [list(span) for span in finding.spans],
            "why": storable(finding.why),
            "found_at": now,
        }
        for finding in judgement.findings
    ]


def behaviours_of(judgements: Iterable[Judgement]) -> dict[str, tuple[Behaviour, ...]]:
    """What every finding rests on, by its id; nothing, for most."""
    return {
        finding_id(finding, judgement.assessment.policy.partition("@")[0]): finding.behaviours
        for judgement in judgements
        for finding in judgement.findings
    }


def newer_finding(excluded: Any) -> Row:
    """A finding made again is told in the new words; when it was first found, and its incident, stay.

    What had set it aside goes: it spoke of the former words and confidence, and the pack decides anew.
    """
    kept = ("finding_id", "found_at", "incident_id")
    return {column.name: excluded[column.name] for column in findings.c if column.name not in kept}
