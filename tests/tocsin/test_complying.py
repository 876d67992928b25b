"""Stored posts of X that must go, by compliance jobs: deleted, carried on after a kill, and looked up where refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.manners import Manners
from collectors.mention import Mention
from collectors.recheck import JobLost
from collectors.x_compliance import ComplianceJobs
from tests.collectors.compliant import CompliantX
from tests.collectors.server import Reply
from tests.incidents.samples import POLICY, exhibit
from tests.tocsin.conftest import Run
from tests.warehouse.case_samples import lay, raise_in
from tocsin.complying import Complied, Round
from tocsin.house import House
from tocsin.settings import Settings
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect, migrate
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, mentions, runs
from warehouse.watching import WatchBook


@pytest.fixture
def x() -> Iterator[CompliantX]:
    server = CompliantX()
    yield server
    server.close()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = connect(f"sqlite:///{tmp_path}/tocsin.db")
    migrate(engine)
    return engine


class Few(ComplianceJobs):
    """Jobs that take three ids."""

    most = 3


def stored(engine: Engine, count: int) -> MentionStore:
    store = MentionStore(engine, Pseudonyms(b"k" * 32))
    made = datetime(2026, 10, 1, tzinfo=UTC)
    posts = [Mention(platform="x", id=f"{100 + each}", text="invented", created_at=made) for each in range(count)]
    store.store(store.start_run("x", "x"), Batch(tuple(posts), Checkpoint("x", {})))
    return store


def left(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(mentions.c.native_id).order_by(mentions.c.native_id)))


def outcomes(engine: Engine) -> list[tuple[str, bool]]:
    wanted = select(runs.c.outcome, runs.c.more).where(runs.c.source == "recheck:x/jobs").order_by(runs.c.started_at)
    with engine.connect() as connection:
        return [(outcome, more) for outcome, more in connection.execute(wanted)]


@pytest.fixture
def rounds(engine: Engine, x: CompliantX) -> Round:
    jobs = Few("a-token", x.api.url, x.storage.url, Manners(sleep=lambda _: None))
    return Round(engine, stored(engine, 7), "x", "x", jobs)


def test_every_stored_post_is_asked_about_by_as_many_jobs_as_it_takes(
    engine: Engine, x: CompliantX, rounds: Round
) -> None:
    x.gone = {"101": "deleted", "105": "suspended", "106": "protected"}
    assert rounds.take() == Complied(asked=7, deleted=3)
    assert list(x.ids.values()) == [["100", "101", "102"], ["103", "104", "105"], ["106"]]
    assert left(engine) == ["100", "102", "103", "104"]
    with engine.connect() as connection:
        assert set(connection.scalars(select(audit.c.action))) == {"withdraw"}
    assert outcomes(engine) == [("completed", False)]
    assert rounds.take() == Complied(asked=4), "the next round begins anew"


def test_a_job_that_takes_its_time_is_read_by_the_next_run(engine: Engine, x: CompliantX, rounds: Round) -> None:
    x.slow, x.gone = 15, {"101": "deleted"}
    assert rounds.take() == Complied()
    assert left(engine) == [str(each) for each in range(100, 107)]
    x.slow = 0
    assert rounds.take() == Complied(asked=7, deleted=1)
    assert len(x.jobs) == 3
    assert outcomes(engine) == [("completed", True), ("completed", False)]


def test_an_incident_hears_that_its_author_was_suspended(engine: Engine, x: CompliantX, rounds: Round) -> None:
    lay(engine, [exhibit(1, mention_id="x:104")])
    raise_in(engine)
    x.gone = {"104": "suspended", "105": "deleted"}
    for _ in range(2):
        rounds.take()
    watch = WatchBook(engine, {POLICY.id: POLICY})
    assert (watch.tell(), watch.tell()) == (1, 0)
    events = WarehouseCasebook(engine).events("TOC-1001")
    assert [event.act for event in events] == ["opened", "author_suspended"]
    assert events[-1].detail["posts"][0]["kind"] == "suspended"
    assert "104" in left(engine), "the evidence stays"


class Killed(BaseException):
    """Not an Exception: nothing of ours gets to tidy up."""


@pytest.mark.parametrize("noted", [False, True])
def test_a_run_that_is_killed_is_carried_on(x: CompliantX, rounds: Round, noted: bool) -> None:
    """Killed between X's beginning the job and our noting it, or between that and handing over the ids."""

    class Dying(Few):
        def begin(self) -> str:
            job = super().begin()
            if not noted:
                raise Killed
            return job

        def carry_on(self, *_: object) -> None:
            raise Killed

    dying = Dying("a-token", x.api.url, x.storage.url, Manners(sleep=lambda _: None))
    x.gone = {"100": "deleted"}
    with pytest.raises(Killed):
        Round(rounds.engine, rounds.store, "x", "x", dying).take()
    assert x.ids == {}
    assert rounds.take() == Complied(asked=7, deleted=1)
    assert len(x.jobs) == 3, "the job that was left is used, and no other begun for its ids"


def test_a_lost_job_is_begun_anew(engine: Engine, x: CompliantX, rounds: Round) -> None:
    x.slow = 15
    rounds.take()
    x.jobs["1"]["status"] = "failed"
    with pytest.raises(JobLost):
        rounds.take()
    x.slow, x.gone = 0, {"100": "deleted"}
    assert rounds.take() == Complied(asked=7, deleted=1)
    assert [outcome for outcome, _ in outcomes(engine)] == ["completed", "unavailable", "completed"]


def test_a_fault_deletes_nothing_and_keeps_the_job(engine: Engine, x: CompliantX, rounds: Round) -> None:
    x.gone, x.storage_refuse = {"100": "deleted"}, Reply(b"<html>", status=404)
    with pytest.raises(CollectError):
        rounds.take()
    assert len(left(engine)) == 7
    x.storage_refuse = None
    assert rounds.take() == Complied(asked=7, deleted=1)


@pytest.fixture
def given(x: CompliantX) -> dict[str, str]:
    return {"X_BEARER_TOKEN": "a-token", "X_BASE_URL": x.api.url, "X_COMPLIANCE_STORAGE_URL": x.storage.url}


def test_the_command_asks_by_jobs_first(
    tocsin: Run, x: CompliantX, given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tocsin("recheck", **given)
    house = House(Settings())
    stored(house.engine, 2)
    x.gone = {"100": "deleted"}
    said = tocsin("recheck", "x", **given)
    assert said.status == 0, said.err
    assert (said.lines[0]["deleted"], left(house.engine)) == (1, ["101"])


def test_an_app_that_may_not_looks_posts_up_instead(tocsin: Run, x: CompliantX, given: dict[str, str]) -> None:
    tocsin("recheck", **given)
    house = House(Settings())
    stored(house.engine, 2)
    answer = x.api.answer
    refused = Reply.of({"title": "Client Forbidden", "reason": "client-not-enrolled"}, status=403)
    x.api.answer = lambda asked: refused if "compliance" in asked.path else answer(asked)
    said = tocsin("recheck", "x", **given)
    assert (said.status, said.lines[0]["asked"]) == (0, 2)
    assert "looked up one by one instead" in said.err
    assert outcomes(house.engine) == [("not_entitled", True)]
    assert "/2/tweets" in {each.path for each in x.api.asked}
