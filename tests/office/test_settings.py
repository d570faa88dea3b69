"""What the environment adds to an office: secrets in files, and another mail service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cecert.domain.messages import MailAccount, MailSecurity
from cecert.errors import ConfigurationError
from cecert.office.settings import overridden, secret_in

ACCOUNT = MailAccount(
    host="smtp.example.edu", port=587, security=MailSecurity.STARTTLS, sender="ce@example.edu"
)


def test_a_secret_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"correct horse \r\nsecond line\n")
    assert secret_in(path) == "correct horse "
    path.write_bytes(b"\n")
    assert secret_in(path) is None
    assert secret_in(None) is None


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "no text"])
def test_a_secret_that_cannot_be_read_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="secret cannot be read"):
        secret_in(path)


def test_each_variable_overrides_its_key() -> None:
    environ = {
        "CECERT_SMTP_HOST": "mail.example.org",
        "CECERT_SMTP_PORT": "465",
        "CECERT_SMTP_SECURITY": "tls",
        "CECERT_SMTP_USER": "ce",
    }
    changed = overridden(ACCOUNT, environ)
    assert changed == replace(
        ACCOUNT, host="mail.example.org", port=465, security=MailSecurity.TLS, user="ce"
    )


def test_an_empty_variable_is_not_set_but_an_empty_user_is_nobody() -> None:
    named = replace(ACCOUNT, user="ce")
    environ = dict.fromkeys(("CECERT_SMTP_HOST", "CECERT_SMTP_PORT", "CECERT_SMTP_SECURITY"), "")
    assert overridden(named, environ) == named
    assert overridden(named, {"CECERT_SMTP_USER": ""}) == ACCOUNT


@pytest.mark.parametrize(
    ("host", "of_file", "spoken"),
    [
        ("127.0.0.1", MailSecurity.TLS, MailSecurity.NONE),
        ("mail.example.org", MailSecurity.NONE, MailSecurity.STARTTLS),
        ("mail.example.org", MailSecurity.TLS, MailSecurity.TLS),
    ],
)
def test_only_loopback_is_spoken_to_in_clear_unasked(
    host: str, of_file: MailSecurity, spoken: MailSecurity
) -> None:
    account = replace(ACCOUNT, security=of_file)
    assert overridden(account, {"CECERT_SMTP_HOST": host}).security is spoken


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٢٥", "1.5"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a whole number from 1 to 65535"):
        overridden(ACCOUNT, {"CECERT_SMTP_PORT": port})


def test_every_variable_that_is_wrong_is_listed() -> None:
    environ = {
        "CECERT_SMTP_HOST": "a b",
        "CECERT_SMTP_PORT": "smtp",
        "CECERT_SMTP_SECURITY": "ssl",
    }
    with pytest.raises(ConfigurationError) as refused:
        overridden(ACCOUNT, environ)
    assert [each.place for each in refused.value.faults] == list(environ)
    assert "is not one of starttls, tls, none" in str(refused.value)
