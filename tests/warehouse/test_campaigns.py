"""Campaigns on both databases: many people at one, as one incident that more may join. Posts are invented."""

from dataclasses import asdict, replace

from sqlalchemy import Engine, select

from collectors.mention import Author, Mention
from incidents.campaign import is_campaign
from tests.incidents.samples import exhibit
from tests.warehouse.case_samples import casebook_of, lay, mark, notes, raise_in, reasons
from warehouse.case_schema import incidents, outbox
from warehouse.dossiers import CustodyBook
from warehouse.history import WarehouseHistory
from warehouse.pseudonyms import Pseudonyms

CROWD = [exhibit(number, author=f"author-{number}", author_handle=f"crowd_{number}") for number in range(1, 8)]


def test_a_pile_on_is_one_incident_of_many_authors(engine: Engine) -> None:
    lay(engine, CROWD)
    mark(engine, CROWD[4], CROWD[:5])
    mark(engine, CROWD[5], CROWD[:6])
    assert raise_in(engine).opened == 2, "the campaign, and the one whom nothing links to it"
    casebook = casebook_of(engine)
    (campaign,) = (each for each in casebook.incidents() if is_campaign(each.key))
    assert campaign.authors == tuple(f"author-{number}" for number in range(1, 7))
    assert campaign.handles == tuple(f"crowd_{number}" for number in range(1, 7))
    with engine.connect() as connection:
        row = connection.execute(select(incidents).where(incidents.c.incident_id == campaign.id)).one()
        card = connection.scalars(select(outbox.c.card).where(outbox.c.incident_id == campaign.id)).one()
    assert row.author_count == card["authors"] == 6


def test_more_of_a_campaign_joins_it_run_after_run_and_what_was_open_goes_on_there(engine: Engine) -> None:
    lay(engine, CROWD[:2])
    raise_in(engine)
    lay(engine, CROWD[2:5])
    mark(engine, CROWD[4], CROWD[:5])
    assert raise_in(engine).opened == 1
    casebook = casebook_of(engine)
    assert [casebook.incident(each).inhibited_by for each in ("TOC-1001", "TOC-1002")] == ["TOC-1003", "TOC-1003"]
    assert "TOC-1001, TOC-1002 open already, part of it" in notes(engine, "TOC-1003")[0]
    assert reasons(engine, "TOC-1001") == ["new_incident", "inhibited"]
    lay(engine, [CROWD[5]])
    mark(engine, CROWD[5], CROWD[1:6])
    assert raise_in(engine).extended == 1
    lay(engine, [replace(CROWD[6], category="trolling", severity="low", mention_id="x:6", author="author-6")])
    raise_in(engine)
    assert casebook.incident("TOC-1004").inhibited_by == "TOC-1003", "another finding of a post of it"
    casebook.act("TOC-1003", "dismissed", "Sam", reason="false positive")
    assert reasons(engine, "TOC-1001") == ["new_incident", "inhibited", "uninhibited"]
    assert reasons(engine, "TOC-1004") == ["new_incident"]


def test_a_late_finding_of_a_campaigns_post_joins_it_while_it_goes_on(engine: Engine) -> None:
    """As it would have, had it come in the same run: the order of arrival makes no difference."""
    lay(engine, [replace(CROWD[0], target_handle="other_worker"), *CROWD[1:5]])
    mark(engine, CROWD[4], CROWD[:5])
    assert raise_in(engine).opened == 2
    casebook = casebook_of(engine)
    campaign = next(each.id for each in casebook.incidents() if is_campaign(each.key))
    elsewhere = replace(CROWD[1], finding_id="a" * 64, target_handle="other_worker")
    lay(engine, [replace(CROWD[0], finding_id="b" * 64, target_handle="Sample_Worker"), elsewhere])
    assert asdict(raise_in(engine)) == {"opened": 1, "extended": 1, "suppressed": 0, "reopened": 0}
    assert CROWD[0].author in casebook.incident(campaign).authors
    assert reasons(engine, campaign) == ["new_incident", "new_evidence"]
    assert list(CustodyBook(engine).problems()) == []
    casebook.act(campaign, "dismissed", "Sam", reason="false positive")
    lay(engine, [replace(CROWD[2], finding_id="c" * 64)])
    assert raise_in(engine).opened == 1, "what was ruled upon stays as it was ruled"
    assert not is_campaign(casebook.incidents()[0].key)


def test_copies_and_a_pile_on_that_share_a_post_are_one_campaign(engine: Engine) -> None:
    lay(engine, CROWD[:3])
    mark(engine, CROWD[2], CROWD[:3], "coordinated_copies")
    raise_in(engine)
    lay(engine, CROWD[3:])
    mark(engine, CROWD[6], CROWD[2:])
    assert raise_in(engine).opened == 0
    assert len(casebook_of(engine).incident("TOC-1001").authors) == 7


def test_a_confirmed_campaign_is_on_the_record_of_each_who_took_part(engine: Engine, pseudonyms: Pseudonyms) -> None:
    crowd = [replace(each, author=str(pseudonyms.of("x", Author(handle=each.author_handle)))) for each in CROWD[:3]]
    lay(engine, crowd)
    mark(engine, crowd[2], crowd)
    raise_in(engine)
    record = {"platform": "x", "id": "99", "text": "Once more", "created_at": "2026-11-01T09:00:00Z"}
    again = Mention.from_record({**record, "author": {"handle": "crowd_2"}})
    history = WarehouseHistory(engine, pseudonyms)
    assert history.before([again]).confirmed(again, "sample") == []
    casebook_of(engine).act("TOC-1001", "resolved", "Sam")
    assert [post.mention_id for post in history.before([again]).confirmed(again, "sample")] == ["x:2"]


def test_another_campaign_against_the_same_person_is_another(engine: Engine) -> None:
    lay(engine, CROWD)
    mark(engine, CROWD[2], CROWD[:3])
    raise_in(engine)
    later = [exhibit(number, author=f"author-{number}") for number in range(11, 14)]
    lay(engine, later)
    mark(engine, later[2], later)
    before = len(casebook_of(engine).incidents())
    raise_in(engine)
    assert len(casebook_of(engine).incidents()) == before + 1
