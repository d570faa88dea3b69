"""An IMAP server (RFC 9051) of what looking for a mail needs: log in, list, examine, search.

It speaks TLS from the first byte, reads the mails of one Sent folder, and offers no
command that changes anything: whoever tries gets BAD.
"""

from __future__ import annotations

import base64
import re
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from email import message_from_bytes
from socketserver import StreamRequestHandler, ThreadingTCPServer

import trustme
from running import running, server_tls


class ImapServer(ThreadingTCPServer):
    """One mailbox.

    Attributes:
        user, password, tokens: Who is let in, with what.
        folders: Lines of LIST, as they go over the wire.
        sent: The mails in the folder that EXAMINE knows.
        name: Its name.
        faults: A command's answer instead of the usual one: `NO ...`, or `cut`.
        logins, commands: What was tried.
    """

    daemon_threads = True

    def __init__(self, authority: trustme.CA) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.context = server_tls(authority)
        self.port = int(self.server_address[1])
        self.user, self.password = "ce@example.edu", "correct horse"
        self.tokens: frozenset[str] = frozenset()
        self.folders = [r'(\HasNoChildren) "/" "INBOX"', r'(\HasNoChildren \Sent) "/" "Sent Items"']
        self.name = "Sent Items"
        self.sent: list[bytes] = []
        self.faults: dict[str, str] = {}
        self.logins = 0
        self.commands: list[str] = []

    def get_request(self) -> tuple[ssl.SSLSocket, object]:
        plain, address = super().get_request()
        secure = self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        return secure, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever hung up did so on purpose."""

    def lets_in(self, mechanism: str, words: str) -> bool:
        self.logins += 1
        if mechanism == "PLAIN":
            return words == f"\0{self.user}\0{self.password}"
        return words in {f"user={self.user}\1auth=Bearer {each}\1\1" for each in self.tokens}

    def found(self, message_id: str) -> list[int]:
        ids = [str(message_from_bytes(each)["Message-ID"]) for each in self.sent]
        # RFC 9051 6.4.4: a header is found by any part of its text.
        return [number for number, each in enumerate(ids, 1) if message_id in each]


class _Session(StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        self.say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2] ready")
        while line := self.rfile.readline().decode("ascii").rstrip("\r\n"):
            tag, command, words = re.fullmatch(r"(\S+) (\S+) ?(.*)", line).groups()  # type: ignore[union-attr]  # only imaplib speaks to it
            self.server.commands.append(f"{command} {words}".rstrip())
            if (fault := self.server.faults.get(command, "")) == "cut":
                return
            for answer in [fault] if fault else self.answers(command, words):
                self.say(answer if answer.startswith("*") else f"{tag} {answer}")
            if command == "LOGOUT":
                return

    def answers(self, command: str, words: str) -> Iterator[str]:
        if command == "CAPABILITY":
            yield "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2"
        elif command == "AUTHENTICATE":
            yield from self.authenticate(words)
            return
        elif command == "LIST":
            yield from (f"* LIST {each}" for each in self.server.folders)
        elif command == "EXAMINE":
            if words != f'"{self.server.name}"':
                yield "NO no such folder"
                return
            yield f"* {len(self.server.sent)} EXISTS"
        elif command == "SEARCH":
            wanted = re.fullmatch(r'HEADER Message-ID "(.+)"', words)
            assert wanted is not None
            yield " ".join(["* SEARCH", *map(str, self.server.found(wanted[1]))])
        elif command == "LOGOUT":
            yield "* BYE"
        else:
            yield "BAD it only looks"
            return
        yield "OK done"

    def authenticate(self, mechanism: str) -> Iterator[str]:
        self.say("+ ")
        words = base64.b64decode(self.rfile.readline()).decode("utf-8")
        if self.server.lets_in(mechanism, words):
            yield "OK you are in"
            return
        if mechanism == "XOAUTH2":
            # The reason comes as one more challenge, which the client answers with nothing.
            self.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
            assert self.rfile.readline() == b"\r\n"
        yield "NO AUTHENTICATE failed."

    def say(self, line: str) -> None:
        self.wfile.write(line.encode("utf-8") + b"\r\n")


def imap_server(authority: trustme.CA) -> AbstractContextManager[ImapServer]:
    """Run a server in a thread."""
    return running(ImapServer(authority))
