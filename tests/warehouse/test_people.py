"""The staff register: found by handle or name, unreadable without them, replaced as a whole. All are invented."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from collectors.register import Person, Worker, plain_name
from warehouse.people import PersonUnclear, PersonUnknown, StaffStore, delete_leavers
from warehouse.privacy import Request, UnknownAuthor, erase, export
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, metadata
from warehouse.staff_schema import staff, staff_keys

DAY = date(2026, 10, 1)
ORLA = Person(Worker("work coach", "Hull", "public task", True), (("x", "Example_Orla"),), ("Orla Examplesson",))
TAM = Person(Worker("case manager", None, "refused", False, DAY), (("linkedin", "tam-0"),), ("Tam O'Sample",))


@pytest.fixture
def register(engine: Engine, pseudonyms: Pseudonyms, clock: Any) -> StaffStore:
    return StaffStore(engine, pseudonyms, clock)


def test_people_are_found_by_what_names_them_and_by_nothing_else(register: StaffStore) -> None:
    counts = register.replace([ORLA, TAM], "officer")
    assert (counts.people, counts.handles, counts.names, counts.new, counts.gone) == (2, 2, 2, 2, 0)
    assert register.holder("x", "@example_orla", DAY) == ORLA.worker
    assert register.holder("mastodon", "example_orla", DAY) is None
    assert register.is_named(plain_name("Ms Orla Examplesson"), DAY)
    assert not register.is_named("orla", DAY)
    assert not register.is_named("example_orla", DAY), "a handle is no name"
    assert register.holder("linkedin", "tam-0", date(2026, 10, 2)) is None, "the day after the last"


def test_the_accounts_of_our_own_server_are_known_without_it(engine: Engine, pseudonyms: Pseudonyms) -> None:
    kit = Person(Worker("guard"), (("mastodon", "kit@example.social"),))
    register = StaffStore(engine, pseudonyms, homes={"mastodon": "example.social"})
    register.replace([kit], "officer")
    assert (
        register.holder("mastodon", "@Kit", DAY) == register.holder("mastodon", "kit@example.social", DAY) == kit.worker
    )
    assert register.holder("mastodon", "kit@other.example", DAY) is None
    assert register.holder("x", "kit", DAY) is None
    assert StaffStore(engine, pseudonyms).holder("mastodon", "kit", DAY) is None
    assert [each.role for each in register.find("mastodon:kit", "officer")] == ["guard"]
    assert export(engine, pseudonyms, Request("mastodon", "kit", "officer", "asked"), register=register)["staff"]
    assert erase(engine, pseudonyms, Request("mastodon", "kit", "officer", "asked"), register=register).register == 1


def test_nobody_can_be_read_out_of_the_tables(register: StaffStore, rows: Any) -> None:
    register.replace([ORLA, TAM], "officer")
    everything = str([rows(table) for table in metadata.sorted_tables]).casefold()
    for secret in ("orla", "examplesson", "tam-0", "sample"):
        assert secret not in everything
    assert {row["role"] for row in rows(staff)} == {"work coach", "case manager"}


def test_another_key_finds_nobody(register: StaffStore, engine: Engine) -> None:
    register.replace([ORLA], "officer")
    stranger = StaffStore(engine, Pseudonyms(b"some other key of 32 bytes, or so"))
    assert stranger.holder("x", "example_orla", DAY) is None
    assert stranger.find("Orla Examplesson", "officer") == []


def test_an_import_replaces_all_and_tells_the_difference(register: StaffStore, rows: Any) -> None:
    register.replace([ORLA, TAM], "officer")
    counts = register.replace([ORLA], "officer", "monthly")
    assert (counts.people, counts.new, counts.gone) == (1, 0, 1)
    assert register.holder("linkedin", "tam-0", DAY) is None
    assert len(rows(staff_keys)) == 2
    assert [(row["action"], row["rows"], row["reason"]) for row in rows(audit)] == [
        ("people_import", 2, None),
        ("people_import", 1, "monthly"),
    ]


def test_an_import_that_fails_leaves_the_register_as_it_was(register: StaffStore, rows: Any) -> None:
    register.replace([ORLA], "officer")
    before = rows(staff), rows(staff_keys)
    with pytest.raises(ValueError, match="actor"):
        register.replace([TAM], " ")
    assert (rows(staff), rows(staff_keys)) == before


def test_one_person_is_removed_by_name_handle_or_pseudonym(register: StaffStore) -> None:
    for wanted in ("orla  EXAMPLESSON", "x:@Example_Orla", None):
        register.replace([ORLA, TAM], "officer")
        known = {each.role: each.person for each in register.listed()}
        removed = register.remove(wanted or known["work coach"], "officer", "asked to go")
        assert (removed.role, removed.platforms) == ("work coach", ("x",))
        assert register.holder("x", "example_orla", DAY) is None
        assert [each.role for each in register.listed()] == ["case manager"]
    with pytest.raises(PersonUnknown):
        register.remove("Nobody Atall", "officer", "asked to go")


def test_who_looked_for_whom_is_audited_and_not_what_they_asked(register: StaffStore, rows: Any) -> None:
    register.replace([ORLA, TAM], "officer")
    (orla,) = register.find("Orla Examplesson", "sam", "a call about her")
    assert register.find("Nobody Atall", "sam") == []
    asked = [row for row in rows(audit) if row["action"] == "people_find"]
    told = [(row["actor"], row["subject"], row["reason"], row["rows"]) for row in asked]
    assert told == [("sam", orla.person, "a call about her", 1), ("sam", "staff register", None, 0)]
    assert "xamplesson" not in str(asked)
    with pytest.raises(ValueError, match="actor"):
        register.find("Orla Examplesson", " ")


def test_nobody_goes_without_a_reason(register: StaffStore, rows: Any) -> None:
    register.replace([ORLA], "officer")
    for act in (lambda: register.remove("Orla Examplesson", "officer", " "), lambda: register.clear("officer", "")):
        with pytest.raises(ValueError, match="reason"):
            act()
    assert len(rows(staff)) == 1


def test_two_of_one_name_are_told_apart_before_either_goes(register: StaffStore) -> None:
    other = Person(Worker("guard", "York"), (("x", "example_orla_2"),), ("Orla Examplesson",))
    register.replace([ORLA, other], "officer")
    with pytest.raises(PersonUnclear, match="guard of York"):
        register.remove("Orla Examplesson", "officer", "asked to go")
    assert len(register.listed()) == 2
    assert register.is_named("orla examplesson", DAY)


def test_what_another_process_changed_is_known_soon(engine: Engine, pseudonyms: Pseudonyms, clock: Any) -> None:
    ticks = [0.0]
    ours = StaffStore(engine, pseudonyms, clock, lambda: ticks[0])
    theirs = StaffStore(engine, pseudonyms, clock)
    assert ours.holder("x", "example_orla", DAY) is None
    theirs.replace([ORLA], "officer")
    ticks[0] += 1.0
    assert ours.holder("x", "example_orla", DAY) == ORLA.worker
    theirs.clear("officer", "all over")
    ticks[0] += 1.0
    assert ours.holder("x", "example_orla", DAY) is None


def test_leavers_go_a_month_after_their_last_day(register: StaffStore, engine: Engine, clock: Any) -> None:
    register.replace([ORLA, TAM], "officer")
    with engine.begin() as connection:
        assert delete_leavers(connection, clock()) == 0
    clock.pass_by(days=30)
    with engine.begin() as connection:
        assert delete_leavers(connection, clock()) == 1
    assert [each.role for each in register.listed()] == ["work coach"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=8), st.text(min_size=1, max_size=8)), max_size=4, unique_by=lambda t: t[1]))
def test_any_text_goes_in_and_is_found_again(
    sqlite_engine: Engine, pseudonyms: Pseudonyms, people: list[tuple[str, str]]
) -> None:
    register = StaffStore(sqlite_engine, pseudonyms)
    rows = [Person(Worker(role), (("x", f"h{n}{handle}"),)) for n, (role, handle) in enumerate(people)]
    assert register.replace(rows, "officer").people == len(rows)
    for person in rows:
        assert register.holder("x", person.handles[0][1], DAY) is not None


def test_subject_access_and_erasure_reach_the_register(engine: Engine, pseudonyms: Pseudonyms, rows: Any) -> None:
    register = StaffStore(engine, pseudonyms)
    register.replace([ORLA, TAM], "officer")
    told = export(engine, pseudonyms, Request("x", "@example_orla", "officer", "asked"), register=register)
    assert [row["role"] for row in told["staff"]] == ["work coach"]
    assert len(told["staff_keys"]) == 2
    assert erase(engine, pseudonyms, Request("x", "example_orla", "officer", "asked"), register=register).register == 1
    assert [row["role"] for row in rows(staff)] == ["case manager"]
    with pytest.raises(UnknownAuthor):
        export(engine, pseudonyms, Request("x", "example_orla", "officer", "asked"), register=register)
