"""Readers of badges that are none of ours: openbadgeslib, and verifier-core by Node.js.

What npm brings is pinned by its lock, and kept in `~/.cache/cecert-tests` for the next run.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.request import HTTPSHandler, build_opener

from npm_referees import installed
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

__all__ = ["openbadgeslib_says", "verifier_core_says"]

FILES = Path(__file__).parent / "badge_referee"


def verifier_core_says(badges: Sequence[Path], authority: Path) -> list[dict[str, Any]]:
    """Return what verifier-core says of each badge, by step; `errors` names what is fatal.

    Args:
        badges: Files.
        authority: Certificate, PEM, by which the site's TLS is believed.
    """
    environ = {**os.environ, "NODE_EXTRA_CA_CERTS": str(authority)}
    program = installed(FILES) / "verify.mjs"
    said = subprocess.run(
        ["node", program, *badges], env=environ, check=True, capture_output=True, text=True
    ).stdout
    found: list[dict[str, Any]] = json.loads(said.splitlines()[-1])
    return found


def openbadgeslib_says(badge: Mapping[str, Any], authority: Path, *, status: bool) -> str:
    """Return "" where openbadgeslib accepts a badge, else why not.

    It knows no other proof of a list than a JWT's; so the list's is looked at apart.

    Args:
        badge: The credential.
        authority: As above.
        status: Whether it asks for its status too.
    """
    context = ssl.create_default_context(cafile=str(authority))
    opener = build_opener(HTTPSHandler(context=context))

    def download(url: str, *_: object, **__: object) -> bytes:
        with opener.open(url, timeout=10) as answer:
            content: bytes = answer.read()
        return content

    verifier = OB3LdpVerifier.for_issuer_did(badge["issuer"]["id"])
    try:
        if status:
            listed = json.loads(download(badge["credentialStatus"]["statusListCredential"]))
            method = listed["proof"]["verificationMethod"]
            key = resolve_verification_method(method, download=download)
            verify_data_integrity_proof(listed, key)
        verifier.verify(
            json.dumps(badge), check_status=status, verify_status_list=False, download=download
        )
    except OB3VerificationError as error:
        return str(error)
    return ""
