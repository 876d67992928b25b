"""Slack's answers, sorted by what a sender can do about them, each with its fix."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from socket import gaierror
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackRequestError

from incidents.outbox import DeliveryError, Denied, NotTaken, Refused, Unanswered, Unavailable, Withdrawn

_CREDENTIAL = "check TOCSIN_SLACK_BOT_TOKEN (it begins with xoxb- and is shown under OAuth & Permissions)"
_INVITE = "invite the bot: type /invite @Tocsin in the channel"
_CHANNEL = "give the channel's id (C0123ABCDEF, at the foot of its details) in TOCSIN_SLACK_CHANNEL or the pack's route"

FIXES = {
    "invalid_auth": _CREDENTIAL,
    "not_authed": _CREDENTIAL,
    "account_inactive": _CREDENTIAL,
    "token_revoked": _CREDENTIAL,
    "token_expired": _CREDENTIAL,
    "missing_scope": "give the app the scopes that docs/slack.md lists, and install it again",
    "no_permission": "give the app the scopes that docs/slack.md lists, and install it again",
    "not_allowed_token_type": _CREDENTIAL,
    "org_login_required": "the workspace is being moved to another organisation; try again when that is done",
    "team_access_not_granted": "ask an administrator to grant the app access to this workspace",
    "ekm_access_denied": "ask an administrator: the workspace's encryption keys are withdrawn",
    "access_denied": "ask an administrator to allow the app in this workspace",
    "not_in_channel": _INVITE,
    "restricted_action": "ask an administrator to let the app post in this channel",
    "restricted_action_read_only_channel": "ask an administrator to let the app post in this channel",
    "channel_not_found": f"{_CHANNEL}; in a private channel, {_INVITE}",
    "is_archived": f"the channel is archived; {_CHANNEL} of another",
}
FAULTS = {
    "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org",
}  # fmt: skip
LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
NEVER_SENT = (ConnectionRefusedError, gaierror)


def error_of(error: SlackApiError) -> str:
    """Slack's own short name of the error, or an empty string."""
    return str(error.response.get("error") or "")


def named(error: SlackApiError, lost: type[Unavailable] = Unavailable) -> DeliveryError:
    """The error that the sender acts upon; `lost` where what came is no answer, and the call may have done its work."""
    name, status = error_of(error), error.response.status_code
    if name in FIXES:
        needed = error.response.get("needed")
        kind = Withdrawn if FIXES[name] == _CREDENTIAL else Denied
        return kind(f"Slack says {name}{f' ({needed})' if needed else ''}: {FIXES[name]}")
    if status == 429 or name in LIMITS:
        return NotTaken(f"Slack did not take the call: HTTP {status} {name[:200]}".rstrip())
    if status == 408 or status >= 500 or name in FAULTS:
        return Unavailable(f"Slack did not take the call: HTTP {status} {name[:200]}".rstrip())
    if status != 200 or not name or " " in name:  # slack-sdk's own words, where it could read no JSON
        missed = lost if status == 200 else Denied
        return missed(f"HTTP {status} is not an answer of Slack's: check TOCSIN_SLACK_API_URL and the proxy in between")
    return Refused(f"Slack refuses the message: {name}")


@contextmanager
def delivery_errors(*, posting: bool = False) -> Iterator[None]:
    """Turn whatever slack-sdk and the network raise into Refused, Denied or Unavailable.

    `posting`: what is called makes a message; where its answer is lost that is Unanswered.
    """
    lost = Unanswered if posting else Unavailable
    try:
        yield
    except SlackApiError as error:
        raise named(error, lost) from error
    except SlackRequestError as error:
        raise Refused(f"slack-sdk refuses the message: {error}") from error
    except (OSError, HTTPException) as error:
        sent = lost if not isinstance(_cause(error), NEVER_SENT) else NotTaken
        raise sent(f"Slack did not answer: {type(error).__name__} {error}".rstrip()) from error
    except ValueError as error:  # slack-sdk reads an answer that was cut off
        raise lost(f"Slack's answer cannot be read: {error}") from error


def _cause(error: BaseException) -> object:
    return error.reason if isinstance(error, URLError) else error
