"""Any other medium that Apprise knows: Teams, Mattermost, PagerDuty, ntfy … by its URL.

None of these can be searched from here. After a doubt a message may come twice; both say the same notification id.
"""

import re

import apprise
from apprise import AppriseAsset, AppriseResult, NotifyBase, NotifyFormat, NotifyType
from apprise.common import OverflowMode
from apprise.plugins.pagerduty import NotifyPagerDuty, PagerDutyAction

from incidents.escape import one_line
from incidents.incident import CLOSED
from incidents.notification import Card, Notification, Receipt
from incidents.outbox import DeliveryError, Denied, Head, Refused, Unanswered, Unavailable
from incidents.text import plain, summary
from incidents.unmarked import unmarked

TIMEOUT_S = 60
TITLE = 200
OVER = ("resolved", "dismissed", "source_recovered")
ENDED = (*CLOSED, "merged")
_STATUS = re.compile(r"error=(\d{3})")


class AppriseChannel:
    """A `Channel` over one URL of Apprise's. Construct it with `of_url`."""

    def __init__(self, name: str, service: apprise.Apprise, pager: NotifyPagerDuty | None = None) -> None:
        """`pager`: the medium, where it is PagerDuty and its URL names no key: one incident there for one of ours."""
        self._name = name
        self._service = service
        self._pager = pager

    @classmethod
    def of_url(cls, name: str, url: str) -> "AppriseChannel":
        """The medium that the URL means. Raises ValueError where Apprise knows none, without repeating the URL."""
        asset = AppriseAsset(app_id="Tocsin", async_mode=False, http_redirects=False, interpret_escapes=False)
        medium = read(url, asset)
        if medium is None:
            raise ValueError("is no URL that Apprise knows: https://appriseit.com/services lists them")
        medium.overflow_mode = OverflowMode.TRUNCATE
        service = apprise.Apprise(asset=asset)
        service.add(medium)
        return cls(name, service, medium if isinstance(medium, NotifyPagerDuty) and not medium.dedup else None)

    def address(self, notification: Notification) -> str:
        """The channel's name."""
        return self._name

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Nothing: what Apprise reaches cannot be searched."""
        return None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Send it. Raises Refused, Denied, Unavailable, Unanswered."""
        if self._pager is not None:
            self._pager.dedup, self._pager.action = f"tocsin-{notification.incident_id}", PagerDutyAction.MAP
        result = self._service.notify(
            title=unmarked(one_line(summary(notification), TITLE)),
            body=words(notification),
            notify_type=_kind(notification),
            body_format=NotifyFormat.TEXT,
            timeout=TIMEOUT_S,
        )
        if not result:
            raise _fault(self._name, result)
        thread = head.remote_id if head else notification.id
        return Receipt(notification.id, self._name, notification.id, {"thread": thread})


def _kind(notification: Notification) -> NotifyType:
    """How a medium with kinds of its own shows it, and whether PagerDuty has it resolved."""
    card = notification.card
    if notification.reason in OVER or (isinstance(card, Card) and card.status in ENDED):
        return NotifyType.SUCCESS  # also what is told of an incident that is over: it pages nobody anew
    return NotifyType.FAILURE if isinstance(card, Card) and card.severity == "critical" else NotifyType.WARNING


def read(url: str, asset: AppriseAsset | None = None) -> NotifyBase | None:
    """What Apprise makes of a URL, without a word of it in a log, where Apprise would put it; None: nothing."""
    apprise.logger.disabled, before = True, apprise.logger.disabled
    try:
        return apprise.Apprise.instantiate(url, asset=asset)
    finally:
        apprise.logger.disabled = before


def words(notification: Notification) -> str:
    """The message's text. The id comes first, so that a medium that cuts keeps it."""
    lines = plain(notification).split("\n")
    told = [line if line.startswith("Link: ") else unmarked(line) for line in lines]
    return "\n".join([f"{notification.incident_id}, notification {notification.id}", "", *told])


def _fault(name: str, result: AppriseResult) -> DeliveryError:
    """Whose fault it is, as far as Apprise tells it. What it logs has no secret in it."""
    said = "; ".join(dict.fromkeys(one_line(entry.message, 200) for entry in result.logs())) or "it was not taken"
    told = f"{name}: {said}"
    found = _STATUS.search(said)
    status = int(found.group(1)) if found else 0
    if status in (401, 403, 404, 410):
        return Denied(told)
    if status in (408, 425, 429) or status >= 500:
        return Unavailable(told)
    if status:
        return Refused(told)
    return Unanswered(told) if "onnection error" in said or "imeout" in said or "imed out" in said else Refused(told)
