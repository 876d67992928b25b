"""From the address of a channel, a secret that stands in the settings, to the channel.

`mailto://` and `mailtos://` are mail of our own, for its threads and Message-IDs; `signed+https://` is our signed
webhook; every other URL is Apprise's.
"""

import re

from apprise.plugins.email import NotifyEmail

from incidents.apprise_channel import AppriseChannel, read
from incidents.mail import MailChannel
from incidents.notification import Notification, Receipt
from incidents.outbox import Channel, Denied, Head
from incidents.smtp import MailServer, Security
from incidents.webhook import WebhookChannel

_WEBHOOK = re.compile(r"signed\+(https?)://(whsec_[A-Za-z0-9+/=]+)@((\[[0-9a-f:]+\]|[^/:@\s]+)(:\d+)?(/[^\s]*)?)")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SECURITY: dict[str, Security] = {"ssl": "tls", "starttls": "starttls", "insecure": "none"}


def channel_of(name: str, address: str | None) -> Channel:
    """The channel that a pack calls `name`. One that cannot be used says why when it is asked to deliver."""
    if not address:
        return Unset(name, "is not set")
    try:
        return _made(name, address.strip())
    except ValueError as error:
        return Unset(name, str(error))


def setting_of(name: str) -> str:
    """`TOCSIN_ROUTE_SECURITY_MAIL` of `security_mail`."""
    return f"TOCSIN_ROUTE_{name.upper()}"


class Unset:
    """A channel that is named and cannot be used: what is for it waits."""

    def __init__(self, name: str, why: str) -> None:
        self.problem = f"{setting_of(name)} {why}; docs/routes.md says how it is written"

    def address(self, notification: Notification) -> str:
        """None. Raises Denied, naming the setting."""
        raise Denied(self.problem)

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Nothing."""
        raise Denied(self.problem)

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Nothing."""
        raise Denied(self.problem)


def _made(name: str, address: str) -> Channel:
    scheme = address.partition("://")[0].lower()
    if scheme in ("mailto", "mailtos"):
        return _mail(name, address)
    if scheme.startswith("signed+"):
        return _webhook(name, address)
    return AppriseChannel.of_url(name, address)


def _webhook(name: str, address: str) -> Channel:
    read = _WEBHOOK.fullmatch(address)
    if read is None:
        raise ValueError("is no signed webhook: write signed+https://whsec_SECRET@host/path")
    scheme, secret, rest, host = read.group(1, 2, 3, 4)
    if scheme == "http" and host not in _LOOPBACK:
        raise ValueError("is plain http: incidents go over https, or to this machine")
    return WebhookChannel(name, f"{scheme}://{rest}", secret)


def _mail(name: str, address: str) -> Channel:
    """Apprise reads the URL, and knows the servers of many providers; we write the message."""
    mail = read(address)
    if not isinstance(mail, NotifyEmail):
        raise ValueError("is no mail address: write mailtos://user:password@host:port?from=…&to=…")  # noqa: TRY004
    if mail.bcc:
        raise ValueError("names bcc, which would be shown to all: name them in to")
    security = _SECURITY[str(mail.secure_mode)]
    server = MailServer(str(mail.smtp_host), int(mail.port or 0), security, mail.user or "", mail.password or "")
    wanted = [*(str(each) for _, each in mail.targets), *sorted(map(str, mail.cc))]
    return MailChannel(name, server, str(mail.from_addr[1]), tuple(dict.fromkeys(wanted)))
