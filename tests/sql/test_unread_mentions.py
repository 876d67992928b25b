"""The mart and the classifier agree on what the model reads; the newest stands first."""

from datetime import timedelta

from lingua import Language
from sqlalchemy import Engine

from classifiers.language import LANGUAGES, NO_WORDS, UNDETERMINED, is_read
from tests.sql.golden import EPOCH, load, rows


def test_it_lists_every_language_that_the_model_does_not_read_newest_first(engine: Engine) -> None:
    named = [str(getattr(Language, name).iso_code_639_1.name).lower() for name in LANGUAGES]
    codes = [*named, NO_WORDS, UNDETERMINED]
    posts = [
        {"mention_id": f"x:{number}", "posted_at": EPOCH + timedelta(hours=number % 7), "posted_on": EPOCH.date()}
        for number in range(len(codes))
    ]
    judged = [
        {"mention_id": f"x:{number}", "policy": "dwp", "relevant": True, "scope": "in", "language": code}
        for number, code in enumerate(codes)
    ]
    load(engine, {"mentions": posts, "assessments": judged})
    listed = rows(engine, "SELECT language, posted_at FROM unread_mentions")
    assert sorted(row["language"] for row in listed) == sorted(code for code in codes if not is_read(code))
    times = [row["posted_at"] for row in listed]
    assert times == sorted(times, reverse=True)
