"""MediaWiki through our client, against a server on the loopback that answers as a wiki does. Invented edits."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.admission import admit
from collectors.collector import Quarantined
from collectors.manners import Manners
from collectors.mediawiki import MediaWiki, MediaWikiSettings
from collectors.mediawiki_edit import added_lines, plain_text, to_mention
from collectors.mention import Mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def change(number: int, **others: Any) -> dict[str, Any]:
    """An invented edit, as the recent changes have it; some share their second."""
    return {
        "type": "edit",
        "ns": 0,
        "title": "Reservoirs",
        "pageid": 5,
        "revid": number,
        "old_revid": 100 + number,
        "rcid": 1000 + number,
        "user": "Invented One",
        "userid": 7,
        "timestamp": (NEWEST + timedelta(seconds=number // 2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "comment": "",
        "tags": [],
        **others,
    }


def wiki(changes: list[dict[str, Any]], texts: dict[int, str], page: int = 50) -> Any:
    """A wiki with these edits and these texts of revisions."""

    def answer(asked: Asked) -> Reply:
        assert (asked.path, asked.params["action"], asked.params["formatversion"]) == ("/w/api.php", "query", "2")
        if "revids" in asked.params:
            numbers = [int(number) for number in asked.params["revids"].split("|")]
            known = [
                {"revid": number, "slots": {"main": {"contentmodel": "wikitext", "content": texts[number]}}}
                for number in numbers
                if number in texts
            ]
            return Reply.of({"query": {"pages": [{"pageid": 5, "revisions": known}]}})
        assert asked.params["list"] == "recentchanges"
        newest, oldest = asked.params.get("rcstart", "9999"), asked.params["rcend"]
        rows = [row for row in changes if oldest <= row["timestamp"] <= newest]
        start = int(asked.params.get("rccontinue", 0))
        more = {"continue": {"rccontinue": str(start + page)}} if start + page < len(rows) else {}
        return Reply.of({**more, "query": {"recentchanges": rows[start : start + page]}})

    return answer


def read(serve: Any, policy: Policy, manners: Manners, *rows: dict[str, Any], texts: dict[int, str]) -> Any:
    server = serve(wiki(list(rows), texts))
    batches, error = run(MediaWiki(f"{server.url}/w", [words_only(policy)], site="w.example", manners=manners))
    assert error is None
    return batches


class TestMediaWiki(Conformance):
    """Seven edits that mention it, three to a page, among as many that do not."""

    posts = frozenset(f"w.example/revisions/{number}" for number in range(1, 15, 2))
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> MediaWiki:
        return MediaWiki(
            f"{url}/w/api.php", [words_only(policy)], site="w.example", settle=timedelta(0), manners=manners
        )

    def is_listing(self, asked: Asked) -> bool:
        return "list" in asked.params

    def answer(self, asked: Asked) -> Reply:
        texts = {number: f"old\n{'Quillmere Water' if number % 2 else 'rain'}" for number in range(1, 15)}
        texts |= {100 + number: "old" for number in range(1, 15)}
        reply: Reply = wiki([change(number) for number in range(14, 0, -1)], texts, page=3)(asked)
        return reply

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"query": {"recentchanges": []}, "continue": {"rccontinue": "same"}})


def test_a_wiki_that_knows_the_first_version_of_the_format_alone_is_read(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    texts = {3: "old\nQuillmere Water", 103: "old"}

    def answer(asked: Asked) -> Reply:
        if "revids" not in asked.params:
            return Reply.of({"query": {"recentchanges": [{**change(3), "minor": ""}]}})
        if "sha1" in asked.params["rvprop"]:
            return Reply.of({"query": {"pages": {"5": {"revisions": [{"revid": 3, "sha1hidden": ""}]}}}})
        numbers = map(int, asked.params["revids"].split("|"))
        rows = [{"revid": number, "contentmodel": "wikitext", "*": texts[number]} for number in numbers]
        return Reply.of({"query": {"pages": {"5": {"pageid": 5, "revisions": rows}}}})

    collector = MediaWiki(f"{serve(answer).url}/w", [words_only(policy)], site="w.example", manners=brisk)
    batches, error = run(collector)
    assert error is None
    assert [mention.text for batch in batches for mention in batch.mentions] == ["Reservoirs\n\nQuillmere Water"]
    assert collector.recheck(["w.example/revisions/3"]).gone == ("w.example/revisions/3",)


def test_an_edit_becomes_a_mention_of_the_lines_that_it_added(serve: Any, policy: Policy, brisk: Manners) -> None:
    after = (
        "Long known: Quillmere Water.\n'''Today''' [[Quillmere Water|the company]] said<ref>x</ref> "
        "[https://example.org/bill no more].\n[[File:Dry tap.jpg|thumb|alt=a dry tap|Tap]]"
    )
    batches = read(
        serve,
        policy,
        brisk,
        change(3, comment="news of Quillmere Water"),
        texts={3: after, 103: "Long known: Quillmere Water."},
    )
    (mention,) = (mention for batch in batches for mention in batch.mentions)
    assert mention.id == "w.example/revisions/3"
    assert mention.text == "Reservoirs\n\nToday the company said no more.\n\nnews of Quillmere Water"
    assert (mention.author.id, mention.author.handle) == ("w.example/users/7", "Invented One")
    assert mention.created_at == NEWEST + timedelta(seconds=1)
    assert (mention.kind, mention.conversation_id) == ("article", "w.example/pages/5")
    assert mention.url is not None
    assert mention.url.endswith("/w/index.php?diff=3&oldid=103")
    assert mention.links == ("https://example.org/bill",)
    assert [(item.url or "").rpartition("/w/")[2] for item in mention.media] == [
        "index.php?title=Special:FilePath/Dry_tap.jpg"
    ]
    assert mention.media[0].alt_text == "a dry tap"


def test_whose_word_it_is_not_is_not_a_mention(serve: Any, policy: Policy, brisk: Manners) -> None:
    said = "Quillmere Water is to blame"
    rows = [
        change(9, old_revid=0, type="new", userid=0, user="192.0.2.7", ns=1, title="Talk:Reservoirs"),
        change(8, comment="elsewhere on a page that has long named it"),
        change(7, tags=["mw-rollback"]),
        change(6),  # the text before was hidden: who wrote which line cannot be told
        change(5, title="Quillmere Water"),
    ]
    texts = {9: said, 8: f"{said}\nmore", 108: said, 7: said, 107: "", 6: said, 5: "a\nb", 105: "a"}
    batches = read(serve, policy, brisk, *rows, texts=texts)
    mentions = {mention.id.rpartition("/")[2]: mention for batch in batches for mention in batch.mentions}
    assert set(mentions) == {"9", "5"}
    assert (mentions["9"].kind, mentions["9"].author.id, mentions["9"].author.handle) == ("comment", None, "192.0.2.7")
    assert mentions["5"].text == "Quillmere Water\n\nb"


def test_an_answer_that_a_wiki_cuts_is_read_to_its_end(serve: Any, policy: Policy, brisk: Manners) -> None:
    whole = wiki([change(2, old_revid=0), change(1, old_revid=0)], {})

    def answer(asked: Asked) -> Reply:
        if "revids" not in asked.params:
            reply: Reply = whole(asked)
            return reply
        number = 1 if "rvcontinue" in asked.params else 2
        older = {"revid": number, "contentmodel": "wikitext", "content": f"Quillmere Water {number}"}  # without slots
        more = {} if number == 1 else {"continue": {"rvcontinue": "1", "continue": "||"}}
        return Reply.of({**more, "query": {"pages": [{"revisions": [older]}]}})

    server = serve(answer)
    batches, error = run(MediaWiki(f"{server.url}/w", [words_only(policy)], site="w.example", manners=brisk))
    assert error is None
    assert native_ids(batches) == ["w.example/revisions/2", "w.example/revisions/1"]


@pytest.mark.parametrize(
    ("code", "outcome", "calls"),
    [
        ("ratelimited", "rate_limited", 3),
        ("maxlag", "unavailable", 3),
        ("internal_api_error_DBQueryError", "unavailable", 3),
        ("readapidenied", "access_denied", 1),
        ("badvalue", "unexpected_response", 1),
    ],
)
def test_an_error_that_comes_with_200_has_its_name(
    code: str, outcome: str, calls: int, serve: Any, policy: Policy, brisk: Manners
) -> None:
    def answer(_: Asked) -> Reply:
        reply = Reply.of({"error": {"code": code, "info": "no"}})
        reply.headers = {**reply.headers, "MediaWiki-API-Error": code}
        return reply

    server = serve(answer)
    _, error = run(MediaWiki(f"{server.url}/w", [words_only(policy)], manners=brisk))
    assert error is not None
    assert (error.outcome, len(server.asked)) == (outcome, calls)


def test_what_is_deleted_or_hidden_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    known = [{"revid": 2, "sha1": "x"}, {"revid": 3, "sha1hidden": True}]
    told = {"query": {"badrevids": {"1": {"revid": 1, "missing": True}}, "pages": [{"revisions": known}]}}
    collector = MediaWiki(f"{serve(lambda _: Reply.of(told)).url}/w", [policy], site="w.example", manners=brisk)
    rechecked = collector.recheck([f"w.example/revisions/{number}" for number in (1, 2, 3)])
    assert set(rechecked.gone) == {"w.example/revisions/1", "w.example/revisions/3"}
    assert rechecked.requests == 1


def test_several_wikis_are_several_sources(policy: Policy) -> None:
    settings = MediaWikiSettings(base_url="https://a.example/w/api.php,https://b.example")
    collectors = MediaWiki.from_settings(settings, [policy], Manners())
    assert [each.source for each in collectors] == ["mediawiki:a.example/w", "mediawiki:b.example"]
    assert [each.base_url for each in collectors] == ["https://a.example/w/api.php", "https://b.example/api.php"]


def test_broken_changes_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        rows = [change(3), "no change", {"revid": 2}, change(1, timestamp="soon"), change(4, old_revid=0)]
        texts = [{"revid": number, "content": "Quillmere Water"} for number in (1, 2, 3, 4)]
        old = [{"revid": number, "content": ""} for number in (101, 103)]
        if "revids" in asked.params:
            return Reply.of({"query": {"pages": [{"revisions": [*texts, *old]}]}})
        return Reply.of({"query": {"recentchanges": rows}})

    server = serve(answer)
    batches, error = run(MediaWiki(f"{server.url}/w", [words_only(policy)], site="w.example", manners=brisk))
    assert error is None
    assert native_ids(batches) == ["w.example/revisions/3", "w.example/revisions/4"]
    refused = [item.where.removeprefix("mediawiki:w.example ") for batch in batches for item in batch.quarantined]
    assert refused == ["without id", "revisions/2", "revisions/1"]


lines = st.lists(st.text("abc", min_size=1, max_size=4), max_size=8)


@given(lines, lines, lines)
def test_what_is_added_between_known_lines_is_all_that_is_added(
    before: list[str], new: list[str], rest: list[str]
) -> None:
    text = added_lines("\n".join(before + rest), "\n".join(before + new + rest))
    assert sorted(text.splitlines()) == sorted(new)


@pytest.mark.parametrize("piece", ["<ref>", "<!--", "[[File:", "[[File:a|b", "[[a|", "[http://a b", "''", "<a "])
def test_what_is_never_closed_takes_no_time(piece: str) -> None:
    began = time.monotonic()
    plain_text(piece * (200_000 // len(piece)))
    assert time.monotonic() - began < 5


json_values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2)
names = ["revid", "old_revid", "title", "ns", "timestamp", "comment", "added", "user", "userid", "pageid", "tags"]


@given(st.dictionaries(st.sampled_from(names), json_values))
def test_whatever_comes_is_a_mention_or_is_refused(record: dict[str, Any]) -> None:
    make = partial(to_mention, address="https://w.example/w", site="w.example/w")
    assert isinstance(admit(record, "mediawiki", make), Mention | Quarantined)
