"""Access tokens, from a token service of our own that speaks as Microsoft's and Google's do."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from cecert.adapters.mail import TokenSource
from cecert.adapters.mail.tokens import GoogleTokens, MicrosoftTokens, _library
from cecert.errors import ConfigurationError, DeliveryError


class TokenService(ThreadingHTTPServer):
    """Gives token 1, token 2 and on; or refuses."""

    given = 0
    refuses = False
    base = ""


class Answers(BaseHTTPRequestHandler):
    server: TokenService

    def do_GET(self) -> None:  # http.server's name
        base = f"{self.server.base}/tenant"
        self.answer(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
            }
        )

    def do_POST(self) -> None:  # http.server's name
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refuses:
            self.answer({"error": "invalid_client", "error_description": "wrong secret"}, 401)
            return
        self.server.given += 1
        token = f"token {self.server.given}"
        self.answer({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def answer(self, document: dict[str, object], status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def serving(authority: trustme.CA | None = None) -> Iterator[TokenService]:
    server = TokenService(("127.0.0.1", 0), Answers)
    if authority is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if authority is None else "https"
    server.base = f"{scheme}://localhost:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(tokens: TokenSource, *, renew: bool = False) -> str:
    return asyncio.run(tokens.token(renew=renew))


def key_file(folder: Path, server: TokenService) -> Path:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    path = folder / "key.json"
    path.write_text(
        json.dumps(
            {
                "type": "service_account",
                "client_email": "mailer@project.example",
                "private_key": pem,
                "token_uri": f"{server.base}/token",
            }
        )
    )
    return path


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
