"""chasquid: a real mail server with TLS and AUTH, run from its package without installing it."""

from __future__ import annotations

import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from running import free_ports

USER, PASSWORD = "ce@sender.test", "a secret for tests"
DOMAIN = "recipient.test"
MDA = """\
#!/bin/sh
new=$(mktemp "{mailboxes}/.new-XXXXXX") && cat > "$new" && mv "$new" "{mailboxes}/$(date +%s%N)-$$"
"""


@dataclass(frozen=True)
class Chasquid:
    """A running server.

    Attributes:
        starttls_port, tls_port: Submission, with STARTTLS and with TLS from the first byte.
        mailboxes: Every mail it delivered, a file each.
    """

    starttls_port: int
    tls_port: int
    mailboxes: Path

    def delivered(self, count: int, patience: float = 20) -> Sequence[bytes]:
        """Return what was delivered, once it is *count* mails, or after *patience* seconds."""
        end = time.monotonic() + patience
        while len(found := self._mails()) < count and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def _mails(self) -> list[bytes]:
        paths = sorted(each for each in self.mailboxes.iterdir() if each.name[0] != ".")
        return [each.read_bytes() for each in paths]


def programs(folder: Path) -> Path:
    """Return the folder of chasquid's programs; without them, unpack its package in *folder*."""
    if found := shutil.which("chasquid"):
        return Path(found).parent
    subprocess.run(["apt-get", "download", "chasquid"], cwd=folder, check=True, capture_output=True)
    (package,) = folder.glob("chasquid_*.deb")
    subprocess.run(["dpkg", "-x", package, folder], check=True)
    return folder / "usr" / "bin"


@contextmanager
def chasquid_server(folder: Path, authority: trustme.CA) -> Iterator[Chasquid]:
    """Run chasquid in *folder*, with a certificate for `localhost` by *authority*."""
    binaries = programs(folder)
    ports = free_ports(4)
    config = _configured(folder, authority, ports)
    util: list[str | Path] = [binaries / "chasquid-util", f"--configdir={config}"]
    for user in (USER, f"p1@{DOMAIN}"):
        subprocess.run(
            [*util, "user-add", user, f"--password={PASSWORD}"], check=True, capture_output=True
        )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "chasquid", f"--config_dir={config}"], stdout=log, stderr=log
        )
        try:
            _await_port(ports[2], server, folder / "log")
            yield Chasquid(ports[1], ports[2], folder / "mailboxes")
        finally:
            server.terminate()
            server.wait(10)


def _configured(folder: Path, authority: trustme.CA, ports: Sequence[int]) -> Path:
    config, mailboxes = folder / "config", folder / "mailboxes"
    for part in (f"domains/{DOMAIN}", "domains/sender.test", "certs/localhost"):
        (config / part).mkdir(parents=True)
    mailboxes.mkdir()
    (config / "domains" / DOMAIN / "aliases").write_text("*: p1\n")
    mda = folder / "mda"
    mda.write_text(MDA.format(mailboxes=mailboxes))
    mda.chmod(mda.stat().st_mode | stat.S_IXUSR)
    certificate = authority.issue_cert("localhost")
    chain = b"".join(each.bytes() for each in certificate.cert_chain_pems)
    (config / "certs/localhost/fullchain.pem").write_bytes(chain)
    (config / "certs/localhost/privkey.pem").write_bytes(certificate.private_key_pem.bytes())
    (config / "chasquid.conf").write_text(
        f"""\
hostname: "localhost"
smtp_address: "127.0.0.1:{ports[0]}"
submission_address: "127.0.0.1:{ports[1]}"
submission_over_tls_address: "127.0.0.1:{ports[2]}"
monitoring_address: "127.0.0.1:{ports[3]}"
mail_delivery_agent_bin: "{mda}"
data_dir: "{folder / "data"}"
mail_log_path: "<stdout>"
"""
    )
    return config


def _await_port(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(log.read_text(errors="replace"))
