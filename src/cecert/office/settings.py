"""What the environment adds to an office's file: secrets, and another mail service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cecert.domain.messages import MailAccount, MailSecurity
from cecert.errors import ConfigurationError

__all__ = ["overridden", "secret_in"]


def secret_in(path: Path | None) -> str | None:
    """Return the first line of a file that holds a secret, None where no file is named.

    Raises:
        ConfigurationError: If it cannot be read.
    """
    if path is None:
        return None
    try:
        return path.read_text("utf-8").split("\n")[0].rstrip("\r") or None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SMTP = {
    "CECERT_SMTP_HOST": "host",
    "CECERT_SMTP_PORT": "port",
    "CECERT_SMTP_SECURITY": "security",
    "CECERT_SMTP_USER": "user",
}


def overridden(account: MailAccount, environ: Mapping[str, str]) -> MailAccount:
    """Return *account* as the `CECERT_SMTP_*` variables change it.

    Raises:
        ConfigurationError: If one of them cannot be used.
    """
    given = {field: environ[name] for name, field in _SMTP.items() if name in environ}
    values: dict[str, object] = dict(given)
    try:
        if "port" in given:
            values["port"] = int(given["port"])
        if "security" in given:
            values["security"] = MailSecurity(given["security"])
        elif "host" in given:
            values["security"] = _default_security(given["host"], account.security)
    except ValueError as error:
        raise ConfigurationError(f"a CECERT_SMTP_* variable cannot be used: {error}") from error
    return replace(account, **values)  # type: ignore[arg-type]  # each value has its field's type


def _default_security(host: str, of_file: MailSecurity) -> MailSecurity:
    """Return what another host is spoken to with, where nobody says: none on loopback only."""
    if host in _LOOPBACK:
        return MailSecurity.NONE
    return MailSecurity.STARTTLS if of_file is MailSecurity.NONE else of_file
