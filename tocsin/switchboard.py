"""Everything behind Slack's buttons, put together from the house: client, authority, desk, intake and bell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from incidents.authority import Authority
from incidents.desk import Desk
from incidents.intake import Intake
from incidents.slack_answer import SlackAnswers
from incidents.slack_people import SlackDirectory
from incidents.slash import Commands
from incidents.slash_merge import Merging
from incidents.slash_silence import Silencing
from tocsin.bell import Bell
from tocsin.errors import Misconfigured
from tocsin.escalating import book_of, hand_on
from tocsin.house import House
from warehouse.case_search import CaseSearch
from warehouse.interactions import RequestLedger

TIMEOUT_S = 10


@dataclass(frozen=True)
class Switchboard:
    """What a door of Slack's needs: the client that talks back, and the intake that takes requests."""

    client: WebClient
    intake: Intake


@contextmanager
def switchboard(house: House) -> Iterator[Switchboard]:
    """Open while requests come in; what was taken is finished, and told, before it closes.

    Raises Misconfigured, PolicyError.
    """
    settings = house.settings
    token = required(settings.slack_bot_token, "SLACK_BOT_TOKEN", "it begins with xoxb-")
    policies = house.policies
    retries = [RateLimitErrorRetryHandler(max_retry_count=2)]
    client = WebClient(token, base_url=settings.slack_api_url, timeout=TIMEOUT_S, retry_handlers=list(retries))
    authority = Authority(SlackDirectory(client), lambda: policies, settings.slack_actor_ids, settings.slack_channel)
    ledger = RequestLedger(house.engine)
    escalations = book_of(house)
    bell = Bell(house.outbox, house.channel, before=lambda: hand_on(escalations, policies, house.now()))
    silencing = Silencing(house.silences, authority, lambda: policies, bell.ring)
    merging = Merging(house.casebook, authority, bell.ring)
    desk = Desk(
        house.casebook,
        authority,
        SlackAnswers(client),
        Commands(CaseSearch(house.engine), authority, lambda: policies, house.now, silencing, merging),
        refused=lambda actor, subject, reason: ledger.refused(house.now(), actor, subject, reason),
        acted=bell.ring,
    )
    intake = Intake(desk, ledger, house.now)
    bell.start()
    intake.start()
    try:
        yield Switchboard(client, intake)
    finally:
        intake.close()
        bell.close()


def required(secret: SecretStr | None, name: str, hint: str) -> str:
    """The secret's value. Raises Misconfigured naming the setting."""
    if secret is None or not secret.get_secret_value().strip():
        raise Misconfigured(f"set TOCSIN_{name} ({hint}); `tocsin slack --help` says where it is found")
    return secret.get_secret_value().strip()
