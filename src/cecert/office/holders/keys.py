"""Who holds an office's keys: where their passphrases are, and what soon ends is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.assets import asset_folder
from cecert.adapters.clock import SystemClock
from cecert.adapters.storage.posix import read_linked
from cecert.domain.course.regime import Regime
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.trust_file import TRUST_FILE, TrustFile
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import KeyStoreError
from cecert.office.holders.settings import Secrets
from cecert.ports import Clock, HardwareKey

# The key library is imported where it is used: deciding needs none.
if TYPE_CHECKING:
    from cecert.adapters.keys import KeyFacts, SealKey
    from cecert.adapters.office_files import OfficeFile
    from cecert.domain.cose.cose import TokenSigner

__all__ = [
    "KEY_PASSPHRASE",
    "ROOT_PASSPHRASE",
    "SEAL_PASSPHRASE",
    "TIMESTAMP_PASSWORD",
    "KeyHolder",
    "SigningKeys",
]

KEY_PASSPHRASE, ROOT_PASSPHRASE = "CECERT_KEY_PASSPHRASE", "CECERT_ROOT_PASSPHRASE"
SEAL_PASSPHRASE = "CECERT_SEAL_PASSPHRASE"
TIMESTAMP_PASSWORD = "CECERT_TIMESTAMP_PASSWORD"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys that issuing needs, open.

    Attributes:
        token: Signs tokens.
        ids: Secret that certificate ids are derived with.
        seal: Seals PDFs.
    """

    token: TokenSigner
    ids: bytes = field(repr=False)
    seal: SealKey


class KeyHolder:
    """Whoever holds the keys that an office's file names.

    Attributes:
        file: What `cecert.toml` says.
        clock: The machine's.
    """

    def __init__(
        self, file: OfficeFile, secrets: Secrets, ask: Callable[[str], str] | None
    ) -> None:
        """Take the office's file, where passphrases are looked up, and who is asked for one.

        Internal.
        """
        self.file = file
        self.clock: Clock = SystemClock()
        self._secrets = secrets
        self._ask = ask

    @cached_property
    def regimes(self) -> Mapping[str, Regime]:
        """The regimes cecert ships and the office's own, by credential type."""
        from cecert.adapters.office_files import read_regimes

        return read_regimes(asset_folder("templates") / "regimes", self.file.regimes)

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
        from cecert.office.holders.key_warnings import key_warnings

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

    def timestamp_password(self) -> str | None:
        """Return the password of `timestamp_user`, from the environment or its file.

        Internal.
        """
        return self._secrets.find(TIMESTAMP_PASSWORD, self.file.timestamp_password_file)

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

    def signing_keys(self) -> SigningKeys:
        """Return the keys that issuing needs, open.

        Raises:
            KeyStoreError: If a key is missing, unreadable, or its passphrase is wrong.

        Internal.
        """
        from cecert.adapters.keys import open_keys
        from cecert.adapters.keys.signatures import P256Signer

        keys = open_keys(self.file.keys, self.known_passphrase(), self.institution_seal())
        return SigningKeys(P256Signer(keys.token_key), keys.id_key, keys.seal)

    @staticmethod
    def forget_keys() -> None:
        """Forget the keys that this process has opened, of every office.

        They are kept until it ends, so that each passphrase is tried on each file once. What
        holds keys itself, a desk for one, goes on.
        """
        from cecert.adapters.keys import forget_secrets

        forget_secrets()

    def institution_seal(self) -> SealKey | None:
        """Return the institution's own seal, None where the office's own is used.

        Raises:
            KeyStoreError: If it cannot be opened.

        Internal.
        """
        from cecert.adapters.keys import open_pkcs12

        if self.file.hardware_seal is not None:
            return self._hardware_seal(self.file.hardware_seal)
        if self.file.seal is None:
            return None
        passphrase, variable = self._seal_passphrase()
        if passphrase is None and self._ask is not None:
            passphrase = self._ask("passphrase of the seal: ")
        return open_pkcs12(self.file.seal, passphrase, variable)

    def _hardware_seal(self, place: HardwareKey) -> SealKey:
        from cecert.adapters.keys import PIN, open_hardware_seal

        pin = self._secrets.find(PIN, self.file.pin_file)
        if pin is None and self._ask is not None:
            pin = self._ask(f"PIN of the token {place.token}: ")
        if pin is None:
            raise KeyStoreError(
                f"the token {place.token} needs its PIN",
                hint=f"set {PIN}, or name a file with pin_file in [keys] pkcs11",
            )
        return open_hardware_seal(place, pin)

    def _seal_passphrase(self) -> tuple[str | None, str]:
        """Return the passphrase of the institution's seal, else the keys', and its variable."""
        own = self._secrets.find(SEAL_PASSPHRASE, self.file.seal_passphrase_file)
        if own is not None:
            return own, SEAL_PASSPHRASE
        return self.passphrase(), KEY_PASSPHRASE

    def seal_findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the certificate that seals, or soon will be."""
        from cecert.adapters.keys import open_pkcs12
        from cecert.office.holders.seal import own_seal_findings, seal_findings

        now = self.clock.now()
        if self.file.hardware_seal is not None:
            return self._hardware_findings(self.file.hardware_seal, now)
        if self.file.seal is None:
            return own_seal_findings(self.file.keys, now)
        passphrase, variable = self._seal_passphrase()
        if passphrase is None:
            unread = f"was not looked into: that needs {SEAL_PASSPHRASE} or {KEY_PASSPHRASE}"
            return (Finding(Severity.WARNING, self.file.seal.name, unread),)
        try:
            seal = open_pkcs12(self.file.seal, passphrase, variable)
        except KeyStoreError as error:
            return (Finding(Severity.ERROR, self.file.seal.name, str(error)),)
        return seal_findings(seal, self.file.seal.name, now)

    def _hardware_findings(self, place: HardwareKey, now: datetime) -> tuple[Finding, ...]:
        from cecert.adapters.keys import PIN, open_hardware_seal
        from cecert.office.holders.seal import seal_findings

        where = "cecert.toml: keys.pkcs11"
        pin = self._secrets.find(PIN, self.file.pin_file)
        if pin is None:
            return (Finding(Severity.WARNING, where, f"was not looked into: that needs {PIN}"),)
        try:
            seal = open_hardware_seal(place, pin)
        except KeyStoreError as error:
            return (Finding(Severity.ERROR, where, str(error)),)
        return seal_findings(seal, where, now)

    def trust(self) -> TrustFile:
        """Return the office's signed trust file.

        Raises:
            KeyStoreError: If it is missing or damaged.
        """
        from cecert.adapters.keys.signatures import check_signature

        data = self.trust_bytes()
        try:
            return open_trust_file(data, check_signature)
        except KeysetInvalidError as error:
            raise KeyStoreError(
                f"{self.trust_path} cannot be used: {error}",
                hint="cecert keys sign makes it anew",
            ) from error

    def trust_bytes(self) -> bytes:
        """Return the office's trust file as it was signed, unopened.

        Raises:
            KeyStoreError: If it is missing; somebody may move keys away at any time.
        """
        try:
            return read_linked(self.trust_path)
        except OSError as error:
            raise KeyStoreError(
                f"{self.trust_path} cannot be read: {error.strerror}",
                hint="make keys with cecert keys init, or sign it with cecert keys sign",
            ) from error

    @property
    def trust_path(self) -> Path:
        """Where the signed trust file lies."""
        return self.file.keys / TRUST_FILE
