"""Two authorities of time stamps that have nothing in common: OpenSSL's, and certomancer's.

Each answers on HTTP as it would; a fault is played by who stands between.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import cms, tsp
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    CertificateBuilder,
    Name,
    NameAttribute,
    ObjectIdentifier,
    UnrecognizedExtension,
)
from cryptography.x509.oid import NameOID
from papers import private_key
from time_stamps import Authority

__all__ = ["Faulty", "answered_by_certomancer", "answered_by_openssl", "certomancer_root", "served"]

CERTOMANCER = """
external-url-prefix: "http://localhost"
keysets:
  office:
    path-prefix: .
    keys: {root: {path: root.pem}, tsa: {path: tsa.pem}}
pki-architectures:
  office:
    keyset: office
    entity-defaults: {organization-name: A test}
    entities: {root: {common-name: Root of stamps}, tsa: {common-name: Stamps}}
    certs:
      root:
        subject: root
        issuer: root
        subject-key: root
        authority-key: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        extensions:
          - {id: basic_constraints, critical: true, value: {ca: true}}
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [key_cert_sign, crl_sign]}
      tsa:
        subject: tsa
        issuer: root
        subject-key: tsa
        authority-key: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        extensions:
          - {id: extended_key_usage, critical: true, value: [time_stamping]}
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [digital_signature]}
    services:
      time-stamping:
        tsa: {signing-cert: tsa}
"""


def answered_by_openssl(authority: Authority, query: bytes) -> bytes:
    """Return what OpenSSL's authority answers."""
    folder = authority.folder
    (folder / "asked").write_bytes(query)
    command = [
        "openssl", "ts", "-reply", "-config", folder / "tsa.cnf", "-queryfile",
        folder / "asked", "-out", folder / "answer",
    ]  # fmt: skip
    subprocess.run([*map(str, command)], capture_output=True, check=True)
    return (folder / "answer").read_bytes()


def certomancer(folder: Path) -> Any:  # noqa: ANN401  # it has no types
    """Return certomancer's architecture, with keys made in a folder."""
    from certomancer.registry import CertomancerConfig

    for name in ("root", "tsa"):
        command = ["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout"]
        subprocess.run([*command, "-out", folder / f"{name}.pem"], check=True)
    (folder / "office.yml").write_text(CERTOMANCER)
    config = CertomancerConfig.from_yaml(CERTOMANCER, key_search_dir=str(folder))
    from certomancer.registry import ArchLabel

    return config.get_pki_arch(ArchLabel("office"))


def certomancer_root(architecture: Any) -> bytes:  # noqa: ANN401
    """Return the root of certomancer's authority, DER."""
    from certomancer.registry import CertLabel

    return bytes(architecture.get_cert(CertLabel("root")).dump())


def answered_by_certomancer(architecture: Any, query: bytes) -> bytes:  # noqa: ANN401
    """Return what certomancer's authority answers."""
    from certomancer.registry import ServiceLabel

    stamper = architecture.service_registry.summon_timestamper(ServiceLabel("tsa"))
    return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump())


@dataclass
class Faulty:
    """An authority behind HTTP, and what is wrong with it today.

    Attributes:
        answer: Answers a query.
        fault: "" for nothing.
        login: What a request must say of who asks; "" for nothing.
        asked: How often it was asked.
        together: How many were asked at one time, at most.
    """

    answer: Any
    fault: str = ""
    login: str = ""
    asked: int = 0
    together: int = 0
    now: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, query: bytes) -> tuple[int, bytes]:
        """Return the status and body of an answer."""
        counted = self.fault != "silent"  # whoever asked has left long before it ends
        with self.lock:
            self.asked += 1
            self.now += counted
            self.together = max(self.together, self.now)
        try:
            return self._reply(query)
        finally:
            with self.lock:
                self.now -= counted

    def _reply(self, query: bytes) -> tuple[int, bytes]:
        request = tsp.TimeStampReq.load(query)
        match self.fault:
            case "500":
                return 500, b"no"
            case "silent":
                time.sleep(1.5)
                return 200, b""
            case "page":
                return 200, b"<html>log in first</html>"
            case "endless":
                return 200, bytes(1 << 20)
            case "nonce":
                request["nonce"] = request["nonce"].native + 1
            case "imprint":
                request["message_imprint"]["hashed_message"] = bytes(32)
            case "slow":
                time.sleep(0.05)
        if self.fault in {"nonce", "imprint"}:
            query = request.dump(force=True)
        answer = self.answer(query)
        return 200, _with_a_long_chain(answer) if self.fault == "long chain" else answer


def _with_a_long_chain(answer: bytes) -> bytes:
    """Return an answer whose stamp brings 20 kB of certificates along; no signature is of them."""
    reply = tsp.TimeStampResp.load(answer)
    held = reply["time_stamp_token"]["content"]["certificates"]
    for number in range(5):
        held.append(cms.CertificateChoices.load(_large_certificate(number)))
    return bytes(reply.dump(force=True))


@cache
def _large_certificate(number: int) -> bytes:
    """Return a certificate of 4 kB, DER: what authorities put in about policies and notices."""
    key = private_key(f"authority {number}")
    name = Name([NameAttribute(NameOID.COMMON_NAME, f"Authority {number}")])
    notice = UnrecognizedExtension(ObjectIdentifier("2.16.840.1.113730.1.13"), bytes(4000))
    builder = CertificateBuilder(name, name, key.public_key(), number + 1)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
    made = builder.add_extension(notice, critical=False).sign(key, SHA256())
    return made.public_bytes(Encoding.DER)


@contextmanager
def served(authority: Faulty) -> Iterator[str]:
    """Serve an authority; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = authority.reply(query)
            if authority.login != (self.headers["Authorization"] or ""):
                status, body = 401, b"who are you?"
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
