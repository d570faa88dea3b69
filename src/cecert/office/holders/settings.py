"""What the environment adds to an office's file: secrets, a mail service, a Zoom app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cecert.domain.mail.account import MailAccount, MailSecurity
from cecert.errors import ConfigurationError, Fault

if TYPE_CHECKING:
    from cecert.adapters.office_files.zoom_app import ZoomApp
    from cecert.adapters.zoom import ZoomAccount

__all__ = ["LEDGER_URL", "ZOOM_SECRET", "Secrets", "overridden", "zoom_account"]

LEDGER_URL = "CECERT_LEDGER_URL"
"""Names the ledger's URL, password and all."""

ZOOM_SECRET = "CECERT_ZOOM_CLIENT_SECRET"


class Secrets:
    """Where an office's secrets are: in the environment, else in files.

    A file that others than its owner may read is used as any other, and warned of once.
    """

    def __init__(
        self, environ: Mapping[str, str], warn: Callable[[str], None] | None = None
    ) -> None:
        """Look secrets up in *environ*; *warn* is told what a person should know of files."""
        self._environ = environ
        self._warn = warn
        self._warned: set[Path] = set()
        self._lock = Lock()

    def find(self, variable: str, file: Path | None = None) -> str | None:
        """Return what a variable holds, else a file's first line; None without either.

        Raises:
            ConfigurationError: If the file is needed and cannot be read.
        """
        if (found := self._environ.get(variable)) or file is None:
            return found or None
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{file} cannot be read: {error}") from error
        self.look_at(file)
        return text.split("\n")[0].rstrip("\r") or None

    def look_at(self, file: Path) -> None:
        """Warn of a file that holds a secret, if others than its owner may read it."""
        from cecert.adapters.storage.posix import others_may_read

        if self._warn is None or not others_may_read(file):
            return
        with self._lock:
            if file in self._warned:
                return
            self._warned.add(file)
        self._warn(
            f"{file} holds a secret, and others than its owner may read it: chmod 600 ends that"
        )


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST, _PORT = "CECERT_SMTP_HOST", "CECERT_SMTP_PORT"
_SECURITY, _USER = "CECERT_SMTP_SECURITY", "CECERT_SMTP_USER"
_LARGEST_PORT = 65_535


def overridden(account: MailAccount, environ: Mapping[str, str]) -> MailAccount:
    """Return *account* as the `CECERT_SMTP_*` variables change it.

    A host takes the place of a Maildir. An empty variable counts as not set, but for the
    user: "" is nobody, who needs no AUTH.

    Raises:
        ConfigurationError: If one of them cannot be used; every such one is listed.
    """
    given = {name: environ[name] for name in (_HOST, _PORT, _SECURITY) if environ.get(name)}
    faults = tuple(_faults(given))
    if not account.host and _HOST not in given:
        faults += tuple(_strays(environ))
    if faults:
        raise ConfigurationError("the mail account cannot be used", faults)
    security = account.security
    if _SECURITY in given:
        security = MailSecurity(given[_SECURITY])
    elif _HOST in given:
        security = _default_security(given[_HOST], security)
    return replace(
        account,
        host=given.get(_HOST, account.host),
        port=int(given.get(_PORT, account.port or (security.usual_port if _HOST in given else 0))),
        security=security,
        user=environ.get(_USER, account.user),
    )


def _faults(given: Mapping[str, str]) -> Iterator[Fault]:
    host, port, security = (given.get(each) for each in (_HOST, _PORT, _SECURITY))
    if host and any(each.isspace() or not each.isprintable() for each in host):
        yield Fault(_HOST, host, "is no name of a host")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) <= _LARGEST_PORT):
        yield Fault(_PORT, port, f"is not a whole number from 1 to {_LARGEST_PORT}")
    known = [each.value for each in MailSecurity]
    if security and security not in known:
        yield Fault(_SECURITY, security, f"is not one of {', '.join(known)}")


def _strays(environ: Mapping[str, str]) -> Iterator[Fault]:
    for name in (_PORT, _SECURITY, _USER):
        if value := environ.get(name):
            problem = f"is a mail service's, and [mail] names a Maildir; set {_HOST} too"
            yield Fault(name, value, problem)


def _default_security(host: str, of_file: MailSecurity) -> MailSecurity:
    """Return what another host is spoken to with, where nobody says: none on loopback only."""
    if host in _LOOPBACK:
        return MailSecurity.NONE
    return MailSecurity.STARTTLS if of_file is MailSecurity.NONE else of_file


def zoom_account(app: ZoomApp, secrets: Secrets) -> ZoomAccount:
    """Return the app that the office asks Zoom with: the file's, overridden by `CECERT_ZOOM_*`.

    Raises:
        ConfigurationError: If something of it is missing; all of it is named.
    """
    from cecert.adapters.zoom import ZoomAccount

    account_id = secrets.find("CECERT_ZOOM_ACCOUNT_ID") or app.account_id
    client_id = secrets.find("CECERT_ZOOM_CLIENT_ID") or app.client_id
    secret = secrets.find(ZOOM_SECRET, app.secret_file) or ""
    found = {"account_id": account_id, "client_id": client_id, "the client secret": secret}
    if missing := [name for name, value in found.items() if not value]:
        verb = "is" if len(missing) == 1 else "are"
        raise ConfigurationError(
            f"Zoom cannot be asked: {' and '.join(missing)} {verb} missing",
            hint="name the app in [zoom] of cecert.toml; its client secret is in "
            f"{ZOOM_SECRET}, or in the file that client_secret_file names",
        )
    return ZoomAccount(account_id, client_id, secret, app.api_url, app.token_url)
