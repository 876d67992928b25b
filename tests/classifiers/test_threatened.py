"""A threat is found whatever stands before it; what is done to somebody's hair, form or claim is none.

The rules alone are asked (the model is undecided). All posts are invented.
"""

from collections.abc import Callable
from time import process_time

import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from policies.policy import Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]

THREATS = (  # also behind a question, a headline or what the author was told
    "Is it legal to carry a knife to the jobcentre? I am going to stab my work coach with it.",
    "How do I report my work coach? Forget it, I'll stab her myself. DWP",
    "Police are useless so I'm going to stab my work coach myself. DWP",
    "got a message from dwp, im going to stab my work coach",
    "According to the DWP I'm fit for work, I will stab that adviser",
    "I've been sanctioned and abused by DWP, I'm going to stab that adviser",
    "I got told no again and I'm going to burn the jobcentre down",
    "I'm going to cut her throat at the jobcentre",
    "I'll cut her up when she leaves the jobcentre",
    "Laugh again and I'll hang you on one of those hooks, jobcentre",
    "We know that DWP lot and we'll bury them, and I do not mean in paperwork",
    "I'm going to bury that woman from the jobcentre under her patio",
    "I'll finish her. That work coach at the jobcentre",
    "I'm going to finish him off outside the jobcentre",
    "We're going to hang him from the jobcentre sign",
    "I'll kick her head in, jobcentre lass",
    "I will kick that work coach down the stairs",
    "I'll knock him out, the guard at the jobcentre",
    "I'm going to knock her teeth out DWP",
    "We'll burn her house down, that DWP manager",
    "I'm going to beat her black and blue, my work coach",
    "I'll drown that DWP assessor in the canal",
    "I will bury you. You know who you are at the jobcentre, Karen",
    "I'm going to end him tonight, jobcentre guard",
    "I'll smash Karen's face in at the jobcentre",
    "I will beat the shit out of them, those jobcentre staff",
    "I'll beat them up one by one at the jobcentre",
    "I'll kill your case manager, DWP",
    "DWP I will shoot up your claims desk tomorrow, watch me",
    "I'm going to set fire to your letters counter, jobcentre",
    "I will bomb your party at the jobcentre, Karen",
    "My work coach deserves a good slap",
    "I'm bringing a knife to the jobcentre",
    "Let's burn the DWP",
    "I'm going to kill her. DWP",
    "I'm gonna cut that work coach when he comes out of the jobcentre",
    "Someone should finish her off, that jobcentre manager",
    "We'll hang them all from the lamppost outside the jobcentre",
    "I'll kick your teeth in at the jobcentre",
    "They should drown him. jobcentre rat",
    "I'm going to burn your house down, Karen from the jobcentre",
    "I'll beat him until he can't walk, that DWP assessor",
    "The police said nothing, so I'm going to find my work coach and stab him. DWP",
    "I'm going to end you, you DWP scum",
    "Somebody needs to knock her out, that work coach",
    "someone should cut his brakes, the jobcentre manager",
)
NO_THREATS = (  # what is somebody's is cut and ended; who is kicked out is not kicked
    "I'll kick him out if the DWP count his money as mine.",
    "I'm going to cut her hair before her jobcentre interview.",
    "We should cut their pensions, DWP, see how they like it",
    "They need to end his sanction now, DWP.",
    "I'm going to end her claim for her, DWP, as her appointee.",
    "Someone has to finish her PIP form for her",
    "We will beat them, DWP always loses at tribunal",
    "I will bury you in paperwork, DWP.",
    "Karen at the jobcentre deserves a good slap on the back",
    "Let's burn the DWP rulebook.",
    "I'm bringing a knife to the jobcentre amnesty bin",
    "taking my old knife to the amnesty bin at the jobcentre",
    "I'm going to finish her form tonight and post it to DWP",
    "We need to kick her into gear before the jobcentre interview",
    "They should hang their heads in shame at the DWP",
    "I'll knock on her door about the DWP letter",
    "They must cut your UC down by half, DWP says",
    "I'm going to finish his shift so he can go to the jobcentre",
    "I'll cut her lunch for her, she has a DWP interview",
    "Sanctions are cruel, we should end them. DWP",
    "We should end Universal Credit and start again",
    "I will beat you to the front of the jobcentre queue",
    "We'll beat you at tribunal DWP",
    "I'm going to hang her coat up at the jobcentre",
    "They should kick their staff into shape at DWP",
    "I'll drown them in FOI requests, DWP",
    "They need to cut the managers at DWP, not benefits",
    "Someone should burn their letters. DWP",
    "We should kill his policy on PIP, DWP",
    "They'll hurt her chances at the DWP interview",
    "I'm bringing a knife to the jobcentre for the cake, Karen is leaving",
    "My coach wants shot of me, jobcentre is tired of me",
    "I'll end up homeless, DWP",
    "I'm going to knock you up a CV for the jobcentre",
    "BREAKING: man who said he would stab a work coach jailed",
    "Is it legal to record at the jobcentre? They said no",
    "I've had messages, I'll find you, I'll stab you, for working at the jobcentre",
    "Court heard he shouted, I'll kill you, at the DWP desk",
    "Good news: I'll be starting work, the jobcentre found me a job",
    "I'll finish my DWP form and then I'll finish hers",
    "Somebody needs to cut her some slack, she's new at the jobcentre",
    "I'm going to cut her grass while she's at the jobcentre",
    "We should hang him a medal up at the jobcentre, best coach ever",
    "They ought to kick him off Universal Credit if he's working",
    "We must end their misery, DWP, pay them on time",
    "I'm going to beat her to the jobcentre",
    "I'll burn her a CD of the DWP call",
    "They need to finish their training before they sit in a jobcentre",
    "People should knock him less, he's the best work coach at the jobcentre",
    "I'm going to bury them in complaints, DWP",
    "We'll smash them at tribunal, DWP",
    "I'll drown him in paperwork, that DWP assessor",
    "Someone has to cut her dinner up, that's why she gets PIP",
    "They have to end his housing element, DWP said",
    "We'll beat you DWP, see you at tribunal",
    "I will smash my jobcentre interview",
    "I'm going to kick their door if the DWP don't answer",
    "I'm going to kill it at the jobcentre interview",
)


