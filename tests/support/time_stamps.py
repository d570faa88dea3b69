"""A local authority of time stamps (RFC 3161)."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import cms, tsp

__all__ = ["Authority"]

_CONFIGURATION = """
[tsa]
default_tsa = office
[office]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""
_EXTENSIONS = "extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n"


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority of OpenSSL.

    Attributes:
        folder: Where its key lies.
    """

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Authority:
        """Make the authority in an empty folder."""
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
        (folder / "own.cnf").write_text(
            f"[req]\ndistinguished_name = name\n[name]\n[stamping]\n{_EXTENSIONS}"
        )
        _run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 30,
            "-subj", "/CN=Stamps of a test", "-config", folder / "own.cnf", "-extensions",
            "stamping", "-keyout", folder / "tsa.key", "-out", folder / "tsa.pem",
        )  # fmt: skip
        return cls(folder)

    def stamped(self, data: bytes, *, certificates: bool = True) -> cms.ContentInfo:
        """Return a time stamp of *data*, with or without the authority's own certificate."""
        (self.folder / "data").write_bytes(data)
        wanted = ["-cert"] if certificates else []
        _run(
            "openssl", "ts", "-query", "-data", self.folder / "data", "-sha256", *wanted,
            "-out", self.folder / "query",
        )  # fmt: skip
        _run(
            "openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf",
            "-queryfile", self.folder / "query", "-out", self.folder / "reply",
        )  # fmt: skip
        reply = tsp.TimeStampResp.load((self.folder / "reply").read_bytes())
        assert reply["status"]["status"].native == "granted"
        return reply["time_stamp_token"]

    def vouches_for(self, stamp: cms.ContentInfo, data: bytes) -> bool:
        """Say whether OpenSSL, the referee, finds that *stamp* is one of *data*."""
        (self.folder / "data").write_bytes(data)
        (self.folder / "stamp").write_bytes(stamp.dump())
        run = subprocess.run(
            [
                "openssl", "ts", "-verify", "-data", self.folder / "data", "-token_in",
                "-in", self.folder / "stamp", "-CAfile", self.folder / "tsa.pem",
            ],
            capture_output=True, check=False,
        )  # fmt: skip
        return run.returncode == 0


def _run(*command: object) -> None:
    subprocess.run([*map(str, command)], capture_output=True, check=True)
