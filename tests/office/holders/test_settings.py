"""What the environment adds to an office: secrets in files, and another mail service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cecert.domain.mail.account import MailAccount, MailSecurity
from cecert.errors import ConfigurationError
from cecert.office.holders.settings import Secrets, overridden

ACCOUNT = MailAccount(
    host="smtp.example.edu", port=587, security=MailSecurity.STARTTLS, sender="ce@example.edu"
)


def test_a_secret_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"correct horse \r\nsecond line\n")
    assert Secrets({}).find("PASSPHRASE", path) == "correct horse "
    path.write_bytes(b"\n")
    assert Secrets({}).find("PASSPHRASE", path) is None
    assert Secrets({"PASSPHRASE": ""}).find("PASSPHRASE") is None


def test_a_variable_goes_before_a_file_which_is_then_not_even_read(tmp_path: Path) -> None:
    secrets = Secrets({"PASSPHRASE": "battery"})
    assert secrets.find("PASSPHRASE") == "battery"
    assert secrets.find("PASSPHRASE", tmp_path / "missing") == "battery"


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, 0), (0o400, 0), (0o622, 0), (0o640, 1), (0o604, 1), (0o644, 1)]
)
def test_a_secret_that_others_may_read_is_used_and_warned_of_once(
    tmp_path: Path, mode: int, warned: int
) -> None:
    path = tmp_path / "secret"
    path.write_text("correct horse\n")
    path.chmod(mode)
    told: list[str] = []
    secrets = Secrets({}, told.append)
    assert {secrets.find("PASSPHRASE", path) for _ in range(3)} == {"correct horse"}
    warning = f"{path} holds a secret, and others than its owner may read it: chmod 600 ends that"
    assert told == [warning] * warned
    assert Secrets({}).find("PASSPHRASE", path) == "correct horse"  # who listens to nothing


def test_a_secret_s_file_that_is_gone_is_no_matter_of_its_mode(tmp_path: Path) -> None:
    told: list[str] = []
    Secrets({}, told.append).look_at(tmp_path / "gone.json")
    assert told == []


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "no text"])
def test_a_secret_that_cannot_be_read_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="secret cannot be read"):
        Secrets({}).find("PASSPHRASE", path)


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
