"""An authority of time stamps is asked over HTTP (RFC 3161, 3.4), and its answer is judged.

Only a digest leaves the house. What comes back is not believed: it must be of that digest, for
this question, by an authority that is trusted, and tell the hour that our own clock tells.
"""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPException
from threading import Lock
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from asn1crypto import tsp, x509

from cecert.adapters.time_stamps.token import TimeStamp, info_of, judged_stamp
from cecert.errors import SealError
from cecert.ports import Clock
from cecert.ports.signing import STAMP_ROOM

__all__ = ["Login", "StampingAuthority"]

TOLERANCE = 300.0
"""Seconds by which the authority's clock and ours may differ."""

SECONDS, TRIES, PAUSE = 10.0, 2, 60.0
"""How long an answer is waited for, how often it is asked for, and for how long nobody is
asked again after that."""

_LARGEST_ANSWER = 1 << 16


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks an authority that stamps for its customers alone (RFC 7617).

    Attributes:
        user: Name at the authority.
        password: For that name.
    """

    user: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """Return what the request says of it."""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


class StampingAuthority:
    """Stamps what it is given, by one authority; threads may share one.

    Attributes:
        room: Bytes of a stamp at most; a seal must leave them.
    """

    def __init__(  # noqa: PLR0913  # what is asked of whom, and what becomes of the answer
        self,
        url: str,
        roots: Sequence[x509.Certificate],
        clock: Clock,
        if_possible: Callable[[str], None] | None = None,
        seconds: float = SECONDS,
        *,
        login: Login | None = None,
        room: int = STAMP_ROOM,
    ) -> None:
        """Take where the authority is asked, and who vouches for it.

        Args:
            url: Its address.
            roots: Certificates of authorities that are trusted.
            clock: Ours, which it is compared with.
            if_possible: Is told, once, that there is no stamp; None where each must have one.
            seconds: How long an answer is waited for.
            login: Who asks, None for nobody that it knows.
            room: Bytes of a stamp at most.
        """
        self.room = room
        self._login = login
        self._url = url
        self._roots = roots
        self._clock = clock
        self._if_possible = if_possible
        self._seconds = seconds
        self._resting = Rest()

    def probe(self) -> None:
        """Stamp something of no meaning, to know before the first certificate.

        Raises:
            SealError: If there is no stamp, and there must be one.
        """
        self.stamp(b"cecert asks whether there will be time stamps")

    def stamp(self, value: bytes) -> bytes:
        """Return a time stamp of *value*, DER; b"" where there is none and need be none.

        Raises:
            SealError: If there must be one.
        """
        why = self._resting.why()
        for _ in range(0 if why else TRIES):
            found = self._asked(value)
            if isinstance(found, bytes):
                return found
            why = found
            if found in {_STRANGERS, _WRONG_LOGIN}:
                break  # who is refused too often is locked out
        if self._resting.begin(why) and self._if_possible is not None:
            self._if_possible(f"no time stamp: {self._url} {why}")
        if self._if_possible is None:
            raise SealError(
                f"there is no time stamp: {self._url} {why}",
                hint="run the command again later; timestamp_policy in [seal] says whether "
                "certificates may go without",
            )
        return b""

    def _asked(self, value: bytes) -> bytes | str:
        nonce = secrets.randbits(63) | 1 << 62
        answer = self._answer(_query(value, nonce))
        if isinstance(answer, str):
            return answer
        try:
            reply = tsp.TimeStampResp.load(answer, strict=True)
            if reply["status"]["status"].native not in {"granted", "granted_with_mods"}:
                return f"refused: {reply['status']['status'].native}"
            token = reply["time_stamp_token"]
            info = info_of(token)
            asked = info["nonce"].native
        except (ValueError, TypeError, LookupError, AttributeError):
            return "sent no answer of an authority of time stamps"
        if asked != nonce:
            return "answered another question (its nonce is another)"
        return self._fit(token.dump(), value)

    def _fit(self, token: bytes, value: bytes) -> bytes | str:
        if len(token) > self.room:
            return f"sent a time stamp of {len(token):,} bytes, there is room for {self.room:,}"
        found = judged_stamp(token, value, self._roots)
        if not isinstance(found, TimeStamp):
            return f"sent a time stamp that {found}"
        apart = abs((found.at - self._clock.now()).total_seconds())
        if apart > TOLERANCE:
            return f"has another clock than this machine: {found.at:%Y-%m-%d %H:%M:%S} UTC"
        return token

    def _answer(self, query: bytes) -> bytes | str:
        """Return what the authority answers, within the time for it, or why it does not."""
        request = self._request(query)
        ends = time.monotonic() + self._seconds
        try:
            with build_opener(_Staying).open(request, timeout=self._seconds) as reply:
                pieces = b""
                while piece := reply.read1(_LARGEST_ANSWER):
                    pieces += piece
                    if len(pieces) > _LARGEST_ANSWER:
                        return "sent more than an authority of time stamps does"
                    if time.monotonic() > ends:
                        return f"took longer than {self._seconds:g} seconds"
                return pieces
        except TimeoutError:
            return f"took longer than {self._seconds:g} seconds"
        except (OSError, HTTPException, ValueError) as error:
            return self._why_not(error)

    def _request(self, query: bytes) -> Request:
        headers = {"Content-Type": "application/timestamp-query"}
        if self._login is not None:
            headers["Authorization"] = self._login.header
        return Request(  # noqa: S310  # the file was asked for http or https
            self._url, query, headers, method="POST"
        )

    def _why_not(self, error: Exception) -> str:
        if isinstance(error, HTTPError):
            error.close()
            if error.code in _NOT_LET_IN:
                return _STRANGERS if self._login is None else _WRONG_LOGIN
        return f"cannot be asked: {error}"


_STRANGERS = "stamps for those alone whom it knows: see timestamp_user in [seal]"
_WRONG_LOGIN = "does not take the user and the password of [seal]"
_NOT_LET_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class _Staying(HTTPRedirectHandler):
    def redirect_request(self, *words: object) -> None:
        """Follow nobody: a digest goes to the authority that was named."""
        del words


def _query(value: bytes, nonce: int) -> bytes:
    imprint = {
        "hash_algorithm": {"algorithm": "sha256"},
        "hashed_message": sha256(value).digest(),
    }
    query = {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(query).dump())


@dataclass
class Rest:
    """A pause after a failure, in which nobody is asked."""

    _ends: float = 0.0
    _why: str = ""

    def __post_init__(self) -> None:
        self._lock = Lock()

    def why(self) -> str:
        """Return why nobody is asked now; "" if somebody may be."""
        with self._lock:
            return self._why if time.monotonic() < self._ends else ""

    def begin(self, why: str) -> bool:
        """Let nobody be asked for a while; say whether that is new."""
        with self._lock:
            is_new = time.monotonic() >= self._ends
            self._ends = self._ends if not is_new else time.monotonic() + PAUSE
            self._why = why
            return is_new
