"""Rotas looked at by `tocsin doctor`: whether Slack knows those who are to be called."""

from slack_sdk import WebClient

from incidents.authority import NobodyKnown
from incidents.duty import duties, spoken
from incidents.slack_people import SlackDirectory
from policies.policy import Policy
from tocsin.house import House


def strangers(house: House) -> list[str]:
    """Who stands in a rota, and Slack does not know as a member in good standing. Raises DeliveryError."""
    token = house.settings.slack_bot_token
    if token is None:
        return []
    client = WebClient(token=token.get_secret_value(), base_url=house.settings.slack_api_url, timeout=10)
    directory = SlackDirectory(client)
    return [
        f"{policy.id}: routes.{route}.on_call: {person} is no member of the workspace in good standing"
        for policy in house.policies.values()
        for route, people in _people(policy).items()
        for person in people
        if not _is_known(directory, person)
    ]


def told(house: House) -> str:
    """Who is on call now, a route after the other."""
    now = house.now()
    return "; ".join(spoken(duties(house.policies.values(), now), str, now).splitlines())


def _people(policy: Policy) -> dict[str, list[str]]:
    rotas = {route: rules.on_call for route, rules in policy.routes.items() if rules.on_call is not None}
    return {
        route: list(dict.fromkeys((*rota.people, *(each.person for each in rota.overrides))))
        for route, rota in rotas.items()
    }


def _is_known(directory: SlackDirectory, person: str) -> bool:
    try:
        directory.person(person)
    except NobodyKnown:
        return False
    return True
