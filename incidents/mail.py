"""A notification by e-mail: plain text and HTML, in one thread an incident, known again by its Message-ID.

A mailbox cannot be searched from here. After a doubt (a cut connection, a crash between sending and noting it) a
message may be sent twice; both have the same Message-ID, made of the notification's id, and many servers drop one.
"""

import logging
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime

from incidents.escape import clipped, one_line
from incidents.mail_page import page
from incidents.notification import Notification, Receipt
from incidents.outbox import Denied, Head, Refused, Unanswered, Unavailable
from incidents.smtp import MailServer
from incidents.text import plain, summary

SUBJECT = 200  # characters
PERMANENT = 500  # from this SMTP code on, trying again is of no use

HEADERS = HeaderRegistry()  # each is one id, as Message-ID is, and is not to be folded as words are
HEADERS.registry |= dict.fromkeys(("in-reply-to", "references"), HEADERS.registry["message-id"])
THREADED = default.clone(header_factory=HEADERS)

log = logging.getLogger(__name__)


class MailChannel:
    """A `Channel` that hands one message a notification to a mail server."""

    def __init__(self, name: str, server: MailServer, sender: str, recipients: tuple[str, ...]) -> None:
        """`name`: the pack's for the channel. Raises ValueError for an address that is none."""
        self._name = name
        self._server = server
        self._sender = _address(sender)
        self._recipients = tuple(map(_address, recipients))
        if not self._recipients:
            raise ValueError("names nobody to send to")

    def address(self, notification: Notification) -> str:
        """The channel's name."""
        return self._name

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Nothing: mail cannot be searched."""
        return None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Hand the message in. A mailbox that the server refuses is logged while another takes it."""
        message = self.message(notification, head)
        with _errors(self._name), self._server.session() as server:
            refused = server.send_message(message, self._sender, self._recipients)
        for mailbox, (code, _) in refused.items():
            log.warning("%s: the mail server refused %s (%s); the others have it", self._name, mailbox, code)
        name = str(message["Message-ID"])
        return Receipt(notification.id, self._name, name, {"thread": head.remote_id if head else name})

    def message(self, notification: Notification, head: Head | None) -> EmailMessage:
        """What is sent: text and HTML alternative, below the head's message where there is one."""
        message = EmailMessage(policy=THREADED)
        message["Subject"] = clipped(
            f"[{one_line(notification.incident_id, 30)}] {_on_one_line(notification)}", SUBJECT
        )
        message["From"] = self._sender
        message["To"] = ", ".join(self._recipients)
        message["Date"] = format_datetime(notification.created_at)
        message["Message-ID"] = f"<{notification.id}@{self._sender.rpartition('@')[2]}>"
        if head is not None:
            message["In-Reply-To"] = head.remote_id
            message["References"] = head.remote_id
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply
        message["X-Tocsin-Notification"] = notification.id
        message.set_content(f"{plain(notification)}\n\n-- \nTocsin, notification {notification.id}\n")
        message.add_alternative(page(notification), subtype="html")
        return message


def _on_one_line(notification: Notification) -> str:
    return one_line(summary(notification), SUBJECT)


def _address(written: str) -> str:
    """One plain address. Raises ValueError; what follows a line break would be a header of its own."""
    if not re.fullmatch(r"[^\s@<>(),;:\"\\]+@[^\s@<>(),;:\"\\]+", written.strip()):
        raise ValueError("has an e-mail address that is none; write it as name@example.org")
    return written.strip()


@contextmanager
def _errors(name: str) -> Iterator[None]:
    """What the server says, as whose fault it is. Raises Refused, Denied, Unavailable, Unanswered."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise Denied(f"{name}: the mail server does not take our password ({error.smtp_code})") from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        kind = Denied if min(codes) >= PERMANENT else Unavailable
        raise kind(f"{name}: the mail server refused every recipient ({_codes(codes)})") from error
    except smtplib.SMTPSenderRefused as error:
        kind = Denied if error.smtp_code >= PERMANENT else Unavailable
        raise kind(f"{name}: the mail server refused the sender ({error.smtp_code})") from error
    except smtplib.SMTPDataError as error:
        refusal = Refused if error.smtp_code >= PERMANENT else Unavailable
        raise refusal(f"{name}: the mail server refused the message ({error.smtp_code})") from error
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPNotSupportedError) as error:
        raise Unavailable(f"{name}: {one_line(str(error), 200)}") from error
    except ConnectionRefusedError as error:
        raise Unavailable(f"{name}: the mail server does not answer") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unanswered(f"{name}: {type(error).__name__}: {one_line(str(error), 200)}") from error


def _codes(codes: set[int]) -> str:
    return ", ".join(map(str, sorted(codes)))
