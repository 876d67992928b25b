"""A pack that forbids to watch staff's own accounts, from a file that comes in to the report. Invented posts."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from policies.check import PACKS, check
from tests.tocsin.conftest import Run
from tests.tocsin.posts import COMPLAINT, PRAISE, post
from tocsin.house import House
from tocsin.settings import Settings
from warehouse.marts import read
from warehouse.schema import assessments, mentions, metadata

SECRET = "said after work, and nobody's business"
STAFF = [
    {**post(11, f"The DWP canteen has no soup: {SECRET}"), "author": {"id": "s1", "handle": "example_coach_at_home"}},
    {
        **post(12, f"Another day at the DWP jobcentre: {SECRET}"),
        "author": {"id": "s2", "handle": "example_private_coach", "bio": "Work coach at DWP. Views my own."},
    },
    {
        **post(13, f"RT @example_coach_at_home: DWP canteen: {SECRET}"),
        "kind": "repost",
        "in_reply_to": {"id": "11", "author": {"handle": "example_coach_at_home"}, "text": SECRET},
    },
]
ANSWER = {
    **post(14, "The DWP should buy soup then"),
    "kind": "reply",
    "in_reply_to": {"id": "11", "author": {"handle": "example_coach_at_home"}, "text": SECRET},
}
UNION = post(15, "DWP staff deserve a pay rise, says our branch", author="example_pcs_dwp_branch")
OFFICIAL = {**post(16, "DWP offices close at noon on Monday"), "platform": "facebook"} | {
    "author": {"id": "o1", "handle": "example_dwp_official"}
}
POSTS: list[dict[str, Any]] = [PRAISE, COMPLAINT, *STAFF, ANSWER, UNION, OFFICIAL]
RULE = {"staff_personal_accounts": False, "clauses": ["DWP-SMP 5.1"]}


@pytest.fixture
def archive(bare: Path) -> Path:
    path = bare / "posts.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in POSTS), encoding="utf-8")
    return path


def pack(folder: Path, monitoring: dict[str, Any] | None) -> Path:
    """The Department's pack with one account more, and with a rule about what may be watched."""
    content = yaml.safe_load((PACKS / "dwp.yaml").read_text(encoding="utf-8"))
    content["accounts"].append({"handle": "example_coach_at_home", "kind": "personal"})
    content |= {"monitoring": monitoring} if monitoring else {}
    path = folder / "dwp.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def everything() -> str:
    """All that every table holds, as text."""
    with House(Settings()).engine.connect() as connection:
        rows = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
    return repr(rows)


def test_what_staff_say_on_their_own_accounts_is_nowhere_but_as_a_number(
    tocsin: Run, bare: Path, archive: Path
) -> None:
    path = pack(bare, {**RULE, "clauses": [_some_clause()]})
    assert check(path) == []
    given = {"POLICIES": str(path)}
    (line,) = tocsin("collect", "--archive", str(archive), **given).lines
    assert (line["inserted"], line["left_out"]) == (5, 3)
    held = everything()
    for trace in ("after work", "example_coach_at_home", "example_private_coach", "Views my own"):
        assert trace not in held
    house = House(Settings(policies=str(path)))
    (counted,) = read(house.engine, "posts_left_out").to_dict("records")
    stamp = house.policies["dwp"].stamp
    assert (counted["source"].partition("@")[0], counted["posts"]) == ("archive:posts.jsonl", 3)
    assert counted["rule"] == f"{stamp}: {_some_clause()}"
    with house.engine.connect() as connection:
        kept = set(connection.scalars(select(mentions.c.mention_id)))
    assert kept == {"x:1", "x:2", "x:14", "x:15", "facebook:16"}
    tocsin("triage", **given)
    with house.engine.connect() as connection:
        scopes = {row[0]: row[1] for row in connection.execute(select(assessments.c.mention_id, assessments.c.scope))}
    assert (scopes["x:15"], scopes["facebook:16"], scopes["x:14"]) == ("union", "official", "in")
    page = Path(tocsin("report", "--day", "2026-10-01", **given).out.strip()).read_text(encoding="utf-8")
    assert "3 posts of staff, on accounts of their own, read and not kept" in page
    assert stamp in page


def test_the_pack_as_it_ships_forbids_nothing_and_keeps_all(tocsin: Run, bare: Path, archive: Path) -> None:
    (line,) = tocsin("collect", "--archive", str(archive), POLICIES="dwp").lines
    assert (line["inserted"], line["left_out"]) == (len(POSTS), 0)
    assert read(House(Settings()).engine, "posts_left_out").empty


def test_a_rule_without_a_reason_is_a_mistake(bare: Path) -> None:
    (problem,) = check(pack(bare, {"staff_personal_accounts": False}))
    assert "name under 'clauses' the clause that forbids it" in str(problem)
    (problem,) = check(pack(bare, {**RULE, "clauses": ["DWP-SMP 99"]}))
    assert "there is no clause 'DWP-SMP 99'" in str(problem)


def _some_clause() -> str:
    clauses = yaml.safe_load((PACKS / "dwp.yaml").read_text(encoding="utf-8"))["clauses"]
    return str(clauses[0]["id"])
