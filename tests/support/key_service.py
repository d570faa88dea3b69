"""A key service on this machine: a P-256 key over HTTP, as Cloud KMS v1 speaks, and its client."""

from __future__ import annotations

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from given_office import HeldKey


@contextmanager
def key_service(keys: Mapping[str, HeldKey]) -> Iterator[KeyClient]:
    """Serve keys by their names as long as the context lasts, and yield a client of them."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/v1/").removesuffix("/publicKey")
            form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            self.tell({"pem": keys[name].key.public_key().public_bytes(*form).decode()})

        def do_POST(self) -> None:
            name = self.path.removeprefix("/v1/").removesuffix(":asymmetricSign")
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            digest = b64decode(asked["digest"]["sha256"], validate=True)
            self.tell({"signature": b64encode(keys[name].sign(digest)).decode()})

        def tell(self, answer: Mapping[str, str]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield KeyClient(f"http://127.0.0.1:{server.server_port}/v1/")
        finally:
            server.shutdown()
            thread.join()


class KeyClient:
    """Has the two calls of the cloud's own client that a seal needs, with their names."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_public_key(self, *, name: str) -> SimpleNamespace:
        with urlopen(f"{self._address}{name}/publicKey", timeout=20) as answer:
            return SimpleNamespace(**json.load(answer))

    def asymmetric_sign(self, *, name: str, digest: Mapping[str, bytes]) -> SimpleNamespace:
        told = {"digest": {kind: b64encode(each).decode() for kind, each in digest.items()}}
        request = Request(f"{self._address}{name}:asymmetricSign", json.dumps(told).encode())
        with urlopen(request, timeout=20) as answer:
            return SimpleNamespace(signature=b64decode(json.load(answer)["signature"]))
