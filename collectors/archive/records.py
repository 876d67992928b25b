"""One JSON value or table row in, mentions out: whose export it is, is told by what it holds."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from collectors.admission import MISSHAPEN
from collectors.archive import reddit_things, x_pages, x_v1
from collectors.archive.moments import parse_moment
from collectors.archive.refusal import Refusal, explained, quarantined
from collectors.collector import Quarantined
from collectors.mention import Mention

Item = Mention | Quarantined
Candidate = tuple[Callable[[], Mention], Any]  # what may be a mention, and the record that it would be made of
_TIMED = ((), ("author",), ("in_reply_to", "author"))  # where a record may hold a created_at


def items(value: Any, where: str) -> Iterator[Item]:
    """Every mention in a JSON value, in order; what cannot be one is quarantined under `where`."""
    waiting = [value]
    while waiting:
        record = waiting.pop()
        if isinstance(record, list):
            waiting += reversed(record)
        elif not isinstance(record, dict):
            yield quarantined(where, "the value is not a JSON object", f"{record}")
        else:
            try:
                for make, raw in _candidates(record):
                    yield item(make, raw, where)
            except (Refusal, *MISSHAPEN) as error:
                yield quarantined(where, explained(error), record)


def item(make: Callable[[], Mention], raw: Any, where: str) -> Item:
    """The mention that `make` makes of `raw`, or `raw` quarantined with the reason."""
    try:
        return make()
    except (Refusal, *MISSHAPEN) as error:
        return quarantined(where, explained(error), raw)


def _candidates(record: dict[str, Any]) -> Iterator[Candidate]:
    if "platform" in record:
        yield partial(mention, record, record), record
    elif reddit_things.is_thing(record):
        for thing in reddit_things.things(record):
            yield partial(reddit_things.mention, thing), thing
    elif reddit_things.is_bare(record):
        yield partial(reddit_things.mention, reddit_things.enveloped(record)), record
    elif x_v1.is_tweet(record):
        yield partial(mention, x_v1.contract_record(record), record), record
    elif x_pages.is_tweet(record):
        yield partial(x_pages.mention, record), record
    elif found := x_v1.found(record):
        for tweet in found:
            yield partial(mention, x_v1.contract_record(tweet), tweet), tweet
    elif x_pages.is_page(record):
        for tweet, includes in x_pages.page_tweets(record):
            yield partial(x_pages.mention, tweet, includes), tweet
    else:
        yield partial(mention, record, record), record


def mention(record: Mapping[str, Any], raw: Mapping[str, Any]) -> Mention:
    """One record of the contract's shape as a mention that keeps `raw`. Raises Refusal or pydantic.ValidationError."""
    known = {name: value for name, value in record.items() if value is not None}  # null is absent
    if isinstance(known.get("platform"), str):
        known["platform"] = known["platform"].strip().lower()
    for path in _TIMED:
        known = _with_moment(known, path)
    return Mention.model_validate({**known, "_raw": raw})


def _with_moment(record: dict[str, Any], path: tuple[str, ...], above: str = "") -> dict[str, Any]:
    if path:
        child = record.get(path[0])
        if not isinstance(child, dict):
            return record
        return {**record, path[0]: _with_moment(child, path[1:], f"{above}{path[0]}.")}
    if record.get("created_at") is None:
        return record
    try:
        return {**record, "created_at": parse_moment(record["created_at"])}
    except Refusal as refusal:
        raise Refusal(f"{above}created_at {refusal}") from refusal
