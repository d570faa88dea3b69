"""A token service that speaks as Microsoft's and Google's do: token 1, token 2 and on."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from running import running, server_tls


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


def serving(authority: trustme.CA | None = None) -> AbstractContextManager[TokenService]:
    """Run a service in a thread, inside TLS where an authority vouches for it."""
    server = TokenService(("127.0.0.1", 0), Answers)
    if authority is not None:
        server.socket = server_tls(authority).wrap_socket(server.socket, server_side=True)
    scheme = "http" if authority is None else "https"
    server.base = f"{scheme}://localhost:{server.server_address[1]}"
    return running(server)


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
