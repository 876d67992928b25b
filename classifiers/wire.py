"""A judgement as the JSON object that `tocsin classify` writes: exactly the keys of docs/contracts.md."""

from typing import Any

from classifiers.finding import Finding, Judgement
from collectors.mention import Mention


def to_json(mention: Mention, judgement: Judgement) -> dict[str, Any]:
    """The object for one mention, its keys in the contract's order; every value is plain JSON.

    What an approved exception covers is no finding here; the warehouse keeps it, with the exception's id.
    """
    assessment = judgement.assessment
    return {
        "platform": mention.platform,
        "id": mention.id,
        "language": assessment.language,
        "relevant": assessment.relevant,
        "sentiment": {"label": assessment.sentiment.label, "score": assessment.sentiment.score},
        "toxicity": dict(assessment.toxicity),
        "findings": [_finding(finding) for finding in judgement.findings if finding.excepted is None],
        "scope": assessment.scope,
        "model": assessment.model,
        "policy": assessment.policy,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "category": finding.category,
        "clauses": list(finding.clauses),
        "severity": finding.severity,
        "confidence": finding.confidence,
        "target": {"kind": finding.target.kind, "handle": finding.target.handle},
        "spans": [list(span) for span in finding.spans],
        "why": finding.why,
    }
