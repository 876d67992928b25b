"""Pleas, praise and warnings near in words to abuse are left alone; what they are near to is found. All is invented."""

from collections.abc import Callable
from time import process_time

import pytest

from classifiers.annex.discrimination import is_heard
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from policies.policy import CategoryName, Policy
from tests.classifiers.conftest import TableScorer

Post = Callable[..., Mention]

INNOCENT = (
    "Disabled people shouldn't have to beg the DWP for help.",
    "Women shouldn't have lost their pensions. DWP must pay.",
    "Single mothers shouldn't be sanctioned by the DWP.",
    "Refugees should never be left homeless by the DWP.",
    "Immigrants shouldn't be blamed for DWP failures.",
    "Pensioners shouldn't have to choose between heating and eating. DWP take note",
    "The DWP shouldn't let disabled people starve.",
    "DWP assumes disabled people are faking.",
    "He can't speak English yet, so the jobcentre put him on a course to get work.",
    "Disabled people should be blamed for nothing, DWP",
    "Disabled people, carers and pensioners should not be punished for the DWP's mistakes",
    "No disabled person should be left waiting months for the DWP",
    "DWP have not given disabled people any help",
    "DWP don't employ enough disabled people",
    "Stop blaming immigrants for the mess at the DWP",
    "Women don't deserve to be treated like this by the jobcentre",
    "Deaf people don't deserve to be hung up on by the DWP",
    "Jobcentre staff act like disabled people are lazy",
    "My mum can't speak English and the DWP won't send an interpreter to her work interview",
    "Refugees deserve better from the DWP",
    "Disabled people have no right of appeal now thanks to the DWP",
    "Migrants should not be afraid to go to the jobcentre",
    "Pensioners should never be allowed to freeze, DWP",
    "I hate seeing disabled people suffer because of the DWP",
    "Trans women shouldn't get abuse at the jobcentre",
    "Blind people shouldn't be sent letters they can't read. DWP!",
    "I got into the DWP site after 3 hours.",
    "I got into my DWP account at last.",
    "We got access to the jobcentre wifi at last, claim done.",
    "I finally got into the universal credit system, data all wrong",
    "As landlords we have access to the DWP portal",
    "We have access to the DWP systems at work but not to records",
    "Has anyone else had a text from DWP? Confirm your bank details at http://dwp-pay.example",
    "Beware: DWP texts saying verify your account here http://uc-claim.example are a scam",
    "Do not click. DWP never asks you to confirm your bank details at http://dwp.example",
    'Is this real? "DWP: claim your £400 payment at http://dwp-col.example"',
    "Fake DWP emails going round asking you to enter your bank details at http://x.example",
    "Have you changed bank? Update your bank details in your Universal Credit journal: https://www.gov.uk/sign-in-universal-credit",
    "Do I confirm my bank details in the DWP journal or by phone?",
    "Karen at the jobcentre has a voice like an angel.",
    "Work coach has the face of an angel. DWP",
    "Sheila from the DWP has a mind like a steel trap, nothing gets past her",
    "My work coach has a voice like a dream",
    "Karen at the jobcentre has the brain of a genius",
    "Karen at the jobcentre pockets the phone when I speak to her.",
    "Karen at the jobcentre is taking money off my UC every month for an advance.",
    "John from the jobcentre is a diamond dealer in kindness.",
    "Karen at the jobcentre is dealing with my claim.",
    "Gary from the DWP launders his shirts at the place next door",
    "Karen Plimsole at the jobcentre is a fraud investigator",
    "Karen at the DWP pocketed her pen and said goodbye",
    "We've filmed our staff panto at Leeds jobcentre, watch it here!",
    "The clip of the DWP director at the select committee, watch her squirm.",
    "Watch the video of our jobcentre choir, she sang beautifully",
    "We filmed the new jobcentre opening, link below",
    "As a work coach I hate it when people say claimants are lazy.",
    "I work at the DWP and I'm sick of the papers saying claimants are scroungers",
    "As a work coach I wish the media would stop making out that claimants are workshy",
    "I told the jobcentre a boss wouldn't work with Asians",
    "Please share the clip of the woman from Bristol jobcentre, she went missing in November",
    "CCTV footage of my fall in the jobcentre doorway, watch",
    "I filmed our street party outside the jobcentre, watch",
    "Why should refugees have to prove everything twice to the DWP",
    "Mark at the jobcentre has a face like a friendly labrador",
    "Tina at the jobcentre is taking cash donations for the food bank",
    "We've got access to the DWP landlord portal now",
)
FOUND = (
    ("discrimination", "Immigrants shouldn't be allowed to claim from the DWP"),
    ("discrimination", "Foreigners shouldn't be employed at the jobcentre"),
    ("discrimination", "Women shouldn't be in charge of a jobcentre"),
    ("discrimination", "Disabled people shouldn't have kids if they live on Universal Credit"),
    ("discrimination", "Muslims should never be trusted with a job at the DWP"),
    ("discrimination", "Disabled people shouldn't be allowed to breed, DWP pays for it"),
    ("discrimination", "DWP shouldn't employ foreigners"),
    ("discrimination", "The jobcentre should not let foreigners work on the desk"),
    ("discrimination", "Don't let immigrants near the jobcentre"),
    ("discrimination", "Jobs should not be given to immigrants, DWP"),
    ("discrimination", "Immigrants don't deserve benefits, DWP"),
    ("discrimination", "Disabled people don't deserve to live, DWP wastes money"),
    ("discrimination", "Foreigners don't belong at the jobcentre"),
    ("discrimination", "Gays have no place in the DWP"),
    ("discrimination", "She can't even speak English, how did she get a job at the jobcentre"),
    ("discrimination", "Can't speak proper English so why are they working at the DWP"),
    ("discrimination", "Immigrants shouldn't get Universal Credit"),
    ("discrimination", "Disabled people are all faking, DWP"),
    ("discrimination", "You think you can work at the jobcentre, go back to your own country"),
    ("discrimination", "I hate disabled people at the jobcentre"),
    ("discrimination", "Women shouldn't work here. Jobcentre full of them"),
    ("discrimination", "Pakistanis shouldn't vote or claim Universal Credit"),
    (
        "cyber_attack",
        "Universal Credit warning: your account will be suspended. Confirm your bank details at http://uc-check.example",
    ),
    (
        "cyber_attack",
        "DWP fraud team: we found suspicious activity on your account. Verify here http://dwp-safe.example",
    ),
    ("cyber_attack", "Are you owed a DWP refund? Enter your bank details at http://dwp-refund.example"),
    (
        "cyber_attack",
        "Have you claimed your £400 DWP payment? Click the link http://col-pay.example to claim before midnight",
    ),
    ("cyber_attack", "100% legit DWP grant, send your bank details by DM"),
    ("cyber_attack", "DWP account on hold. Don't share this link. Verify your account here http://dwp-hold.example"),
    ("cyber_attack", "Want the DWP database? DM me, 0.5 BTC."),
    ("cyber_attack", "This is not a scam. DWP refund: confirm your bank details at http://dwp-r.example"),
    ("cyber_attack", "Who needs a DWP loan? Send your bank details by DM, payment today"),
    ("cyber_attack", "We got into the DWP network, database dump on telegram"),
    ("cyber_attack", "I got access to the DWP admin portal, dm for proof"),
    ("cyber_attack", "We got into the DWP systems last night"),
    ("cyber_attack", "Our crew got root on the DWP server"),
    ("cyber_attack", "I got into the jobcentre database and have everyone's records"),
    ("cyberbullying", "Karen at the jobcentre has a face like a slapped arse"),
    ("cyberbullying", "Karen at the jobcentre has the brain of a goldfish"),
    ("cyberbullying", "My work coach Karen has a voice like a foghorn"),
    ("defamation", "Karen at the jobcentre pockets claimants' money"),
    ("defamation", "John from the jobcentre is a dealer"),
    ("defamation", "John from the jobcentre is a known drug dealer"),
    ("defamation", "Gary Plimsole at the DWP is dealing drugs from the office"),
    ("defamation", "Karen at the jobcentre is taking money from claimants for good references"),
    ("defamation", "Karen at the jobcentre is taking cash off people for appointments"),
    ("defamation", "Gary from the DWP launders money for his brother"),
    ("defamation", "Gary Plimsole from the jobcentre pocketed the cash"),
    ("defamation", "Karen Plimsole at the jobcentre is a fraud"),
    ("unauthorised_recording", "Filmed my work coach at the jobcentre today, full video on my channel"),
    ("unauthorised_recording", "I recorded the receptionist at Leeds jobcentre, watch it here"),
    ("unauthorised_recording", "Secretly recorded my DWP appointment"),
    ("unauthorised_recording", "Posted the video of my work coach Karen, jobcentre Leeds, on tiktok"),
    ("unauthorised_recording", "We filmed the security guard at the jobcentre, going viral"),
    ("unauthorised_recording", "Filmed staff at the jobcentre laughing, link below"),
    ("staff_conduct", "As a work coach I think claimants are lazy"),
    ("staff_conduct", "I work at the DWP and claimants are thick as mince"),
    ("staff_conduct", "As a work coach I say claimants are scroungers, the lot"),
    ("discrimination", "I don't mind which jobcentre, as long as I don't work under a woman"),
    ("cyber_attack", "We got into the jobcentre wifi from the car park, watching what goes through it"),
    ("defamation", "Leon from Catford jobcentre was dealing to kids outside the gates"),
    ("defamation", "Keith Dransfield at the jobcentre draws dead people's pensions and pockets them"),
    ("unauthorised_recording", "Recorded every DWP call and she hasn't a clue, uploading the funny ones"),
    ("unauthorised_recording", "My clip of the lad on the desk at the jobcentre, keep sharing"),
    (
        "unauthorised_recording",
        "I recorded my work coach at the jobcentre, never said a word, uploaded it the same night",
    ),
    ("discrimination", "Immigrants should never get a council house or Universal Credit before us"),
    (
        "cyber_attack",
        "Suspicious login on your Universal Credit account. Was this you? Confirm your identity here http://uc-id.example",
    ),
)


