"""Somebody at risk is found whatever stands beside; idiom, work and the past call nobody for help.

The rules alone are asked (the model is undecided). All posts are invented.
"""

from collections.abc import Callable
from time import process_time

import pytest

from classifiers.judge import Judge
from collectors.mention import Mention

Post = Callable[..., Mention]

AT_RISK = (  # a helpline, a laugh or the news beside it makes it no other thing
    "The DWP is a joke. I want to die.",
    "My life is a joke, I'm going to kill myself tonight. DWP",
    "Rang Samaritans twice today, I want to end my life. DWP",
    "I rang the DWP helpline and I still want to kill myself.",
    "Three hours of hold music from the DWP and I can't go on, I want to die.",
    "💀 im going to kill myself dwp",
    "According to the DWP I'm fit for work so I'm going to kill myself.",
    "I used to have a life before the DWP, now I want to die",
    "The DWP are laughing at me, I want to die",
    "haha brilliant service DWP. I want to end my life tonight",
    "My husband died two years ago, the DWP stopped my money and I want to die",
    "Did the safeguarding training course at work and I still want to kill myself. DWP",
    "no joke i want to end my life, dwp have won",
    "It's not fair I'm going to kill myself DWP",
    "sat here with the Samaritans number and the DWP letter, I really do want to end my life",
    "My brother rang the helpline and says he's going to kill himself. DWP won't listen",
    "The tribunal found against me, I am going to end my life. DWP",
    "saw it on the BBC, more DWP cuts, i want to die",
    "I'm going to take all of my tablets tonight. DWP",
    "Thinking about ending my life after that DWP letter",
    "Thinking of jumping off a bridge after the jobcentre today",
    "Life isn't worth living any more. DWP",
    "life's not worth living on universal credit, goodbye",
    "My neighbour wants to kill herself because of the DWP",
    "My mum said she's going to kill herself if the DWP stop her PIP",
    "My friend took an overdose after the DWP decision",
    "My cousin told his DWP coach he wants to end it and they wrote it down",
    "Nothing to eat in the house since Sunday, kids are crying, DWP say wait",
    "lol whatever, I've taken all my tablets. dwp",
    "gonna swallow all these pills dwp wont care",
    "I've taken too many paracetamol and DWP still have me on hold",
    "My son's been talking about ending his life since the DWP sanction",
    "My dad's thinking of jumping in front of a train, DWP have broken him",
    "My partner tried to hang himself last week, DWP still want him in Monday",
    "Nowt to eat in the cupboards, universal credit not till friday",
    "nothing to eat for three days, DWP",
    "I keep thinking about jumping in front of a train. UC",
    "I won't be here tomorrow, the DWP have won",
    "I won't be around much longer, tell the DWP",
    "goodbye everyone, the DWP finished me",
    "I've written a note. DWP can read it",
    "I've written a note for my lad, the DWP can tell him why",
    "I don't want to wake up tomorrow, DWP",
    "I cannot carry on. DWP",
    "can't go on with this, DWP",
    "No point carrying on, the DWP stopped everything",
    "I can't carry on like this, UC",
    "I don't want to be here by the weekend. DWP",
    "I don't want to live like this, DWP",
    "I hurt myself again last night, DWP letter",
    "i want to hurt myself when i see a DWP envelope",
    "I can't take any more, DWP",
    "No point in being here any more, DWP",
    "DWP stopped everything. Used to be happy, now I just want to die",
    "Got the Samaritans on the other line and I am going to kill myself, DWP",
    "honestly jobcentre is a joke at this point, i don't want to live any more",
    "The study says I'm one of thousands the DWP has failed. I want to end my life tonight.",
    "According to my work coach I am lazy. I'm going to end it all tonight",
    "My daughter's told me she wants to end her life because of PIP",
    "my flatmate's mum took an overdose last night after the DWP letter",
    "My lad keeps talking about killing himself since the DWP sanction",
    "I'm thinking about jumping in front of a train tomorrow, UC",
    "I'm going to swallow all of my meds tonight, nobody at DWP cares",
    "Life just isn't worth it any more since the DWP stopped my money",
    "Not had owt since Tuesday, nothing to eat at home, DWP",
    "There is nothing to eat in the flat and UC isn't till the 28th",
    "I can't carry on with this, DWP",
    "I can't go on with things the way they are, DWP",
)
NOT_AT_RISK = (  # idiom, work, the past, and tablets that are taken as prescribed
    "I want to die of embarrassment lol, cried at the jobcentre",
    "this DWP hold music makes me want to kill myself 😂",
    "This DWP form makes me want to kill myself. lol",
    "The DWP training course on suicide covered callers who want to die",
    "I used to want to die, years ago, then my work coach at DWP helped",
    "I tried to kill myself years ago, thankfully DWP helped me since",
    'Inquest: man told DWP "I want to die"',
    "The inquest heard he wrote I want to end my life to the DWP",
    "I'm not going to kill myself over a DWP form",
    "I never said I'm suicidal, DWP got my notes wrong",
    "the DWP hold music makes me want to die laughing",
    "jumped in front of the bus queue at the jobcentre, naughty",
    "I jump off the bus outside the jobcentre every Tuesday",
    "I'd rather jump off a bridge than ring the DWP again lol",
    "I take all of my tablets with me to the jobcentre so they can see them",
    "I'm going to take all of my tablets to the PIP assessment as evidence",
    "I've taken all my tablets to the DWP assessment",
    "Thinking about ending my Universal Credit claim",
    "Thinking of jumping ship to another jobcentre",
    "Is the journal worth it? Life is worth living, DWP",
    "My neighbour wants to end her claim with the DWP",
    "My mum said she's going to kill it at her jobcentre interview",
    "My partner wants to end his UC claim",
    "My friend is going to end the joint claim. DWP",
    "my mum is going to kill me when she sees the DWP letter",
    "My friend took an overdose of advice from the jobcentre",
    "Nothing to eat at the jobcentre jobs fair, bring a sandwich",
    "My brother tried to end the call with DWP politely",
    "Asking a caller whether they're thinking of suicide gives nobody the idea. DWP",
    "I'm a mum on UC with my kids and I'm not starving, I'm bored",
    "If I don't get this jobcentre trial shift I'm going to kill myself laughing",
    "I won't be here tomorrow, day off, so ring my colleague. DWP",
    "Goodbye everyone at Leeds jobcentre, I got the job!",
    "Goodbye everyone, new job on Monday, thanks DWP",
    "I've written a note for the DWP in my journal.",
    "I've written a note on my DWP journal asking for a call",
    "I've written a note to my work coach at the DWP",
    "I don't want to wake up at 6 for the jobcentre.",
    "I cannot carry on with UC because my pay is too high now.",
    "No point carrying on with the claim, DWP, I start work Monday",
    "I can't go on the DWP website, it's down",
    "I can't go on holiday because of universal credit",
    "I won't be here next week, annual leave, back on Monday. Jobcentre",
    "I can't take any more appointments this week. DWP",
    "I don't want to live in Hull, universal credit won't cover the rent",
    "I don't want to be here at nine when the jobcentre opens at ten",
    "I hurt myself at work so I claimed PIP from DWP",
    "I cut myself a slice of cake at the jobcentre party",
    "No point being here at 9 if the DWP phone at 10",
    "This is goodbye to Universal Credit, I got the job",
    "Saying goodbye to the jobcentre after two years",
    "I cannot carry on working full time, so I need UC",
    "I won't be around next week as I'm on annual leave, DWP colleagues will reply",
    "Goodbye everyone from the Hull jobcentre, it's my last day at DWP",
    "I can't carry on with this claim, DWP",
    "I don't want to live with my parents but universal credit won't cover rent",
    "I want to die of shame, cried in front of my work coach",
    "No point going on about PIP to the DWP, they never listen",
    "I can't go on the jobcentre course because of childcare",
    "I used to think about ending my life, then DWP gave me a decent coach",
    "My son wants to end his apprenticeship, DWP says no",
    "My friend is going to end the tenancy, will UC stop?",
    "I've taken all my medication in to show the DWP assessor",
    "I take all my tablets at night. PIP",
    "A friend of mine wants to kill the whole UC system",
    "I can't take any more time off for jobcentre appointments",
)


def _found(judge: Judge, mention: Mention) -> set[str]:
    return {finding.category for finding in judge.judge([mention])[0].findings}


@pytest.mark.parametrize("text", AT_RISK)
def test_a_person_at_risk_is_found(judge: Judge, post: Post, text: str) -> None:
    assert "safeguarding" in _found(judge, post(text))


@pytest.mark.parametrize("text", NOT_AT_RISK)
def test_ordinary_words_call_nobody_for_help(judge: Judge, post: Post, text: str) -> None:
    assert "safeguarding" not in _found(judge, post(text))


@pytest.mark.parametrize("phrase", ["I can't go on with ", "my mum said ", "i ", "written a note to my "])
def test_no_phrase_repeated_takes_long(judge: Judge, post: Post, phrase: str) -> None:
    started = process_time()
    judge.judge([post("DWP " + phrase * (60_000 // len(phrase)))])
    assert process_time() - started < 20