def _found(judge: Judge, mention: Mention) -> set[str]:
    return {finding.category for finding in judge.judge([mention])[0].findings}


@pytest.mark.parametrize("text", THREATS)
def test_a_threat_is_found(judge: Judge, post: Post, text: str) -> None:
    assert "threat" in _found(judge, post(text))


@pytest.mark.parametrize("text", NO_THREATS)
def test_ordinary_deeds_threaten_nobody(judge: Judge, post: Post, text: str) -> None:
    assert "threat" not in _found(judge, post(text))


@pytest.mark.parametrize(
    ("text", "decides", "found"),
    [
        ("I'm going to cut her hair before her jobcentre interview", "hair", False),
        ("I'll kick him out if the DWP count his money as mine", "kick", False),
        ("Karen at the jobcentre deserves a good slap on the back", "slap", False),
        ("Let's burn the DWP rulebook", "burn", False),
        ("I'll cut her hair at the jobcentre, or pour petrol over it", "petrol", True),
        ("I'll kick him good and hard, the guard at the jobcentre", "kick", True),
    ],
)
def test_of_a_peaceful_deed_a_model_that_is_sure_is_not_heard(
    dwp: Policy, post: Post, text: str, decides: str, found: bool
) -> None:
    sure = TableScorer({}, {}, {decides: ("threat", 0.97)})
    assert ("threat" in _found(Judge(dwp, sure, MentionHistory()), post(text))) is found


@pytest.mark.parametrize(
    "phrase", ["I'll finish her ", "bbc, so I'm going to ", "got messages, so I'm going to ", "i "]
)
def test_no_phrase_repeated_takes_long(judge: Judge, post: Post, phrase: str) -> None:
    started = process_time()
    judge.judge([post("DWP " + phrase * (60_000 // len(phrase)))])
    assert process_time() - started < 20