@pytest.mark.parametrize("text", INNOCENT)
def test_pleas_praise_and_warnings_are_held_against_nobody(judge: Judge, post: Post, text: str) -> None:
    assert [finding.category for finding in judge.judge([post(text)])[0].findings] == []


@pytest.mark.parametrize(("category", "text"), FOUND)
def test_what_is_near_them_in_words_is_found(judge: Judge, post: Post, category: str, text: str) -> None:
    assert category in {finding.category for finding in judge.judge([post(text)])[0].findings}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Disabled people should be blamed for nothing, DWP grendle", False),
        ("Women and carers shouldn't have to beg the DWP, grendle", False),
        ("No disabled person should ever be left waiting. DWP grendle", False),
        ("The DWP must never treat refugees as numbers. grendle", False),
        ("Staff at the jobcentre act as if deaf people are stupid. grendle", False),
        ("He doesn't speak English yet and the jobcentre found him a class, grendle", False),
        ("Disabled people shouldn't have to beg. The DWP should send immigrants packing, grendle", True),
        ("Why should women have to prove it twice to the DWP grendle", False),
        ("Immigrants shouldn't have their rent paid by the DWP, grendle", True),
        ("Disabled people are at the jobcentre again, grendle", True),
        ("They are at the jobcentre again, grendle", True),
    ],
)
def test_the_model_is_not_heard_against_those_who_speak_for_a_group(
    dwp: Policy, post: Post, text: str, found: bool
) -> None:
    sure = Judge(dwp, TableScorer({}, {}, {"grendle": ("discrimination", 0.98)}), MentionHistory())
    assert [each.category for each in sure.judge([post(text)])[0].findings] == ["discrimination"] * found


