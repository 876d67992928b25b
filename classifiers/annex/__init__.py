"""The rules, one module each: from a mention that was read to what it may break.

A rule is a plain function `(Evidence) -> Iterator[Hit]`. It looks for precise cues, asks whom the words are aimed at
and whether they are the author's own, and leaves clauses, thresholds and severity to the pack.
"""

from collections.abc import Callable, Iterator

from classifiers.annex.cyber_attack import cyber_attack
from classifiers.annex.cyberbullying import cyberbullying
from classifiers.annex.cyberstalking import cyberstalking
from classifiers.annex.defamation import defamation
from classifiers.annex.discrimination import discrimination
from classifiers.annex.doxxing import doxxing
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.impersonation import impersonation
from classifiers.annex.official_information import official_information
from classifiers.annex.safeguarding import safeguarding
from classifiers.annex.staff_conduct import staff_conduct
from classifiers.annex.threat import threat
from classifiers.annex.trolling import trolling
from classifiers.annex.unauthorised_recording import unauthorised_recording
from classifiers.annex.vetting_disclosure import vetting_disclosure

__all__ = ["RULES", "Evidence", "Hit", "Rule"]

Rule = Callable[[Evidence], Iterator[Hit]]

RULES: tuple[Rule, ...] = (
    threat,
    cyberstalking,
    doxxing,
    discrimination,
    cyberbullying,
    defamation,
    trolling,
    unauthorised_recording,
    official_information,
    vetting_disclosure,
    impersonation,
    cyber_attack,
    safeguarding,
    staff_conduct,
)
