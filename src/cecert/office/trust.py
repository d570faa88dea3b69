"""An office's keys: who knows their passphrases, and the trust file that is signed over them.

The seal's certificate is looked into at set-up, by `lint`, and before the first certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509

from cecert.adapters.assets import asset_folder
from cecert.adapters.clock import SystemClock
from cecert.adapters.keys import (
    KeyFacts,
    KeyPurpose,
    KeyStage,
    Passphrases,
    SealKey,
    create_keys,
    list_institution_seal,
    open_root,
    read_key_facts,
)
from cecert.adapters.keys.seal import life_findings, signing_cert_findings
from cecert.adapters.keys.signatures import P256Signer, check_signature, cose_key
from cecert.adapters.office_files import OfficeFile, read_regimes
from cecert.adapters.storage.atomic import write_file
from cecert.domain.cose.cose import CoseKey
from cecert.domain.course.regime import Regime
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file, sign_trust_file
from cecert.domain.trust.trust_file import KeyState, KeyUse, SealCert, TrustedKey, TrustFile
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import KeyStoreError
from cecert.office.settings import Secrets
from cecert.office.verify import TRUST_FILE
from cecert.ports import Clock

__all__ = [
    "KEY_PASSPHRASE",
    "ROOT_PASSPHRASE",
    "KeyHolder",
    "key_warnings",
    "make_keys",
    "own_seal_findings",
    "require_fit_seal",
    "require_listed_seal",
    "seal_findings",
    "sign_office_trust",
    "trust_in_force",
    "unsigned_trust",
]

WARNED_DAYS = 60
"""Days before its end at which a key is warned of (docs/spec/seals.md 3)."""

_STATES = {
    KeyStage.ACTIVE: KeyState.ACTIVE,
    KeyStage.RETIRED: KeyState.RETIRED,
    KeyStage.COMPROMISED: KeyState.COMPROMISED,
}
_USES = {KeyPurpose.TOKEN: KeyUse.TOKEN, KeyPurpose.STATUS: KeyUse.STATUS}
_SEALS = frozenset({KeyPurpose.SEAL, KeyPurpose.INSTITUTION_SEAL})


def make_keys(
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    passphrase: str,
    root_passphrase: str,
    now: datetime,
) -> str:
    """Make the office's keys and sign its trust file; return the root's thumbprint.

    Args:
        file: Approvals, hosts, and the folder of the keys.
        regimes: By credential type.
        passphrase: For the keys of daily work.
        root_passphrase: For the root and the seal CA.
        now: The instant from which they sign, aware.

    Raises:
        KeyStoreError: If the folder holds anything, or cannot be written.
    """
    create_keys(file.keys, file.provider.name, Passphrases(passphrase, root_passphrase), now)
    return sign_office_trust(file, regimes, root_passphrase, now)


def sign_office_trust(
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    root_passphrase: str,
    now: datetime,
    seal: SealKey | None = None,
) -> str:
    """Sign the trust file anew; return the root's thumbprint, hexadecimal.

    Args:
        file: Approvals and hosts.
        regimes: By credential type.
        root_passphrase: Opens the root key.
        now: The instant of signing.
        seal: The institution's own seal, where it is not the office's; it is listed.

    Raises:
        KeyStoreError: If the root key is missing or the passphrase wrong, or the trust
            file cannot be written.
    """
    _, root_key = open_root(file.keys, root_passphrase)
    root = P256Signer(root_key)
    if seal is not None:
        list_institution_seal(file.keys, seal)
    trust = unsigned_trust(file, regimes, root.public_key, now)
    path = file.keys / TRUST_FILE
    try:
        write_file(path, sign_trust_file(trust, root))
    except OSError as error:
        raise KeyStoreError(
            f"{path} cannot be written: {error.strerror}",
            hint="make room or give write permission, then cecert keys sign",
        ) from error
    return root.public_key.thumbprint.hex()


def unsigned_trust(
    file: OfficeFile, regimes: Mapping[str, Regime], root: CoseKey, now: datetime
) -> TrustFile:
    """Return what the trust file would say if it was signed now.

    Args:
        file: Approvals, hosts, and the folder of the keys.
        regimes: By credential type.
        root: The public key of the root.
        now: The instant of signing, aware.
    """
    facts = read_key_facts(file.keys)
    scopes = credit_scopes(file.approvals, regimes)
    addresses = (file.verify_url, *file.mirrors)
    return build_trust_file(
        file.provider,
        scopes,
        hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
        link_prefixes=tuple(dict.fromkeys(f"{each}#" for each in addresses)),
        status_bases=tuple(f"{each}status/" for each in addresses),
        keys=tuple(_trusted(each, tuple(scopes)) for each in facts if each.purpose in _USES),
        seals=tuple(_seal(each) for each in facts if each.purpose in _SEALS),
        root=root,
        now=now,
        previous=trust_in_force(file.keys),
    )


def trust_in_force(keys: Path) -> TrustFile | None:
    """Return the trust file that was signed last; None if there is none that is whole."""
    try:
        return open_trust_file((keys / TRUST_FILE).read_bytes(), check_signature)
    except (OSError, KeysetInvalidError):
        return None


def _trusted(facts: KeyFacts, codes: tuple[int, ...]) -> TrustedKey:
    use = _USES[facts.purpose]
    # `read_key_facts` refuses a key without what its purpose needs.
    assert facts.public_key is not None  # noqa: S101
    assert facts.not_after is not None  # noqa: S101
    return TrustedKey(
        key=cose_key(facts.public_key),
        not_before=facts.not_before,
        not_after=facts.not_after,
        use=use,
        codes=codes if use is KeyUse.TOKEN else (),
        state=_STATES[facts.state],
        reattested=facts.reattested,
    )


def _seal(facts: KeyFacts) -> SealCert:
    assert facts.certificate_sha256 is not None  # noqa: S101  # as above
    assert facts.not_after is not None  # noqa: S101
    return SealCert(
        facts.certificate_sha256, facts.not_before, facts.not_after, _STATES[facts.state]
    )


def require_listed_seal(trust: TrustFile, seal: SealKey, now: datetime) -> None:
    """Refuse to seal with what verifiers would call unknown.

    Args:
        trust: What verifiers are given.
        seal: What certificates would get.
        now: When they would be sealed, aware.

    Raises:
        KeyStoreError: If *trust* does not list the seal's certificate as good at *now*.
    """
    digest, second = sha256(seal.certificate).digest(), int(now.timestamp())
    good = (
        each.state is KeyState.ACTIVE and each.not_before <= second <= each.not_after
        for each in trust.seals
        if each.sha256 == digest
    )
    if not any(good):
        raise KeyStoreError(
            "the trust file does not list the seal that certificates would get, or not for today",
            hint="cecert keys sign lists a seal; cecert keys rotate makes a new one",
        )


def key_warnings(facts: Sequence[KeyFacts], now: datetime) -> tuple[str, ...]:
    """Say which keys end within 60 days or have ended, each with its day."""
    newest = {each.purpose: each for each in facts if each.state is KeyStage.ACTIVE}
    if KeyPurpose.INSTITUTION_SEAL in newest:
        newest.pop(KeyPurpose.SEAL, None)  # it seals nothing
    warnings = [
        f"there is no active {purpose.value} key: {_REMEDIES[purpose]}"
        for purpose in (KeyPurpose.TOKEN, KeyPurpose.STATUS)
        if purpose not in newest
    ]
    for each in newest.values():
        if each.not_after is None:
            continue
        end = datetime.fromtimestamp(each.not_after, UTC)
        if end < now + timedelta(days=WARNED_DAYS):
            word = "ended" if end < now else "ends"
            warnings.append(f"{each.name} {word} on {end:%Y-%m-%d}: {_REMEDIES[each.purpose]}")
    return tuple(warnings)


_REMEDIES = {
    KeyPurpose.TOKEN: "cecert keys rotate",
    KeyPurpose.STATUS: "cecert keys rotate",
    KeyPurpose.SEAL: "cecert keys rotate",
    KeyPurpose.SEAL_CA: "cecert keys init --after makes a folder that succeeds this one",
    KeyPurpose.INSTITUTION_SEAL: "get its successor from the institution, then cecert keys sign",
}


# The key library is imported where it is used: deciding needs none.
if TYPE_CHECKING:
    from cecert.adapters.keys import KeyFacts, KeyStore, SealKey


KEY_PASSPHRASE, ROOT_PASSPHRASE = "CECERT_KEY_PASSPHRASE", "CECERT_ROOT_PASSPHRASE"


class KeyHolder:
    """Whoever holds the keys that an office's file names.

    Attributes:
        file: What `cecert.toml` says.
        clock: The machine's.
    """

    def __init__(
        self, file: OfficeFile, secrets: Secrets, ask: Callable[[str], str] | None
    ) -> None:
        """Take the office's file, where passphrases are looked up, and who is asked for one."""
        self.file = file
        self.clock: Clock = SystemClock()
        self._secrets = secrets
        self._ask = ask

    @cached_property
    def regimes(self) -> Mapping[str, Regime]:
        """The regimes cecert ships and the office's own, by credential type."""
        own = () if self.file.regimes is None else (self.file.regimes,)
        return read_regimes(asset_folder("templates") / "regimes", *own)

    def make_keys(self, passphrase: str, root_passphrase: str | None = None) -> str:
        """Make the office's keys and sign its trust file.

        Args:
            passphrase: For the keys that daily work needs.
            root_passphrase: For the root and CA key, None for the same.

        Returns:
            The root's thumbprint, hexadecimal: verifiers pin it.

        Raises:
            KeyStoreError: If there are keys, or the folder cannot be written.
        """
        root = root_passphrase or passphrase
        return make_keys(self.file, self.regimes, passphrase, root, self.clock.now())

    def sign_trust_file(self, root_passphrase: str) -> str:
        """Sign the trust file anew, after a change of approvals, hosts or keys.

        Returns:
            The root's thumbprint, hexadecimal.

        Raises:
            KeyStoreError: If the root key is missing or the passphrase wrong.
        """
        return sign_office_trust(
            self.file, self.regimes, root_passphrase, self.clock.now(), self.institution_seal()
        )

    def key_facts(self) -> tuple[KeyFacts, ...]:
        """Return the public facts of all keys.

        Raises:
            KeyStoreError: If there are none.
        """
        from cecert.adapters.keys import read_key_facts

        return read_key_facts(self.file.keys)

    def key_warnings(self) -> tuple[str, ...]:
        """Say which keys end within 60 days or have ended, or that there are none."""
        try:
            facts = self.key_facts()
        except KeyStoreError:
            return ("there are no keys: cecert keys init makes them",)
        return key_warnings(facts, self.clock.now())

    def refuse_keys(self) -> None:
        """Refuse to make keys where there are some.

        Raises:
            KeyStoreError: If the folder holds anything.
        """
        from cecert.adapters.keys import refuse_keys

        refuse_keys(self.file.keys)

    def passphrase(self) -> str | None:
        """Return the keys' passphrase, from the environment or its file; None without one."""
        return self._secrets.find(KEY_PASSPHRASE, self.file.passphrase_file)

    def root_passphrase(self) -> str | None:
        """Return the root's own passphrase, None if it has none."""
        return self._secrets.find(ROOT_PASSPHRASE)

    def known_passphrase(self) -> str:
        """Return the keys' passphrase, which a person is asked for where nothing else knows it.

        Raises:
            KeyStoreError: If nobody knows it.
        """
        passphrase = self.passphrase()
        if passphrase is None and self._ask is not None:
            passphrase = self._ask("passphrase of the keys: ")
        if passphrase is None:
            raise KeyStoreError(
                "the keys need their passphrase",
                hint=f"set {KEY_PASSPHRASE}, or name a file with passphrase_file in [keys]",
            )
        return passphrase

    def _keys(self) -> KeyStore:
        from cecert.adapters.keys import open_keys

        return open_keys(self.file.keys, self.known_passphrase(), self.institution_seal())

    def institution_seal(self) -> SealKey | None:
        """Return the institution's own seal, None where the office's own is used.

        Raises:
            KeyStoreError: If it cannot be opened.
        """
        from cecert.adapters.keys import open_pkcs12

        return None if self.file.seal is None else open_pkcs12(self.file.seal, self.passphrase())

    def seal_findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the certificate that seals, or soon will be."""
        from cecert.adapters.keys import open_pkcs12

        now = self.clock.now()
        if self.file.seal is None:
            return own_seal_findings(self.file.keys, now)
        if (passphrase := self.passphrase()) is None:
            unread = f"was not looked into: that needs {KEY_PASSPHRASE}"
            return (Finding(Severity.WARNING, self.file.seal.name, unread),)
        try:
            seal = open_pkcs12(self.file.seal, passphrase)
        except KeyStoreError as error:
            return (Finding(Severity.ERROR, self.file.seal.name, str(error)),)
        return seal_findings(seal, self.file.seal.name, now)

    def trust(self) -> TrustFile:
        """Return the office's signed trust file.

        Raises:
            KeyStoreError: If it is missing or damaged.
        """
        from cecert.adapters.keys.signatures import check_signature

        try:
            data = self.trust_path.read_bytes()
        except OSError as error:
            raise KeyStoreError(
                f"{self.trust_path} cannot be read: {error.strerror}",
                hint="make keys with cecert keys init, or sign it with cecert keys sign",
            ) from error
        try:
            return open_trust_file(data, check_signature)
        except KeysetInvalidError as error:
            raise KeyStoreError(
                f"{self.trust_path} cannot be used: {error}",
                hint="cecert keys sign makes it anew",
            ) from error

    @property
    def trust_path(self) -> Path:
        """Where the signed trust file lies."""
        from cecert.office.verify import TRUST_FILE

        return self.file.keys / TRUST_FILE


def seal_findings(seal: SealKey, place: str, now: datetime) -> tuple[Finding, ...]:
    """Return what is wrong with the certificate of *seal* at *now*, or soon will be.

    Args:
        seal: The seal, opened.
        place: Where its certificate stands, for the findings.
        now: Aware.
    """
    cert, chain = seal.signing_cert, seal.chain
    timeless = signing_cert_findings(cert, chain, place)
    return (*timeless, *life_findings(cert, chain, place, now))


def own_seal_findings(keys: Path, now: datetime) -> tuple[Finding, ...]:
    """Return what is wrong with the office's own seal, from its public facts; () without keys."""
    try:
        facts = [each for each in read_key_facts(keys) if each.certificate]
    except KeyStoreError:
        return ()
    seals = [each for each in facts if each.purpose is KeyPurpose.SEAL]
    issuers = [each for each in facts if each.purpose is KeyPurpose.SEAL_CA]
    active = [each for each in seals if each.state is KeyStage.ACTIVE]
    if not active:
        return ()  # `key_warnings` says so
    newest = active[-1]
    # An earlier CA of the office is of no use to this certificate, and no fault of it.
    chain = tuple(_loaded(each.certificate) for each in issuers[-1:])
    cert = _loaded(newest.certificate)
    timeless = signing_cert_findings(cert, chain, newest.name)
    return (*timeless, *life_findings(cert, chain, newest.name, now))


def _loaded(certificate: bytes | None) -> x509.Certificate:
    assert certificate is not None  # noqa: S101  # only facts with one get here
    return x509.load_der_x509_certificate(certificate)


def require_fit_seal(seal: SealKey, now: datetime) -> None:
    """Refuse to seal with a certificate that makes every seal worthless.

    Raises:
        KeyStoreError: If it has an error at *now*; every one is listed.
    """
    place = "the seal's signing certificate"
    errors = [each for each in seal_findings(seal, place, now) if each.severity is Severity.ERROR]
    if errors:
        reasons = "; ".join(each.message for each in errors)
        raise KeyStoreError(
            f"{place} cannot be used: it {reasons}",
            hint="cecert keys rotate makes a new one; an institution's comes from the institution",
        )
