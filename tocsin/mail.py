"""Mails the daily report to those in `TOCSIN_REPORT_TO`, through the server of `TOCSIN_SMTP_URL`."""

import smtplib
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from tocsin.errors import Misconfigured, StepFailed
from tocsin.settings import Settings

TIMEOUT_S = 30
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
SHAPE = "write it as smtp://user:password@host:port, or smtps://…"


def send_report(settings: Settings, report: Path, day: date) -> bool:
    """Send the page as a message with the page attached; False where mail is not configured.

    `smtp://` upgrades to TLS where the server offers it, and must where a password is given; `smtps://` is TLS from
    the start. Raises Misconfigured for a URL that names no server, StepFailed where some recipients were refused,
    smtplib.SMTPException or OSError when sending fails.
    """
    if settings.smtp_url is None or not settings.report_addresses:
        return False
    url = urlsplit(settings.smtp_url.get_secret_value())
    host, port = _server(url)
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with connect(host, port, timeout=TIMEOUT_S) as server:
        if url.scheme == "smtp" and (url.password or (server.ehlo()[0] == 250 and server.has_extn("starttls"))):
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        refused = server.send_message(_message(settings, report, day))
    if refused:
        said = "; ".join(
            f"{address}: {code} {words.decode(errors='replace')}" for address, (code, words) in refused.items()
        )
        raise StepFailed(f"the mail server refused some of TOCSIN_REPORT_TO, the others have it: {said}")
    return True


def _server(url: SplitResult) -> tuple[str, int]:
    try:
        if url.scheme in DEFAULT_PORTS and url.hostname:
            return url.hostname, url.port or DEFAULT_PORTS[url.scheme]
    except ValueError as error:  # a port that is no number
        raise Misconfigured(f"TOCSIN_SMTP_URL: {error}; {SHAPE}") from None
    raise Misconfigured(f"TOCSIN_SMTP_URL names no mail server; {SHAPE}")


def _message(settings: Settings, report: Path, day: date) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"Tocsin: what was said on {day:%A %d %B %Y}"
    message["From"] = settings.report_addresses[0]
    message["To"] = ", ".join(settings.report_addresses)
    message.set_content("The daily report is attached. It opens in any browser and loads nothing from elsewhere.")
    message.add_attachment(report.read_bytes(), maintype="text", subtype="html", filename=report.name)
    return message
