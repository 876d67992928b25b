"""The JSON line that `tocsin classify` writes has exactly the contract's keys."""

import json
from collections.abc import Callable

from classifiers.assessment import TOXICITY_LABELS
from classifiers.judge import Judge
from classifiers.wire import to_json
from collectors.mention import Mention

KEYS = ["platform", "id", "language", "relevant", "sentiment", "toxicity", "findings", "scope", "model", "policy"]


def test_the_line_is_the_contracts(judge: Judge, post: Callable[..., Mention]) -> None:
    mention = post("Karen Plimsole at the jobcentre is worthless scum", 1849)
    line = json.loads(json.dumps(to_json(mention, judge.judge([mention])[0])))
    assert list(line) == KEYS
    assert list(line["toxicity"]) == list(TOXICITY_LABELS)
    assert set(line["sentiment"]) == {"label", "score"}
    (finding,) = line["findings"]
    assert list(finding) == ["category", "clauses", "severity", "confidence", "target", "spans", "why"]
    assert finding["target"] == {"kind": "employee", "handle": "Karen Plimsole"}
    assert line["id"] == "1849"


def test_a_line_without_findings(judge: Judge, post: Callable[..., Mention]) -> None:
    mention = post("What a lovely morning")
    assert to_json(mention, judge.judge([mention])[0])["findings"] == []
