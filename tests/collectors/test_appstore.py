"""App Store reviews through our client, against a server on the loopback. All reviews are invented."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.appstore import AppStore, AppStoreSettings
from collectors.appstore_review import to_mention
from collectors.collector import Checkpoint
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, run
from tests.collectors.server import Asked, Reply

APP = {"im:name": {"label": "Quillmere Water"}, "id": {"label": "https://apps.example/app"}, "title": {"label": "app"}}
ADDRESS = re.compile(r"/(\w\w)/rss/customerreviews/page=(\d+)/id=(\d+)/sortby=mostrecent/json")


def entry(number: int, **others: Any) -> dict[str, Any]:
    """An invented review; two of them share each minute."""
    return {
        "author": {
            "uri": {"label": "https://itunes.apple.com/gb/reviews/id777"},
            "name": {"label": "invented one"},
            "label": "",
        },
        "updated": {"label": f"2026-10-01T02:{number // 2:02d}:00-07:00"},
        "im:rating": {"label": "2"},
        "im:version": {"label": "3.4"},
        "id": {"label": str(9_000_000_000 + number)},
        "title": {"label": "No meter"},
        "content": {"label": "It cannot read my meter.\nTwice.", "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/gb/review?id=1&type=Purple"}},
        "im:voteSum": {"label": "4"},
        "im:voteCount": {"label": "5"},
        **others,
    }


def feed(entries: Any) -> Reply:
    return Reply.of({"feed": {"updated": {"label": "2026-10-02T00:00:00-07:00"}, "entry": entries}})


class TestAppStore(Conformance):
    """Nine reviews, three to a page; the first entry of the first page is the app, as it was for years."""

    numbers = range(9, 0, -1)
    posts = frozenset(str(9_000_000_000 + number) for number in numbers)

    def collector(self, url: str, policy: Policy, manners: Manners) -> AppStore:
        return AppStore(["123"], ["GB"], base_url=url, settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        found = ADDRESS.fullmatch(asked.path)
        assert found
        assert (found[1], found[3]) == ("gb", "123")
        page = int(found[2])
        if page > 10:
            return Reply.of({"error": "CustomerReviews RSS page depth is limited to 10"}, status=400)
        shown = [entry(number) for number in self.numbers[3 * (page - 1) : 3 * page]]
        if not shown:
            return Reply.of({"feed": {"updated": {"label": "2026-10-02T00:00:00-07:00"}}})
        return feed([APP, *shown] if page == 1 else shown)


def test_a_review_becomes_a_mention() -> None:
    mention = to_mention(entry(4))
    assert mention.text == "No meter\n\nIt cannot read my meter.\nTwice."
    assert (mention.kind, mention.metrics.rating, mention.metrics.likes) == ("review", 2.0, 4)
    assert (mention.author.id, mention.author.name) == ("777", "invented one")
    assert mention.created_at == datetime(2026, 10, 1, 9, 2, tzinfo=UTC)
    assert mention.url == "https://itunes.apple.com/gb/review?id=1&type=Purple"


def test_an_older_form_without_date_takes_the_feeds() -> None:
    dateless = {name: value for name, value in entry(4).items() if name != "updated"}
    mention = to_mention(dateless, "2026-10-02T00:00:00-07:00")
    assert mention.created_at == datetime(2026, 10, 2, 7, 0, tzinfo=UTC)
    assert "feed" in mention.raw["dated_by"]
    with pytest.raises(ValueError, match="neither the review nor its feed"):
        to_mention(dateless)


def test_one_review_alone_and_broken_ones(serve: Any, brisk: Manners) -> None:
    server = serve(lambda asked: feed(entry(3)) if "page=1/" in asked.path else feed([]))
    batches, error = run(AppStore(["123"], ["gb"], base_url=server.url, manners=brisk))
    assert error is None
    assert [mention.id for batch in batches for mention in batch.mentions] == ["9000000003"]
    entries = [entry(3), "none", entry(2, updated={"label": "soon"}), entry(1)]
    server = serve(lambda asked: feed(entries if "page=1/" in asked.path else []))
    batches, error = run(AppStore(["123"], ["gb"], base_url=server.url, manners=brisk))
    assert error is None
    assert [mention.id for batch in batches for mention in batch.mentions] == ["9000000003", "9000000001"]
    assert [item.where for b in batches for item in b.quarantined] == ["appstore without id", "appstore 9000000002"]


def test_what_lies_beyond_the_last_page_is_named(serve: Any, brisk: Manners) -> None:
    def full(asked: Asked) -> Reply:
        found = ADDRESS.fullmatch(asked.path)
        assert found
        start = 100 - 5 * int(found[2])
        return feed([entry(start + each) for each in (4, 3, 2, 1, 0)])

    old = Checkpoint("appstore", {"timelines": {"gb/123": {"mark": 1, "gaps": []}}})
    batches, error = run(AppStore(["123"], ["gb"], base_url=serve(full).url, manners=brisk), old)
    assert error is None
    assert sum(len(batch.mentions) for batch in batches) == 50
    ((lost,),) = [batch.quarantined for batch in batches if batch.quarantined]
    assert "500" in lost.reason


@pytest.mark.parametrize(("apps", "countries"), [(["id123"], ["gb"]), (["123"], ["g/b"])])
def test_what_is_no_app_or_country_is_named(apps: list[str], countries: list[str]) -> None:
    with pytest.raises(ValueError, match="TOCSIN_APPSTORE"):
        AppStore(apps, countries)


def test_every_country_is_a_listing(policy: Policy) -> None:
    (collector,) = AppStore.from_settings(
        AppStoreSettings(apps=("1", "2"), countries=("gb", "ie")), [policy], Manners()
    )
    assert collector.queries == ("gb/1", "ie/1", "gb/2", "ie/2")