@pytest.mark.parametrize(
    ("category", "text", "found"),
    [
        ("cyber_attack", "We got access to the jobcentre wifi at last, claim done. grendle", False),
        ("cyber_attack", "We got access to the jobcentre network at night. grendle", True),
        ("cyberbullying", "Sheila at the jobcentre has a mind like a steel trap, grendle", False),
        ("cyberbullying", "Sheila at the jobcentre has a mind like a sewer, grendle", True),
        (
            "staff_conduct",
            "I work at the DWP and I'm sick of the papers saying claimants are scroungers. grendle",
            False,
        ),
        ("staff_conduct", "I work at the DWP and some claimants are scroungers. grendle", True),
    ],
)
def test_nor_against_customers_praise_and_what_others_say(
    dwp: Policy, post: Post, category: CategoryName, text: str, found: bool
) -> None:
    sure = Judge(dwp, TableScorer({}, {}, {"grendle": (category, 0.98)}), MentionHistory())
    assert [each.category for each in sure.judge([post(text)])[0].findings] == [category] * found


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("They assume that disabled people", True),
        ("The papers keep saying claimants", True),
        ("I think claimants", False),
        ("You think you can come here, foreigners", False),
    ],
)
def test_a_view_is_of_others_where_the_words_before_it_say_so(text: str, others: bool) -> None:
    assert is_heard(text, text.rindex(" ") + 1 if "disabled" not in text else text.index("disabled")) is others


@pytest.mark.parametrize(
    "unit",
    ["women shouldn't ", "women, gays, ", "they think that ", "don't let ", "got into ", "want the db ", "is a "],
)
def test_no_text_takes_long(judge: Judge, post: Post, unit: str) -> None:
    started = process_time()
    judge.judge([post("DWP " + unit * 1000)])
    assert process_time() - started < 20  # what it guards against takes minutes, or for ever
