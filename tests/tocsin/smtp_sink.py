"""A mail server of our own for tests: SMTP on 127.0.0.1, keeping what it takes, refusing whom it is told to."""

import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any


@dataclass
class Taken:
    """One message, with those to whom it was sent."""

    recipients: list[str]
    message: Message


class _Session(socketserver.StreamRequestHandler):
    server: "SmtpSink"

    def handle(self) -> None:
        """One connection: RFC 5321, as far as a client needs it that neither logs in nor encrypts."""
        self._say("220 sink.example ESMTP")
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                address = line.partition("<")[2].partition(">")[0]
                refused = address in self.server.refuses
                recipients += [] if refused else [address]
                self._say("550 no such mailbox" if refused else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                body = b"".join(part.removeprefix(b".") if part.startswith(b"..") else part for part in lines)
                self.server.taken.append(Taken(recipients, message_from_bytes(body)))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say(self.server.quits)
                return
            else:  # EHLO, MAIL, RSET
                recipients = []
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class SmtpSink(socketserver.ThreadingTCPServer):
    """`with SmtpSink() as sink:` runs it on a free port."""

    daemon_threads = True

    def __init__(self, *refuses: str, quits: str = "221 bye") -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.refuses = refuses
        self.quits = quits
        self.taken: list[Taken] = []

    @property
    def url(self) -> str:
        """What TOCSIN_SMTP_URL would be."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "SmtpSink":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()
