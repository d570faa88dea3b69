"""Zoom's interface over HTTP: tokens of a server-to-server app, waits that it asks for, its errors.

A token lives an hour, and a new one ends the one before; so one that Zoom calls expired is
renewed once for each question. No redirect is followed: the token goes to the stated host alone.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NoReturn
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cecert.errors import ConfigurationError, InputError

__all__ = ["Patience", "RefusedError", "ZoomAccount", "ZoomService"]

LARGEST_ANSWER = 16_000_000
"""Bytes of a page of 300 people: 300 kB, with long questions some more."""

SCOPES = (
    "report:read:list_meeting_participants:admin, meeting:read:list_registrants:admin and "
    "meeting:read:list_past_instances:admin"
)
"""What the app has to be allowed, in the words of Zoom's granular scopes."""

_LACKS_SCOPE = 4711
_EXPIRED = 401
_WAIT = 429
_BUSY = frozenset({500, 502, 503, 504})
_OK = range(200, 300)
_FIGURES = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ZoomAccount:
    """A server-to-server OAuth app of a Zoom account, and where it is asked.

    Attributes:
        account_id, client_id, secret: Of the app.
        api_url, token_url: `https://api.zoom.us/v2` and `https://zoom.us/oauth/token`.
    """

    account_id: str
    client_id: str
    secret: str = field(repr=False)
    api_url: str
    token_url: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Zoom is waited for.

    Attributes:
        answer: Seconds for one answer.
        asked: Seconds that Zoom may ask to wait, once.
        tries: How often one question is asked in all.
        pause: Waits so many seconds.
    """

    answer: float = 30.0
    asked: float = 120.0
    tries: int = 5
    pause: Callable[[float], None] = time.sleep


class RefusedError(InputError):
    """Zoom answered that it does not give what was asked.

    Attributes:
        status: Of HTTP; `fields` have it too, beside `zoom_code`, 0 without one.
    """

    code = "zoom"

    def __init__(self, message: str, status: int, code: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint, fields={"status": status, "zoom_code": code})
        self.status = status


class ZoomService:
    """Asks Zoom's interface in the name of an app."""

    def __init__(
        self, account: ZoomAccount, tell: Callable[[str], None], patience: Patience | None = None
    ) -> None:
        """Ask nothing yet.

        Args:
            account: Whose app.
            tell: Is told of each wait.
            patience: How long Zoom is waited for; None for as long as is usual.
        """
        self._account = account
        self._tell = tell
        self._patience = patience or Patience()
        self._token = ""

    @property
    def source(self) -> str:
        """The address of the interface that answers."""
        return self._account.api_url

    def get(self, path: str, asked: Mapping[str, str]) -> bytes:
        """Return the bytes of what the interface answers to a question.

        Args:
            path: Below the interface's address, encoded.
            asked: The query.

        Raises:
            ConfigurationError: If the app is refused, or may not ask this.
            RefusedError: If Zoom answers that it does not give it.
            InputError: If Zoom is silent, or asks to wait too long.
        """
        query = f"?{urlencode(asked)}" if asked else ""
        renewed = False
        while True:
            answer = self._answered(lambda: self._question(path + query))
            if answer.status in _OK:
                return answer.body
            if answer.status == _EXPIRED and answer.code != _LACKS_SCOPE and not renewed:
                self._token, renewed = "", True
                continue
            self._refuse(answer)

    def _question(self, path: str) -> Request:
        if not self._token:
            self._token = self._new_token()
        url = f"{self._account.api_url}{path}"
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        return Request(url, headers=_WHO | headers)  # noqa: S310 - https, or this machine: the office's file says

    def _new_token(self) -> str:
        answer = self._answered(self._token_question)
        if answer.status not in _OK:
            said = self._plain(answer.said or f"status {answer.status}")
            raise ConfigurationError(
                f"Zoom gives no token: {said}",
                hint="check account_id and client_id in [zoom], and the client secret; the app "
                "must be a server-to-server OAuth app, and active",
            )
        token = answer.document.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise ConfigurationError("Zoom gives no token: its answer has none")
        return token

    def _token_question(self) -> Request:
        account = self._account
        form = {"grant_type": "account_credentials", "account_id": account.account_id}
        pair = base64.b64encode(f"{account.client_id}:{account.secret}".encode()).decode()
        return Request(  # noqa: S310 - as above
            f"{account.token_url}?{urlencode(form)}",
            data=b"",
            headers=_WHO | {"Authorization": f"Basic {pair}"},
            method="POST",
        )

    def _answered(self, question: Callable[[], Request]) -> _Answer:
        """Ask until there is an answer that is no wish to wait."""
        for _ in range(self._patience.tries):
            answer = self._asked(question())
            if answer.status != _WAIT and answer.status not in _BUSY:
                return answer
            self._wait(answer)
        raise InputError(
            f"Zoom answers {answer.status} again and again; nothing was kept", hint=_LATER
        )

    def _wait(self, answer: _Answer) -> None:
        seconds = answer.wait if answer.wait is not None else 1.0
        if seconds > self._patience.asked:
            raise InputError(
                f"Zoom asks to wait {seconds:.0f} seconds; nothing was kept", hint=_LATER
            )
        self._tell(f"Zoom answers {answer.status}: waiting {seconds:.0f} s")
        self._patience.pause(seconds)

    def _asked(self, request: Request) -> _Answer:
        host = request.host
        try:
            with build_opener(_NoRedirect()).open(request, timeout=self._patience.answer) as found:
                return _Answer(found.status, _limited(found.read(LARGEST_ANSWER + 1)))
        except HTTPError as error:
            with error:
                body = b""
                with suppress(OSError, HTTPException):
                    body = error.read(LARGEST_ANSWER)
                return _Answer(error.code, body, _wait_of(error.headers))
        except TimeoutError as error:
            raise _silent(host) from error
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise _silent(host) from error
            # Its words may hold the address, and never more than that: no secret is in one.
            raise InputError(
                f"{host} cannot be asked: {self._plain(str(reason))}; nothing was kept", hint=_LATER
            ) from error

    def _refuse(self, answer: _Answer) -> NoReturn:
        said = self._plain(answer.said) or f"status {answer.status}"
        if answer.code == _LACKS_SCOPE:
            raise ConfigurationError(
                f"Zoom does not let the app ask this: {said}",
                hint=f"give the app the scopes {SCOPES}, and activate it again",
            )
        if answer.status == _EXPIRED:
            raise ConfigurationError(
                f"Zoom refuses the token: {said}",
                hint="does another program use the same app? a new token ends the one before",
            )
        raise RefusedError(f"Zoom answers: {said}", answer.status, answer.code)

    def _plain(self, text: str) -> str:
        """Return what others said as one line, without anything secret that it may repeat."""
        for secret in filter(None, (self._account.secret, self._token)):
            text = text.replace(secret, "...")
        return "".join(each if each.isprintable() else " " for each in text)[:_MOST_SAID]


