"""Reconciliation: what Slack itself shows of our messages, read back and laid beside what we believe to have told.

Only messages that carry our metadata are kept, and of those no words; what people write in the channel is passed over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from incidents.outbox import DeliveryError
from incidents.slack_errors import delivery_errors, error_of
from incidents.slack_history import Message, carried, listing

DAYS = 2  # how far back is read
OVERDUE = timedelta(hours=1)  # what waits longer than that to be told is not well


@dataclass(frozen=True)
class Known:
    """What we believe of one channel since `oldest`: the ts of our messages, and the heads of threads with replies."""

    messages: frozenset[str]
    threads: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """One message of ours in Slack. `notification_id` None: something stands where one of ours was, without its id."""

    remote_id: str
    notification_id: str | None
    thread: str | None  # the ts of the head that it hangs below; None: it is a head
    edited: bool  # by another than its author, or where we edit nothing
    deleted: bool  # only its place is left, since it has replies


class Book(Protocol):
    """What was told, as the warehouse has it, and where the readings are kept. Each method is one transaction."""

    def channels(self, since: datetime) -> list[str]:
        """Slack's channels in which anything was told since then."""
        ...

    def forget_others(self, channels: Sequence[str], oldest: str) -> None:
        """Forget what was read of every other channel, and is no newer than a ts."""
        ...

    def known(self, channel: str, oldest: str) -> Known:
        """What we believe of a channel."""
        ...

    def keep(self, channel: str, oldest: str, began: datetime, overdue_before: datetime, seen: list[Seen]) -> None:
        """Keep one whole reading; what was seen before and is not any more is gone."""
        ...

    def note_failure(self, channel: str, oldest: str, at: datetime, overdue_before: datetime, error: str) -> None:
        """Note that a channel could not be read, and why; what was read before stands."""
        ...


@dataclass(frozen=True)
class Reconciled:
    """How many channels were read, how many messages of ours are in them, and which could not be read, and why."""

    channels: int
    messages: int
    problems: tuple[str, ...]


def reconcile(book: Book, client: WebClient, now: datetime, days: int = DAYS) -> Reconciled:
    """Read every channel in which we told anything in the last days. May be killed at any line and run again."""
    since, overdue = now - timedelta(days=days), now - OVERDUE
    oldest, read, messages = f"{since.timestamp():.6f}", 0, 0
    problems, channels = [], book.channels(since)
    book.forget_others(channels, oldest)  # nothing was told there since: all that is known of them is too old
    for channel in channels:
        try:
            with delivery_errors():
                seen = list(read_channel(client, channel, oldest, book.known(channel, oldest)))
        except DeliveryError as error:
            book.note_failure(channel, oldest, now, overdue, str(error))
            problems.append(f"{channel}: {error}")
            continue
        book.keep(channel, oldest, now, overdue, seen)
        read, messages = read + 1, messages + len(seen)
    return Reconciled(read, messages, tuple(problems))


def read_channel(client: WebClient, channel: str, oldest: str, known: Known) -> Iterator[Seen]:
    """Our messages of a channel since `oldest`, each thread once. Raises SlackApiError."""
    threads = set(known.threads)
    for message in listing(client.conversations_history, channel=channel, oldest=oldest):
        if found := seen(message, known.messages):
            yield found
            if message.get("reply_count") or message.get("latest_reply") or message.get("thread_ts"):
                threads.add(found.remote_id)
    for head in sorted(threads):
        yield from _replies(client, channel, oldest, head, known)


def _replies(client: WebClient, channel: str, oldest: str, head: str, known: Known) -> Iterator[Seen]:
    try:
        for message in listing(client.conversations_replies, channel=channel, ts=head, oldest=oldest):
            found = seen(message, known.messages) if message.get("ts") != head else None
            if found:
                yield found
    except SlackApiError as error:
        if error_of(error) != "thread_not_found":  # the head was deleted, and all replies with it
            raise


def seen(message: Message, ours: frozenset[str]) -> Seen | None:
    """What a message of Slack's is to us; None: nothing of ours."""
    ts, thread = str(message.get("ts", "")), message.get("thread_ts")
    above = str(thread) if thread and thread != ts else None
    if message.get("subtype") == "tombstone":
        return Seen(ts, None, above, edited=False, deleted=True) if ts in ours else None
    name = carried(message)
    if name is None and ts not in ours:
        return None
    return Seen(ts, name, above, _edited_by_another(message, above is None), deleted=False)


def _edited_by_another(message: Message, is_head: bool) -> bool:
    """We edit heads alone, as the author that they have."""
    edited = message.get("edited")
    if not edited:
        return False
    authors = [each for each in (message.get("user"), message.get("bot_id")) if each]
    editor = edited.get("user") if isinstance(edited, Mapping) else None
    return not is_head or bool(editor and authors and editor not in authors)
