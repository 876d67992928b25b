"""Who may act where: a route that names people or a channel is theirs; the setting speaks for the default channel."""

from collections.abc import Mapping

import pytest

from incidents.authority import Authority, NobodyKnown, NotAllowed, Person
from incidents.outbox import DeliveryError, Denied, NotTaken, Refused, Unanswered, Unavailable, Withdrawn
from policies.policy import Route
from tests.incidents.samples import POLICY

ROUTES: Mapping[str, Route] = {
    "plain": Route(name="Plain"),
    "placed": Route(name="Placed", slack_channel="C0PLACED"),
    "named": Route(name="Named", slack_actors=("U0NAMED", "S0GROUP")),
    "last": Route(name="Last", slack_actors=("S0GROUP", "U0LAST")),
    "both": Route(name="Both", slack_channel="C0PLACED", slack_actors=("U0NAMED",)),
    "safeguarding": Route(name="Safeguarding", restricted=True),
    "safe": Route(name="Safe", slack_channel="C0SAFE", restricted=True),
}


class People:
    """A directory of invented people."""

    def person(self, user_id: str) -> Person:
        """Anybody but one."""
        if user_id == "U0NOBODY":
            raise NobodyKnown("Slack does not know you in this workspace.")
        return Person(user_id, user_id.title())

    def channel(self, channel_id: str) -> frozenset[str]:
        """One member each."""
        return frozenset({f"U0{channel_id[2:]}"})

    def group(self, group_id: str) -> frozenset[str]:
        """One member each."""
        return frozenset({f"U0{group_id[2:]}"})


def _authority(*actors: str, default: str = "C0DEFAULT") -> Authority:
    pack = POLICY.model_copy(update={"routes": dict(ROUTES)})
    return Authority(People(), lambda: {pack.id: pack}, actors, default)


@pytest.mark.parametrize(
    ("route", "without", "with_setting"),
    [
        ("plain", ("C0DEFAULT",), ("U0SET",)),
        ("placed", ("C0PLACED",), ("C0PLACED",)),
        ("named", ("U0NAMED", "S0GROUP"), ("U0NAMED", "S0GROUP")),
        ("both", ("U0NAMED",), ("U0NAMED",)),
        ("safeguarding", ("C0DEFAULT",), ("C0DEFAULT",)),
        ("safe", ("C0SAFE",), ("C0SAFE",)),
        ("gone", (), ()),
    ],
)
def test_the_setting_overrides_no_routes_own_people_or_channel(
    route: str, without: tuple[str, ...], with_setting: tuple[str, ...]
) -> None:
    assert _authority().who("sample", route) == without
    assert _authority("U0SET").who("sample", route) == with_setting


def test_whom_the_setting_names_may_act_on_what_goes_to_the_default_channel_alone() -> None:
    authority = _authority("U0SET")
    assert authority.admit("U0SET", "sample", "plain").id == "U0SET"
    for route in ("placed", "named", "both", "safeguarding", "safe", "gone"):
        with pytest.raises(NotAllowed):
            authority.admit("U0SET", "sample", route)
    assert authority.admit("U0PLACED", "sample", "placed").id == "U0PLACED"
    assert authority.admit("U0GROUP", "sample", "named").id == "U0GROUP"
    with pytest.raises(NotAllowed, match="does not know you"):
        authority.admit("U0NOBODY", "sample", "placed")


class Silent(People):
    """A directory that the token may not read."""

    def __init__(self, error: DeliveryError) -> None:
        self.error = error

    def person(self, user_id: str) -> Person:
        """Nobody."""
        raise self.error

    def group(self, group_id: str) -> frozenset[str]:
        """Nobody."""
        raise self.error


def test_who_is_named_by_id_needs_no_directory_and_nobody_else_does_without() -> None:
    pack = POLICY.model_copy(update={"routes": dict(ROUTES)})
    authority = Authority(Silent(Denied("Slack says missing_scope")), lambda: {pack.id: pack}, ("U0SET",), "C0DEFAULT")
    assert authority.admit("U0SET", "sample", "plain").actor == "U0SET (U0SET)"
    assert authority.admit("U0NAMED", "sample", "both").id == "U0NAMED"
    assert authority.admit("U0LAST", "sample", "last").id == "U0LAST"
    for user, route in (("U0PLACED", "placed"), ("U0GROUP", "named"), ("U0OTHER", "plain")):
        with pytest.raises(Denied):
            authority.admit(user, "sample", route)


