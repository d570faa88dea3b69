"""A token of SoftHSM: hardware that is none, behind the interface that hardware has."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

__all__ = ["PIN", "SoftToken", "soft_token"]

PIN = "240911"
_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


@dataclass(frozen=True, slots=True)
class SoftToken:
    """A token that is called office.

    Attributes:
        module: The library that plays the hardware.
        folder: Where it keeps what it holds.
    """

    module: str
    folder: Path

    def put(
        self,
        label: str,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        *certificates: tuple[str, x509.Certificate],
    ) -> None:
        """Put a key into the token, and certificates, each with its label."""
        file = self.folder / "key.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        number = os.urandom(4).hex()
        _run(
            "softhsm2-util", "--import", file, "--token", "office", "--label", label, "--id",
            number, "--pin", PIN,
        )  # fmt: skip
        import pkcs11
        from pkcs11 import Attribute, CertificateType, ObjectClass

        library = pkcs11.lib(self.module)
        library.reinitialize()
        with library.get_token(token_label="office").open(rw=True, user_pin=PIN) as session:
            for name, cert in certificates:
                values: dict[Any, Any] = {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: name,
                    Attribute.SUBJECT: cert.subject.public_bytes(),
                    Attribute.VALUE: cert.public_bytes(Encoding.DER),
                }
                session.create_object(values)


@pytest.fixture(scope="module")
def soft_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftToken]:
    """Return a new token without keys."""
    module = next((each for each in _LIBRARIES if Path(each).exists()), None)
    if module is None:
        pytest.skip("SoftHSM is not installed")
    folder = tmp_path_factory.mktemp("soft-token")
    (folder / "held").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'held'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOFTHSM2_CONF", str(settings))
        _run(
            "softhsm2-util", "--init-token", "--free", "--label", "office", "--pin", PIN,
            "--so-pin", "00000000",
        )  # fmt: skip
        yield SoftToken(module, folder)


def _run(*command: object) -> None:
    subprocess.run([*map(str, command)], capture_output=True, check=True)
