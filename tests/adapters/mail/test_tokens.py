"""Access tokens, from a token service of our own that speaks as Microsoft's and Google's do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import trustme
from token_service import key_file, serving

from cecert.adapters.mail import TokenSource
from cecert.adapters.mail.tokens import GoogleTokens, MicrosoftTokens, _library
from cecert.errors import ConfigurationError, DeliveryError


def asked(tokens: TokenSource, *, renew: bool = False) -> str:
    return asyncio.run(tokens.token(renew=renew))


def test_google_gives_a_token_that_is_kept_until_it_is_renewed(tmp_path: Path) -> None:
    with serving() as server:
        tokens = GoogleTokens(key_file(tmp_path, server), "ce@example.edu")
        assert [asked(tokens), asked(tokens), asked(tokens, renew=True)] == [
            "token 1", "token 1", "token 2",
        ]  # fmt: skip


def test_a_refusal_of_google_is_said(tmp_path: Path) -> None:
    with serving() as server:
        server.refuses = True
        tokens = GoogleTokens(key_file(tmp_path, server), "ce@example.edu")
        with pytest.raises(DeliveryError, match=r"Google gives no token: .*wrong secret"):
            asked(tokens)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="is no service account's key"):
        GoogleTokens(tmp_path / "key.json", "ce@example.edu")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that requests trusts, as it does where the variable is set."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authorities.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authorities.pem"))
    return made


def test_microsoft_gives_a_token_that_is_kept_until_it_is_renewed(authority: trustme.CA) -> None:
    with serving(authority) as server:
        tokens = MicrosoftTokens("tenant", "us", "secret", authority=server.base)
        assert [asked(tokens), asked(tokens), asked(tokens, renew=True)] == [
            "token 1", "token 1", "token 2",
        ]  # fmt: skip


def test_a_refusal_of_microsoft_is_said(authority: trustme.CA) -> None:
    with serving(authority) as server:
        server.refuses = True
        tokens = MicrosoftTokens("tenant", "us", "secret", authority=server.base)
        with pytest.raises(DeliveryError, match="Microsoft gives no token: wrong secret"):
            asked(tokens)


def test_a_token_service_that_is_not_there_is_said() -> None:
    with pytest.raises(DeliveryError, match="Microsoft gives no token"):
        asked(MicrosoftTokens("tenant", "us", "secret", authority="https://localhost:1"))


def test_a_library_that_is_not_installed_is_named_with_its_extra() -> None:
    with pytest.raises(ConfigurationError, match="tokens need nothing_of_that_name") as caught:
        _library("nothing_of_that_name", "microsoft")
    assert caught.value.hint == "pip install 'cecert[microsoft]'"