def test_whoever_is_named_by_id_may_type_without_a_directory_and_sees_what_is_theirs() -> None:
    pack = POLICY.model_copy(update={"routes": dict(ROUTES)})
    authority = Authority(Silent(Denied("Slack says missing_scope")), lambda: {pack.id: pack}, ("U0SET",), "C0DEFAULT")
    assert {authority.typist(each).id for each in ("U0SET", "U0NAMED", "U0LAST")} == {"U0SET", "U0NAMED", "U0LAST"}
    assert [name for name in ROUTES if authority.may("U0NAMED", "sample", name)] == ["named", "both"]
    with pytest.raises(Denied):
        authority.typist("U0PLACED")
    with pytest.raises(NotAllowed, match="does not know you"):
        _authority("U0NOBODY").typist("U0NOBODY")


class Missing(People):
    """A directory that knows all but one user group, of which it says this."""

    def __init__(self, error: DeliveryError) -> None:
        self.error = error

    def group(self, group_id: str) -> frozenset[str]:
        """Nobody, of the one that is gone."""
        if group_id == "S0GONE":
            raise self.error
        return super().group(group_id)


def test_a_group_that_slack_refuses_shuts_out_nobody_of_another() -> None:
    routes = {"two": Route(name="Two", slack_actors=("S0GONE", "S0GROUP"))}
    pack = POLICY.model_copy(update={"routes": routes})
    authority = Authority(Missing(Refused("no_such_subteam")), lambda: {pack.id: pack})
    assert authority.admit("U0GROUP", "sample", "two").id == "U0GROUP"
    with pytest.raises(Refused):
        authority.admit("U0OTHER", "sample", "two")
    revoked = Authority(Missing(Withdrawn("token_revoked")), lambda: {pack.id: pack})
    with pytest.raises(Withdrawn):
        revoked.admit("U0GROUP", "sample", "two")


def test_whoever_an_incident_was_escalated_to_may_act_though_its_first_route_cannot_be_asked() -> None:
    pack = POLICY.model_copy(update={"routes": dict(ROUTES)})
    authority = Authority(Silent(Denied("Slack says missing_scope")), lambda: {pack.id: pack}, (), "C0DEFAULT")
    assert authority.admit_any("U0LAST", "sample", ["placed", "last"]).id == "U0LAST"
    with pytest.raises(Denied):
        authority.admit_any("U0OTHER", "sample", ["placed", "last"])
    revoked = Authority(Silent(Withdrawn("Slack says token_revoked")), lambda: {pack.id: pack}, (), "C0DEFAULT")
    with pytest.raises(Withdrawn):
        revoked.admit_any("U0LAST", "sample", ["placed", "last"])


@pytest.mark.parametrize(
    "error", [Withdrawn("Slack says token_revoked"), Unavailable("no answer"), NotTaken("HTTP 429"), Unanswered("cut")]
)
def test_an_outage_and_a_withdrawn_credential_open_nothing_to_anybody(error: DeliveryError) -> None:
    pack = POLICY.model_copy(update={"routes": dict(ROUTES)})
    authority = Authority(Silent(error), lambda: {pack.id: pack}, ("U0SET",), "C0DEFAULT")
    for user, route in (("U0SET", "plain"), ("U0NAMED", "both"), ("U0LAST", "last")):
        for ask in (authority.admit, authority.may):
            with pytest.raises(type(error)):
                ask(user, "sample", route)
        with pytest.raises(type(error)):
            authority.typist(user)


def test_who_is_known_as_a_stranger_may_not_act_though_they_are_named_by_id() -> None:
    with pytest.raises(NotAllowed, match="does not know you"):
        _authority("U0NOBODY").admit("U0NOBODY", "sample", "plain")


def test_without_channel_and_people_nobody_may() -> None:
    with pytest.raises(NotAllowed, match="No pack in force"):
        _authority(default="").admit("U0SAM", "sample", "plain")
