"""The report over sixty invented days with an outage on the last: its numbers, its words, its ranking, its gaps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from reports.daily import POSTS, build, last_day
from reports.digest import LIMIT, digest
from reports.measures import worst_of
from reports.page import render
from reports.report import Coverage, DailyReport, Feeling, Section
from tests.reports.sample import DAY, NOW, OUTAGE, fill
from tests.reports.sample_posts import policy
from tests.sql.golden import rows
from warehouse.case_schema import incidents


@pytest.fixture
def report(sqlite_engine: Engine) -> DailyReport:
    return _built(sqlite_engine)


def _built(engine: Engine) -> DailyReport:
    fill(engine)
    return build(engine, [policy()], DAY, now=NOW, unconfigured={"youtube": "TOCSIN_YOUTUBE_API_KEY is not set"})


def test_both_databases_give_the_same_report(sqlite_engine: Engine, postgres_engine: Engine) -> None:
    assert render(_built(sqlite_engine)) == render(_built(postgres_engine))


def test_the_numbers_are_those_of_the_marts(sqlite_engine: Engine, report: DailyReport) -> None:
    section = report.sections[0]
    of_day = f"FROM daily_sentiment WHERE policy = 'hbo' AND day = '{DAY}'"
    counted = rows(sqlite_engine, f"SELECT SUM(mentions) AS mentions, SUM(negative) AS negative {of_day}")[0]
    assert section.today.feeling.mentions == counted["mentions"] > OUTAGE
    assert section.today.feeling.negative == counted["negative"]
    assert sum(line.feeling.mentions for line in section.platforms) == counted["mentions"]
    assert len(section.window) == 30
    assert [point.day for point in section.window if point.spike] == [DAY]


def test_it_says_what_changed_and_why(report: DailyReport) -> None:
    section = report.sections[0]
    assert (section.verdict, section.change) == ("act", "worse")
    assert "times the usual number of posts, angrier than usual: Online journal" in section.headline
    told = " ".join(section.sentences)
    assert "The rise is on X (" in told
    assert "Reddit (" in told
    assert "Website and login" in told
    assert "“error 503”" in told
    assert [line.platform for line in section.platforms if line.spike] == ["x", "reddit"]
    assert [line.topic for line in section.topics if line.rose][:2] == ["Online journal", "Website and login"]


def test_what_is_open_stands_in_the_order_in_which_it_must_be_taken(report: DailyReport) -> None:
    section = report.sections[0]
    assert [case.incident_id for case in section.casework.open] == ["TOC-3", "TOC-4", "TOC-2", "TOC-1"]
    assert (section.casework.opened, section.casework.closed) == (2, 0)
    first = section.casework.open[0]
    assert first.clauses[1] == ("HBO 4.2", "Details of staff are never published.")
    assert first.is_new
    assert section.actions[0].text == "Take TOC-3: doxxing, critical, waiting for 7 hours"
    assert section.actions[0].urgent
    assert any(action.text == "Move or close TOC-1" for action in section.actions)


def test_one_that_another_explains_waits_for_nobody_and_one_that_is_merged_is_not_counted(
    sqlite_engine: Engine,
) -> None:
    fill(sqlite_engine)
    with sqlite_engine.begin() as connection:
        for incident_id, changed in (
            ("TOC-2", {"inhibited_by": "TOC-3"}),
            ("TOC-3", {"status": "investigating", "assignee": "Sam"}),
            ("TOC-4", {"status": "merged", "merged_into": "TOC-1"}),
        ):
            connection.execute(update(incidents).where(incidents.c.incident_id == incident_id).values(changed))
    section = build(sqlite_engine, [policy()], DAY, now=NOW).sections[0]
    told = {case.incident_id: (case.untouched, case.standing, case.assignee) for case in section.casework.open}
    assert told == {
        "TOC-1": (False, "acknowledged", None),
        "TOC-2": (False, "open, explained by TOC-3", None),
        "TOC-3": (False, "under investigation", "Sam"),
    }
    assert section.casework.opened == 1
    later = build(sqlite_engine, [policy()], DAY, now=NOW + timedelta(days=30)).sections[0].actions
    assert "Move or close TOC-3 and TOC-1" in [action.text for action in later], "nobody took TOC-2"


def test_one_that_was_handed_on_for_want_of_an_answer_still_waits(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    with sqlite_engine.begin() as connection:
        for incident_id, taken_at in (("TOC-3", None), ("TOC-4", NOW)):
            changed = {"status": "escalated", "acknowledged_at": taken_at}
            connection.execute(update(incidents).where(incidents.c.incident_id == incident_id).values(changed))
    section = build(sqlite_engine, [policy()], DAY, now=NOW).sections[0]
    told = {case.incident_id: case.standing for case in section.casework.open}
    assert (told["TOC-3"], told["TOC-4"]) == ("nobody on it", "escalated")
    assert section.actions[0].text.startswith("Take TOC-3")


def test_the_posts_to_read_are_ranked_told_once_and_have_reasons(report: DailyReport) -> None:
    posts = report.sections[0].posts
    assert 8 <= len(posts) <= POSTS
    assert "critical finding: doxxing, TOC-3" in posts[0].reasons
    assert [post.sensitive for post in posts[:4]] == [True, True, True, False]
    assert all(post.reasons for post in posts)
    assert sum(post.copies for post in posts) > OUTAGE / 2
    widest = next(post for post in posts if not post.sensitive)
    assert widest.reach == 148_000 or widest.copies > 2


def test_what_was_not_covered_is_named_with_its_remedy(report: DailyReport) -> None:
    gaps = {gap.subject: gap for gap in report.coverage.gaps}
    assert "refused our credentials" in gaps["Facebook"].problem
    assert gaps["Facebook"].remedy.endswith("renew TOCSIN_FACEBOOK_TOKEN")
    assert gaps["Mastodon"].problem == "is late; its posts are known until 28 October, 05:03 UTC"
    (volume, refused) = [gap for gap in report.coverage.gaps if gap.subject == "X"]
    assert volume.problem == "gave 18 new posts on its last whole day, fewer than the 50 that its platform should bring"
    assert "2 records" in refused.problem
    assert gaps["2 posts"].problem.endswith("in a language that the model does not read: Polish 1, Welsh 1")
    assert gaps["2 posts"].remedy == "They are put to people above."
    assert not gaps["2 posts"].grave
    assert "YouTube" in gaps
    assert "Feeds" not in gaps


def test_a_source_is_told_with_its_access_its_lag_and_what_is_left(report: DailyReport) -> None:
    lines = {line.source: line for line in report.coverage.sources}
    reddit, x = lines["Reddit"], lines["X"]
    assert (reddit.access, reddit.backlog, reddit.days_behind) == ("official API of the example", True, 1)
    assert reddit.allowances == ("only 5 of 100 calls per minute",)
    assert (x.seen, x.expected, x.volume, x.days_behind) == (18, (50, 20_000), "below", 0)
    assert x.allowances == ("$12.40 used of $50 a month, 752 calls left",)
    page = render(report)
    assert "below: expected 50 to 20,000" in page
    assert "only 5 of 100 calls per minute" in page


def test_what_cannot_lawfully_be_had_is_told_apart_from_what_is_not_set_up(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    reasons = {"pinterest": "own pins only", "youtube": "set TOCSIN_YOUTUBE_API_KEY"}
    report = build(sqlite_engine, [policy()], DAY, now=NOW, unconfigured=reasons)
    assert {gap.subject: gap.closed for gap in report.coverage.gaps if gap.standing} == {
        "Pinterest": True,
        "YouTube": False,
    }
    page = render(report)
    assert "No lawful access: Pinterest" in page
    assert "Not set up: YouTube" in page


def test_a_day_without_posts_says_so_and_still_shows_the_window(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    silent = build(sqlite_engine, [policy()], DAY + timedelta(days=3), now=NOW + timedelta(days=3)).sections[0]
    assert silent.headline == "Nothing was said about Harbour Benefits Office that we know of"
    assert silent.posts == ()
    assert sum(point.feeling.mentions for point in silent.window) > 0


def test_an_empty_warehouse_is_a_calm_report(engine: Engine) -> None:
    report = build(engine, [policy()], DAY, now=NOW)
    assert report.verdict == "calm"
    assert report.sections[0].actions == ()
    assert "Nothing needs doing." in digest(report)


def test_every_pack_in_force_has_its_section(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    other = policy().model_copy(update={"id": "other", "title": "Another"})
    report = build(sqlite_engine, [policy(), other], DAY, now=NOW)
    assert [section.policy.id for section in report.sections] == ["hbo", "other"]
    assert report.sections[1].today.feeling.mentions == 0
    assert report.verdict == "act"


def test_a_window_of_one_day_is_refused(sqlite_engine: Engine) -> None:
    with pytest.raises(ValueError, match="at least two days"):
        build(sqlite_engine, [policy()], DAY, window_days=1)


def test_a_young_warehouse_does_not_say_what_is_usual(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, first_day=DAY - timedelta(days=6))
    section = build(sqlite_engine, [policy()], DAY, now=NOW).sections[0]
    assert section.today.feeling.mentions > OUTAGE
    assert not [line for line in section.topics if line.rose or line.baseline.usual is not None]
    assert {point.baseline.band for point in section.window} == {None}
    assert "Too few days are known before it to say what is usual (6)." in section.sentences[0]
    assert "too few days to say what is usual" in render(replace(_of_nothing(), sections=(section,)))
    assert section.days_before == 6


def test_a_week_is_enough_and_days_before_the_first_post_do_not_count(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, first_day=DAY - timedelta(days=9))
    section = build(sqlite_engine, [policy()], DAY, now=NOW).sections[0]
    assert {line.baseline.days for line in section.topics} == {9}
    assert [line.topic for line in section.topics if line.rose][:2] == ["Online journal", "Website and login"]
    waiting = next(line for line in section.topics if line.topic == "Waiting and phones")
    counted = f"SELECT COUNT(*) AS posts FROM mention_topics WHERE topic = 'Waiting and phones' AND posted_on < '{DAY}'"
    assert waiting.baseline.usual == pytest.approx(rows(sqlite_engine, counted)[0]["posts"] / 9)
    assert section.days_before == 9


def test_the_cross_table_is_of_the_window_where_the_day_is_thin_and_says_so(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    thin = build(sqlite_engine, [policy()], DAY - timedelta(days=1), now=NOW)
    table = thin.sections[0].cross
    assert table is not None
    assert table.over_window
    assert "over 30 days" in render(thin)
    pairs = f"SELECT SUM(mentions) AS posts FROM topic_pairs WHERE day > '{DAY - timedelta(days=31)}' AND day < '{DAY}'"
    assert sum(cell.mentions for cell in table.cells.values()) == rows(sqlite_engine, pairs)[0]["posts"]


def test_the_worst_of_a_row_is_marked_only_where_it_is_clear() -> None:
    clear = {("Bags", "A"): Feeling(40, 36, 4, 0), ("Bags", "B"): Feeling(40, 12, 20, 8)}
    close = {("Bags", "A"): Feeling(40, 18, 4, 18), ("Bags", "B"): Feeling(40, 16, 16, 8)}
    few = {("Bags", "A"): Feeling(9, 9, 0, 0), ("Bags", "B"): Feeling(90, 12, 70, 8)}
    found = [worst_of("Bags", ("A", "B"), cells) for cells in (clear, close, few, {})]
    assert found == [("Bags", "A"), None, None, None]


def _of_nothing() -> DailyReport:
    return DailyReport(DAY, 30, NOW, (), Coverage((), ()))


def test_the_digest_is_short_and_cannot_ping_or_link(report: DailyReport) -> None:
    section: Section = replace(report.sections[0], headline="<!channel> <https://evil.example|here> & more")
    text = digest(replace(report, sections=(section,) * 9), link="https://reports.example/a.html")
    assert len(text) <= LIMIT
    assert "<!channel>" not in text
    assert "&lt;!channel&gt;" in text
    assert text.endswith("The whole report: https://reports.example/a.html")


def test_the_digest_says_what_the_report_says(report: DailyReport) -> None:
    text = digest(report)
    assert report.sections[0].headline in text
    assert "1. Take TOC-3: doxxing, critical" in text
    assert "Not fully covered: Facebook, Mastodon, Reddit, X." in text


def test_the_last_day_is_that_of_the_newest_post(sqlite_engine: Engine) -> None:
    assert last_day(sqlite_engine, [policy()]) is None
    fill(sqlite_engine)
    assert last_day(sqlite_engine, [policy()]) == DAY
    assert last_day(sqlite_engine, []) is None


def test_an_incident_raised_later_belongs_to_the_day_of_its_first_post(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    with sqlite_engine.begin() as connection:
        late = {"opened_on": DAY + timedelta(days=200), "opened_at": NOW + timedelta(days=200)}
        connection.execute(update(incidents).where(incidents.c.incident_id == "TOC-3").values(late))
    cases = build(sqlite_engine, [policy()], DAY, now=NOW + timedelta(days=201)).sections[0].casework
    assert [case.incident_id for case in cases.open if case.is_new] == ["TOC-3", "TOC-4"]
    before = build(sqlite_engine, [policy()], DAY - timedelta(days=1), now=NOW).sections[0].casework
    assert "TOC-3" not in [case.incident_id for case in before.open]


def test_whom_an_incident_is_aimed_at_is_told_by_role(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    why = "Calls @Orla_Invented (one of our people) names; orla_invented was called names before."
    with sqlite_engine.begin() as connection:
        changed = update(incidents).where(incidents.c.status == "open", incidents.c.target_kind == "employee")
        assert connection.execute(changed.values(target="orla_invented", why=why)).rowcount
    report = build(sqlite_engine, [policy()], DAY, now=NOW)
    told = {case.why for case in report.sections[0].casework.open}
    assert "Calls an employee names; [an employee] was called names before." in told
    assert "orla_invented" not in render(report).casefold()
