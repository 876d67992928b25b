"""A mail server, as it is reached: plain, with TLS from the start, or with TLS that is asked for."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 30
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
SHAPE = "write it as smtp://user:password@host:port, or smtps://…"
ESCAPES = "write / # ? @ in a password as %2F %23 %3F %40"

Security = Literal["tls", "starttls", "offered", "none"]  # offered: STARTTLS where the server offers it


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. The password never prints."""

    host: str
    port: int
    security: Security = "offered"
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of_url(cls, url: str) -> Self:
        """`smtp://` must have TLS where a password is given, else has it where it is offered; `smtps://` always.

        Raises ValueError saying what is wrong with the URL, without repeating it.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # its words may repeat the password
            raise ValueError(f"cannot be read, or its port is no number; {SHAPE}; {ESCAPES}") from None
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise ValueError(f"names no mail server; {SHAPE}")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"says more than which server; {SHAPE}; {ESCAPES}")
        plain: Security = "starttls" if parts.password else "offered"
        security: Security = "tls" if parts.scheme == "smtps" else plain
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port or DEFAULT_PORTS[parts.scheme], security, user, password)

    @contextmanager
    def session(self, timeout_s: float = TIMEOUT_S) -> Iterator[smtplib.SMTP]:
        """A connection, logged in. Raises smtplib.SMTPException, OSError."""
        trust = ssl.create_default_context()
        made = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=timeout_s, context=trust)
            if self.security == "tls"
            else smtplib.SMTP(self.host, self.port, timeout=timeout_s)
        )
        with _until_quit(made) as server:
            if self.security == "starttls" or (self.security == "offered" and _offers_tls(server)):
                server.starttls(context=trust if self.security == "starttls" else _unproven())
            if self.user:
                server.login(self.user, self.password)
            yield server


@contextmanager
def _until_quit(made: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """As `with made`, but an odd answer to QUIT is nobody's failure: what was taken by then is not sent again."""
    try:
        yield made
    finally:
        with suppress(smtplib.SMTPException, OSError):
            made.quit()
        made.close()


def _unproven() -> ssl.SSLContext:
    """For a server that nobody gave a password for: TLS with whoever it is beats none, and was not asked for."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _offers_tls(server: smtplib.SMTP) -> bool:
    return server.ehlo()[0] == 250 and server.has_extn("starttls")
