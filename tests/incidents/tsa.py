"""A timestamping authority of the tests' own: certificates and answers by `openssl`, behind a real HTTP server."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CONFIG = """\
[tsa1]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""
KEY = ("-newkey", "rsa:2048", "-nodes")


class Authority:
    """Gives timestamps at `url`, as long as `answers` is None; else answers with that (status, body)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificates = folder / "ca.pem"
        self.answers: tuple[int, bytes] | None = None
        self.asked = 0
        self.last = b""
        self.heard: tuple[str, str | None] = ("", None)  # the path that was asked, and in whose name
        self._certify()
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.heard = self.path, self.headers["Authorization"]
                query = self.rfile.read(int(self.headers["Content-Length"]))
                status, body = authority.answer(query, self.headers["Content-Type"])
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsr"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, query: bytes, kind: str | None) -> tuple[int, bytes]:
        """The answer to one query."""
        self.asked += 1
        if self.answers is not None:
            return self.answers
        if kind != "application/timestamp-query":
            return 415, b""
        (self.folder / "query.tsq").write_bytes(query)
        words = ("-queryfile", "query.tsq", "-config", "tsa.cnf", "-section", "tsa1", "-out", "reply.tsr")
        self._openssl("ts", "-reply", *words)
        self.last = (self.folder / "reply.tsr").read_bytes()
        return 200, self.last

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    def _certify(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "tsa.cnf").write_text(CONFIG)
        (self.folder / "serial").write_text("01\n")
        (self.folder / "ext.cnf").write_text("extendedKeyUsage = critical,timeStamping\nkeyUsage = digitalSignature\n")
        root = ("-days", "3650", "-subj", "/CN=Sample root")
        self._openssl("req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", *root)
        self._openssl("req", *KEY, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Sample authority")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-extfile", "ext.cnf")
        self._openssl("x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *signed)

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)
