"""Topics: the pack's own, in the writer's words or in the normalised ones."""

from pathlib import Path

from classifiers.normalise import normalise
from classifiers.topics import Topics
from policies.check import load
from policies.policy import Policy


def _pack(**topics: tuple[str, ...]) -> Policy:
    return load("starter").model_copy(update={"topics": {"Matter": topics}})


def test_a_topic_that_is_an_account_is_found_though_normalising_hides_handles() -> None:
    text = "@example_trains where is my bag"
    topics = Topics(_pack(Ours=("@example_trains",), Bags=("my bag",)))
    assert topics.of(normalise(text).text) == (("Matter", "Bags"),)
    assert topics.of(text, normalise(text).text) == (("Matter", "Ours"), ("Matter", "Bags"))


def test_disguised_words_are_found_in_the_normalised_text() -> None:
    text = "they cаncelled it"  # the second letter is Cyrillic
    topics = Topics(_pack(Cancelled=("cancelled",)))
    assert topics.of(text) == ()
    assert topics.of(text, normalise(text).text) == (("Matter", "Cancelled"),)


def test_a_phrase_of_signs_alone_is_looked_for_in_every_text() -> None:
    topics = Topics(_pack(Trains=("🚆",)))
    assert topics.of("late again 🚆") == (("Matter", "Trains"),)
    assert topics.of("late again") == ()


def test_every_airline_is_told_by_its_account() -> None:
    topics = Topics(load(str(Path(__file__).resolve().parents[2] / "policies" / "examples" / "airlines.yaml")))
    assert ("Airline", "United") in topics.of("@united thanks")
    assert ("Airline", "US Airways") in topics.of("@USAirways thanks")
