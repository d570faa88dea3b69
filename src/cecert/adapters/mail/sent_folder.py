"""The Sent folder over IMAP (RFC 9051): evidence that the service took a mail.

Microsoft 365 and Gmail file a copy of each mail that they take by SMTP. A mail found
there was taken. One that is not found proves nothing: the copy may come later, and the
search may run behind.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4, IMAP4_SSL

from cecert.adapters.mail.connection import Credentials
from cecert.errors import DeliveryError

__all__ = ["ImapSentFolder"]

PATIENCE = 30
"""Seconds to wait for each answer."""


class ImapSentFolder:
    """Looks for mails in a mailbox's Sent folder; it changes nothing there."""

    def __init__(
        self,
        host: str,
        port: int,
        folder: str,
        user: str,
        credentials: Credentials | None,
    ) -> None:
        """Remember where to look; nothing is connected yet.

        Args:
            host: The IMAP service's, spoken to in TLS from the first byte.
            port: Its port.
            folder: Its name as IMAP writes it, "" for the one marked as Sent (RFC 6154).
            user: Whose mailbox.
            credentials: How to log in; None if the secret is missing.
        """
        self._host, self._port = host, port
        self._folder = folder
        self._user = user
        self._credentials = credentials

    async def holds(self, message_ids: Collection[str]) -> Collection[str]:
        """Return those of *message_ids* that are in the folder.

        Raises:
            DeliveryError: If it cannot be searched.
        """
        if self._credentials is None:
            raise DeliveryError(f"mailbox {self._user} cannot be searched without its password")
        try:
            return await self._search(message_ids, await self._proof(renew=False))
        except _RefusedError as refusal:
            if self._credentials.tokens is None:
                raise DeliveryError(str(refusal)) from refusal
        try:
            return await self._search(message_ids, await self._proof(renew=True))
        except _RefusedError as refusal:
            raise DeliveryError(str(refusal)) from refusal

    async def _proof(self, *, renew: bool) -> _Proof:
        credentials = self._credentials or Credentials()
        if credentials.tokens is None:
            return _Proof("PLAIN", f"\0{self._user}\0{credentials.password}")
        token = await credentials.tokens.token(renew=renew)
        return _Proof("XOAUTH2", f"user={self._user}\1auth=Bearer {token}\1\1")

    async def _search(self, message_ids: Collection[str], proof: _Proof) -> Collection[str]:
        return await asyncio.to_thread(self._search_now, message_ids, proof)

    def _search_now(self, message_ids: Collection[str], proof: _Proof) -> Collection[str]:
        with _told(f"{self._host}:{self._port}"):
            tls = ssl.create_default_context()
            imap = IMAP4_SSL(self._host, self._port, ssl_context=tls, timeout=PATIENCE)
            try:
                _log_in(imap, proof)
                name = _quoted(self._folder) if self._folder else _marked_as_sent(imap)
                _good(imap.select(name, readonly=True))
                return [each for each in message_ids if _is_there(imap, each)]
            finally:
                _leave(imap)


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a mechanism of SASL says first; never shown."""

    mechanism: str
    words: str

    def __repr__(self) -> str:
        return "_Proof(...)"


class _RefusedError(Exception):
    """The login was refused: with tokens, another may be taken."""


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Say what went wrong as one kind of error, with its place."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        problem = f"shows a certificate that cannot be trusted: {fault.verify_message}"
        raise DeliveryError(f"{where} {problem}") from fault
    except (IMAP4.error, OSError, UnicodeError) as fault:
        raise DeliveryError(f"{where} cannot be searched: {fault}") from fault


def _log_in(imap: IMAP4, proof: _Proof) -> None:
    # A refused token is answered with a challenge, to which the answer is nothing.
    answers = iter([proof.words.encode("utf-8")])
    try:
        imap.authenticate(proof.mechanism, lambda _: next(answers, b""))
    except IMAP4.abort:
        raise
    except IMAP4.error as refusal:
        raise _RefusedError(f"the mailbox does not let us in: {refusal}") from refusal


def _leave(imap: IMAP4) -> None:
    try:
        imap.logout()
    except (IMAP4.error, OSError):
        # It closes its socket only where the service answers.
        with suppress(OSError):
            imap.shutdown()


def _marked_as_sent(imap: IMAP4) -> str:
    for line in _good(imap.list()):
        found = _LISTED.fullmatch(line) if isinstance(line, bytes) else None
        if found and b"\\sent" in found["marks"].lower().split():
            return found["name"].decode("ascii")
    raise DeliveryError(
        "the mailbox marks no folder as Sent",
        hint="name it: imaps://HOST/FOLDER in [mail] evidence",
    )


_LISTED = re.compile(rb'\((?P<marks>[^)]*)\) (?:NIL|"(?:\\.|[^"\\])*\\?") (?P<name>.+)')
"""A line of LIST (RFC 9051 7.3.1); its name goes back to the service as it came.

Each character can be read in one way only: with two, a line of backslashes has more ways
than anybody can try. A single backslash is a delimiter that some services do not escape.
"""


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_there(imap: IMAP4, message_id: str) -> bool:
    return any(_good(imap.search(None, "HEADER", "Message-ID", _quoted(message_id))))


def _good(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    verdict, lines = answer
    if verdict != "OK":
        raise IMAP4.error(f"{verdict} {lines!r}")
    return lines
