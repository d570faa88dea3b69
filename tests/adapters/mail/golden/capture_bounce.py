"""Captures `postfix-bounce.eml`: a bounce that a real Postfix wrote for a mail of ours.

    apt-get install --no-install-recommends postfix
    sudo .venv/bin/python tests/adapters/mail/golden/capture_bounce.py

Postfix (as root, with a configuration of its own) takes the mail, hands it to its
`smtp-sink -f RCPT`, which refuses every recipient, and returns the notification to our
return path. The message of another version may differ; look at the difference.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "support"))

from mail_office import TEMPLATES, account, issued  # noqa: E402  # after the path
from running import free_ports  # noqa: E402  # after the path

from cecert.adapters.mail import SmtpSender, TemplateMailWriter  # noqa: E402  # after the path
from cecert.testing import MemoryOffice, sample_provider  # noqa: E402  # after the path

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.example.net
mydestination = mx.example.net
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_host_lookup = native
transport_maps = inline:{{ {{example.org = smtp:[127.0.0.1]:{sink}}}, {{example.edu = mbox}} }}
mbox_destination_recipient_limit = 1
"""
MASTER = Path("/usr/share/postfix/master.cf.dist")
MBOX = "mbox unix - n n - - pipe flags=DRXhuq user=nobody argv=/usr/bin/tee {folder}/bounces/new"


def master(folder: Path, port: int) -> str:
    """Return Debian's own services without chroot, listening on *port*."""
    lines = []
    for line in MASTER.read_text().splitlines():
        words = line.split()
        if line[:1].isalpha() and len(words) > 7:
            words[4] = "n"
            if words[:2] == ["smtp", "inet"]:
                words[0] = f"127.0.0.1:{port}"
            lines.append(" ".join(words))
    return "\n".join([*lines, MBOX.format(folder=folder), ""])


def main() -> None:
    """Send one mail that bounces, and keep the bounce."""
    folder = Path(tempfile.mkdtemp(prefix="cecert-postfix-"))
    folder.chmod(0o755)
    sink, port = free_ports(2)
    for part in ("config", "queue", "data", "bounces"):
        (folder / part).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "bounces", "nobody")
    (folder / "config" / "main.cf").write_text(MAIN.format(folder=folder, sink=sink))
    (folder / "config" / "master.cf").write_text(master(folder, port))
    postfix = ["postfix", "-c", str(folder / "config")]
    refusing = subprocess.Popen(
        ["smtp-sink", "-u", "nobody", "-f", "RCPT", f"127.0.0.1:{sink}", "10"]
    )
    subprocess.run([*postfix, "start"], check=True)
    try:
        asyncio.run(send(port))
        bounce = awaited(folder / "bounces" / "new")
    finally:
        subprocess.run([*postfix, "stop"], check=False)
        refusing.terminate()
        refusing.wait()
    (HERE / "postfix-bounce.eml").write_bytes(bounce)
    shutil.rmtree(folder)


async def send(port: int) -> None:
    """Hand over one certificate's mail, whose recipient will be refused."""
    office = MemoryOffice()
    (entry,) = issued(office, 1)
    ours = account(port, bounce_to="ce-bounce@example.edu")
    writer = TemplateMailWriter(TEMPLATES, ours, sample_provider())
    mail = writer.write(entry, entry.mail, office.archive.get(entry.document))

    async def commit() -> bool:
        return True

    async with SmtpSender(ours).lane() as lane:
        print(await lane.send(mail, commit))  # whoever runs it looks


def awaited(path: Path) -> bytes:
    """Return what arrives at *path* within 30 seconds."""
    for _ in range(300):
        if path.exists() and path.stat().st_size:
            time.sleep(0.5)
            return path.read_bytes()
        time.sleep(0.1)
    raise SystemExit((path.parents[1] / "log").read_text())


if __name__ == "__main__":
    main()
