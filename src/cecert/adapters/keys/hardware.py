"""A seal whose key never leaves its hardware: a token, a smart card or an HSM, by PKCS #11.

The maker's library does the work. One session for each token stays open in a process, because
a log-in is the process's and not the session's, and because a PIN is asked for once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from cecert.adapters.keys.digests import longest_ecdsa, signs_digest
from cecert.adapters.keys.seal import SealKey, is_issued_by
from cecert.errors import KeyStoreError, SealError
from cecert.ports import HardwareKey

if TYPE_CHECKING:
    from pkcs11 import PrivateKey, Session

__all__ = ["PIN", "HardwareSigner", "open_hardware_seal"]

PIN = "CECERT_PKCS11_PIN"
"""Environment variable that holds the PIN."""

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a SHA-256 in the DigestInfo that RSA signs (RFC 8017, 9.2)."""


class HardwareSigner:
    """Signs with a private key in hardware; threads may share one, and take turns."""

    def __init__(
        self,
        session: _Held,
        key: PrivateKey,
        public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    ) -> None:
        """Take the session, the key as the session has it, and the public half of it."""
        self._session = session
        self._key = key
        self._bits = public_key.key_size
        self._is_rsa = isinstance(public_key, rsa.RSAPublicKey)
        self.algorithm = "sha256_rsa" if self._is_rsa else "sha256_ecdsa"
        self.longest = bytes(self._bits // 8) if self._is_rsa else longest_ecdsa(self._bits)

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of *digest*, in the form CMS has it.

        Raises:
            SealError: If the hardware was taken away, or refuses.
        """
        if self._is_rsa:
            return self._session.sign(self._key, _SHA256_INFO + digest, rsa=True)
        signature = self._session.sign(self._key, digest, rsa=False)
        half = len(signature) // 2
        r, s = (int.from_bytes(each) for each in (signature[:half], signature[half:]))
        return encode_dss_signature(r, s)


@dataclass(slots=True)
class _Held:
    """A session that a process holds with a token.

    Attributes:
        session: Logged in.
        pin: SHA-256 of the PIN it was opened with.
        lock: For one call at a time: a session does one thing.
        lost: Whether it has failed; the next one who asks gets a new one.
    """

    session: Session
    token: str
    pin: bytes
    lock: RLock
    lost: bool = False

    def sign(self, key: PrivateKey, data: bytes, *, rsa: bool) -> bytes:
        """Return what the hardware signs.

        Raises:
            SealError: If it does not.
        """
        from pkcs11 import Mechanism
        from pkcs11.exceptions import PKCS11Error

        mechanism = Mechanism.RSA_PKCS if rsa else Mechanism.ECDSA
        try:
            with self.lock:
                return bytes(key.sign(data, mechanism=mechanism))  # type: ignore[attr-defined]
        except PKCS11Error as error:
            self.lost = True
            raise SealError(
                f"the token {self.token} did not sign: {_why(error)}",
                hint="put it back if it was taken out, and run the command again: what was "
                "entered before stands",
            ) from error


_held: dict[tuple[str, str], _Held] = {}
_opening = RLock()


def open_hardware_seal(place: HardwareKey, pin: str) -> SealKey:
    """Open the seal that a token holds: a private key, its certificate, and those above it.

    Args:
        place: Where it is.
        pin: Of the token's user.

    Raises:
        KeyStoreError: If the library, token, key or certificate is not there, the PIN is wrong,
            or key and certificate are not of each other.
    """
    session = _session(place, pin)
    from pkcs11.exceptions import PKCS11Error

    try:
        with session.lock:
            found = _private_keys(session.session, place.key)
            certificates = _certificates(session.session)
    except PKCS11Error as error:
        session.lost = True
        raise _refused(place, f"cannot be read: {_why(error)}") from error
    if len(found) != 1:
        raise _refused(place, f"has {len(found)} private keys {place.key}")
    own = [cert for label, cert in certificates if label == place.cert]
    if len(own) != 1:
        labels = ", ".join(sorted({label for label, _ in certificates})) or "none"
        raise _refused(place, f"has {len(own)} certificates {place.cert}; it has these: {labels}")
    public = own[0].public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise _refused(place, f"has a key {place.key} that is neither ECDSA nor RSA")
    signer = HardwareSigner(session, found[0], public)
    _try_out(place, signer, public)
    return SealKey(signer, own[0], _above(own[0], [cert for _, cert in certificates]))


def _session(place: HardwareKey, pin: str) -> _Held:
    """Return the session that this process has with a token, opened if there is none."""
    digest = sha256(pin.encode()).digest()
    with _opening:
        found = _held.get((place.module, place.token))
        if found is not None and not found.lost and found.pin == digest:
            return found
        if found is not None:
            del _held[place.module, place.token]
            _close(found)
        made = _Held(_opened(place, pin), place.token, digest, RLock())
        _held[place.module, place.token] = made
        return made


def _close(held: _Held) -> None:
    from pkcs11.exceptions import PKCS11Error

    with suppress(PKCS11Error):  # it was lost: there is nothing to close
        held.session.close()


def _opened(place: HardwareKey, pin: str) -> Session:
    try:
        import pkcs11
        from pkcs11.exceptions import (
            NoSuchToken,
            PinIncorrect,
            PinInvalid,
            PinLenRange,
            PinLocked,
            PKCS11Error,
        )
    except ImportError as error:
        raise KeyStoreError(
            "keys in hardware need python-pkcs11, which is not installed",
            hint="pip install 'cecert[pkcs11]'",
        ) from error
    try:
        library = pkcs11.lib(place.module)
    except (RuntimeError, OSError, PKCS11Error) as error:
        raise KeyStoreError(
            f"{place.module} cannot be loaded: {error}",
            hint="check module in [keys] pkcs11: it is the library of the hardware's maker",
        ) from error
    try:
        # A token that was put in since is seen only by who begins anew.
        if not any(each.label == place.token for each in library.get_tokens()):
            _lose(place.module)
            library.reinitialize()
        token = library.get_token(token_label=place.token)
        return token.open(user_pin=pin)
    except PinLocked as error:
        raise _refused(place, "is locked, after too many wrong PINs") from error
    except (PinIncorrect, PinInvalid, PinLenRange) as error:
        raise KeyStoreError(
            f"the PIN of the token {place.token} is wrong",
            hint=f"check {PIN}; a token locks itself after a few wrong ones",
        ) from error
    except NoSuchToken as error:
        raise _refused(place, "is not there") from error
    except PKCS11Error as error:
        raise _refused(place, f"cannot be opened: {_why(error)}") from error


def _lose(module: str) -> None:
    """Forget the sessions of a library that begins anew, which ends them all."""
    for (other, _), each in _held.items():
        each.lost = each.lost or other == module


def _private_keys(session: Session, label: str) -> list[PrivateKey]:
    from pkcs11 import Attribute, ObjectClass

    # A search that is left half-way blocks the session.
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}
    return list(session.get_objects(wanted))  # type: ignore[arg-type]  # they are such


def _certificates(session: Session) -> list[tuple[str, x509.Certificate]]:
    from pkcs11 import Attribute, ObjectClass

    found = []
    for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            cert = x509.load_der_x509_certificate(bytes(each[Attribute.VALUE]))
        except ValueError:
            continue  # another kind of certificate
        found.append((str(each[Attribute.LABEL]), cert))
    return found


def _try_out(
    place: HardwareKey,
    signer: HardwareSigner,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
) -> None:
    """Sign something, and refuse a key that is not the certificate's.

    Raises:
        KeyStoreError: If it is not.
    """
    digest = sha256(b"cecert tries out a seal").digest()
    try:
        signature = signer.sign(digest)
    except SealError as error:
        raise KeyStoreError(str(error), hint=error.hint) from error
    if not signs_digest(public, signature, digest):
        raise _refused(place, f"has a key {place.key} that is not the certificate {place.cert}'s")


def _above(cert: x509.Certificate, held: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Return the certificates above *cert*, the nearest first, without a root."""
    chain: list[x509.Certificate] = []
    own = cert
    while own.issuer != own.subject:
        above = [each for each in held if is_issued_by(own, each) and each not in chain]
        if not above or above[0].issuer == above[0].subject:
            break
        own = above[0]
        chain.append(own)
    return tuple(chain)


def _why(error: Exception) -> str:
    """Return what the library says, which is often no more than the name of the error."""
    return str(error) or type(error).__name__


def _refused(place: HardwareKey, why: str) -> KeyStoreError:
    return KeyStoreError(
        f"the token {place.token} {why}",
        hint="check pkcs11 in [keys]; the maker's tool, or pkcs11-tool -O, lists what it has",
    )