_WHO = {"User-Agent": "cecert"}
_MOST_SAID = 300
_LATER = "try again later: what was fetched before is as it was"


def _silent(host: str) -> InputError:
    return InputError(f"{host} does not answer; nothing was kept", hint=_LATER)


def _limited(body: bytes) -> bytes:
    if len(body) > LARGEST_ANSWER:
        raise InputError("Zoom's answer is far too large; nothing was kept")
    return body


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was answered: of a wish to wait the seconds, None where it names none."""

    status: int
    body: bytes
    wait: float | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The answer as an object, empty where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def code(self) -> int:
        """Zoom's own code of an error, 0 without one."""
        found = self.document.get("code")
        return found if isinstance(found, int) else 0

    @property
    def said(self) -> str:
        """Zoom's own words for an error, "" without any."""
        found = self.document
        return str(found.get("message") or found.get("reason") or found.get("error") or "")


def _wait_of(headers: Message) -> float | None:
    """Return for how many seconds an answer asks to wait: stated so, or as a time."""
    text = (headers.get("Retry-After") or "").strip()
    if _FIGURES.fullmatch(text):
        return float(text)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with suppress(ValueError, TypeError):
            until = read(text)
            until = until if until.tzinfo else until.replace(tzinfo=UTC)
            return max(0.0, (until - datetime.now(UTC)).total_seconds())
    return None


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: urllib would hand the token on to whatever host is named."""

    def redirect_request(self, *_: object) -> None:
        """Follow no redirect."""
