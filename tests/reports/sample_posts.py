"""The invented organisation of the sample, its policy, and what people say of it. Nobody here exists."""

from datetime import datetime, timedelta
from typing import Any

from policies.policy import Category, Clause, Organisation, Policy, Route, Vocabulary

MODEL = "embedded-1"
CLAUSES = (
    Clause(id="HBO 4.1", document="Social media policy", paragraph="4.1", text="Nobody may bully or harass our staff."),
    Clause(id="HBO 4.2", document="Social media policy", paragraph="4.2", text="Details of staff are never published."),
    Clause(id="HBO 6.3", document="Social media policy", paragraph="6.3", text="People at risk are helped first."),
)

# (text, sentiment score, topics)
POSTS: tuple[tuple[str, float, tuple[tuple[str, str], ...]], ...] = (
    ("Forty minutes on hold to Harbour Benefits and then cut off", -0.7, (("Matter", "Waiting and phones"),)),
    ("Harbour Benefits hold music again this morning, still waiting", -0.5, (("Matter", "Waiting and phones"),)),
    (
        "The adviser at the Quay Street office was kind and patient with my mum, thank you Harbour Benefits",
        0.8,
        (("Service", "Offices"), ("Matter", "Staff and courtesy")),
    ),
    (
        "My housing support decision came through in a week. Well done Harbour Benefits",
        0.7,
        (("Service", "Housing support"), ("Matter", "Decisions and appeals")),
    ),
    ("Does anyone know the opening times of Harbour Benefits on Quay Street?", 0.0, (("Service", "Offices"),)),
    (
        "Harbour Benefits refused my housing support and the letter explains nothing",
        -0.6,
        (("Service", "Housing support"), ("Matter", "Decisions and appeals")),
    ),
    ("Harbour Benefits publishes new guidance on carer support for the winter", 0.1, (("Service", "Carer support"),)),
    (
        "Carer support paid two days late by Harbour Benefits, rent is due",
        -0.6,
        (("Service", "Carer support"), ("Matter", "Payments")),
    ),
    ("Payment from Harbour Benefits arrived early this month, small mercies", 0.5, (("Matter", "Payments"),)),
    ("Harbour Benefits is a disgrace", -0.9, ()),
    (
        "The Harbour Benefits online journal took me three goes to log in to",
        -0.4,
        (("Service", "Online journal"), ("Matter", "Website and login")),
    ),
    ("Job fair at Harbour Benefits tomorrow, bring a CV", 0.3, (("Matter", "Jobs"),)),
)
ANGER: tuple[str, ...] = (
    "Harbour Benefits journal is down again and my claim closes today",
    "Error 503 on the Harbour Benefits journal since nine. Nobody answers the phone either",
    "Journal down at Harbour Benefits, cannot log in, payment due tomorrow. What are we meant to do?",
    "Harbour Benefits website down all morning, the status page says everything is fine",
    "Cannot log in to the Harbour Benefits journal, error 503 on every page",
    "Third outage this year. Harbour Benefits journal down on payday of all days",
)
OTHER_LANGUAGES = (
    ("cy", "Mae gwefan Harbour Benefits wedi torri eto y bore yma", -0.5),
    ("pl", "Strona Harbour Benefits znowu nie działa, nie mogę się zalogować", -0.6),
)


def policy() -> Policy:
    """The pack of the invented organisation."""
    return Policy(
        id="hbo",
        title="Harbour Benefits Office: social media policy",
        organisation=Organisation(name="Harbour Benefits Office", short_names=("HBO",), staff_words=("adviser",)),
        clauses=CLAUSES,
        vocabulary=Vocabulary(names=("Harbour Benefits", "Harbour Benefits Office")),
        categories={
            "cyberbullying": Category(
                clauses=("HBO 4.1",), severity="medium", route="security", next_step="Tell the adviser's line manager."
            ),
            "doxxing": Category(
                clauses=("HBO 4.1", "HBO 4.2"),
                severity="critical",
                route="security",
                next_step="Ask the platform for urgent removal and warn the person named.",
            ),
            "safeguarding": Category(
                clauses=("HBO 6.3",), severity="high", route="care", next_step="Offer help kindly and in private."
            ),
        },
        routes={"security": Route(name="Security team"), "care": Route(name="Safeguarding lead")},
        topics={
            "Service": {"Online journal": ("journal",), "Offices": ("office",)},
            "Matter": {"Website and login": ("log in", "website"), "Payments": ("payment",)},
        },
        version="0123456789ab",
    )


TAILS = (
    "",
    "Anyone else?",
    "That is all I have to say.",
    "Second time this month.",
    "Not what I expected on a Friday.",
    "Writing this from the bus.",
    "My neighbour says the same.",
    "Make of that what you will.",
    "Sharing in case it helps somebody.",
    "The kettle is on.",
    "Rain all day too.",
    "Asking for my dad.",
)


def assessment(identity: str, score: float, posted: datetime, **given: Any) -> dict[str, Any]:
    """The judgement of one invented post: what is not given is harmless."""
    toxicity = given.get("toxicity", 0.05)
    return {
        "mention_id": identity,
        "policy": "hbo",
        "policy_version": "0123456789ab",
        "model": MODEL,
        "language": given.get("language", "en"),
        "relevant": True,
        "scope": given.get("scope", "in"),
        "sentiment": "negative" if score < -0.25 else "positive" if score > 0.25 else "neutral",
        "sentiment_score": score,
        "toxicity": toxicity,
        "severe_toxicity": 0.01,
        "obscene": 0.01,
        "threat": 0.01,
        "insult": toxicity,
        "identity_attack": 0.01,
        "sexual_explicit": 0.01,
        "assessed_at": posted + timedelta(minutes=15),
    }
