"""What the `keys` commands do to an office's keys: every change ends in a signed trust file.

Each act checks first what could stop it half-way: the passphrases, and that no
certificate that stands would lose what it rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cecert.adapters.keys import (
    KeyFacts,
    KeyPurpose,
    KeyStage,
    Passphrases,
    add_badge_key,
    attest_key,
    open_root,
    open_status_key,
    retire_keys,
    rotate_keys,
    succeed_keys,
    withdraw_keys,
)
from cecert.adapters.keys.signatures import P256Signer, cose_key
from cecert.domain.cose.cose import CoseKey
from cecert.domain.log.trusted_log import LoggedBefore
from cecert.domain.trust.reattested_list import (
    ReattestedList,
    genuine_digests,
    reattested_name,
    sealed_digests,
    sign_reattested_list,
)
from cecert.domain.trust.trust_file import KID_BYTES, KeyState
from cecert.domain.values.wording import joined
from cecert.errors import KeyStoreError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.keys.coverage import refuse_unmaking
from cecert.office.keys.ends import SEALS, settled_ends
from cecert.office.keys.events import acting
from cecert.office.keys.returned import refuse_returned_keys
from cecert.office.keys.trust import make_keys, sign_office_trust, trust_in_force

__all__ = [
    "Succession",
    "Withdrawal",
    "add_badge",
    "compromise",
    "kid_of",
    "make",
    "reattested_lists",
    "retire",
    "rotate",
    "sign",
    "succeed",
    "thumbprint_of_root",
]


@dataclass(frozen=True, slots=True)
class Succession:
    """Keys that were made to succeed a folder of older ones.

    Attributes:
        thumbprint: The new root's, hexadecimal.
        id_key_kept: False where the old id key could not be opened: certificates that are
            issued again then get other ids than before.
    """

    thumbprint: str
    id_key_kept: bool


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Keys that were withdrawn.

    Attributes:
        made: The facts of their successors.
        attested: How many tokens of each withdrawn token key go on to verify, by its name.
        sealed: How many files of each withdrawn seal go on to verify, by its name.
        ends_badges: Whether a key for badges is among the withdrawn.
    """

    made: tuple[KeyFacts, ...]
    attested: Mapping[str, int]
    sealed: Mapping[str, int]
    ends_badges: bool = False


def make(office: LedgerHolder, passphrases: Passphrases) -> str:
    """Make the office's keys and sign its trust file; return the root's thumbprint.

    Raises:
        KeyStoreError: If there are keys, or the folder cannot be written.
    """
    with acting(office):
        return make_keys(office.file, office.regimes, passphrases, office.clock.now())


def succeed(office: LedgerHolder, before: Path, passphrases: Passphrases) -> Succession:
    """Make keys that succeed those of the folder *before*, and sign a trust file over both.

    Args:
        office: The office; its own folder of keys is empty.
        before: The folder with the older keys.
        passphrases: Of the new keys; they are tried on the old id key too.

    Raises:
        KeyStoreError: If the office's folder holds anything, or the old facts cannot be read.
        ConfigurationError: If a certificate that stands would not be covered any more.
    """
    file = office.file
    with acting(office, f"succeeded those of {before}"):
        refuse_unmaking(office, before)
        refuse_returned_keys(office, folder=before)
        now = office.clock.now()
        _, kept = succeed_keys(file.keys, before, file.provider.name, passphrases, now)
        succession = Succession(_signed(office, passphrases.root), kept)
        if unfinished := _unfinished(office, before):
            # Not refused: whoever has lost the older secrets could never finish it there.
            office.warn(
                f"the withdrawal of {joined(unfinished)} did not come to its end in {before}: "
                "nothing vouches for what is genuine; "
                f"cecert keys compromise {' '.join(unfinished)} finishes it"
            )
        return succession


def sign(office: LedgerHolder, root_passphrase: str) -> str:
    """Sign the trust file anew; return the root's thumbprint, hexadecimal.

    Raises:
        KeyStoreError: If the root key is missing or the passphrase wrong.
        ConfigurationError: If a certificate that stands would not be covered any more.
    """
    with acting(office):
        refuse_returned_keys(office)
        _refuse_what_unmakes(office)
        return _signed(office, root_passphrase)


def add_badge(office: LedgerHolder, passphrases: Passphrases) -> KeyFacts:
    """Make the key that signs badges; return its facts.

    The trust file does not list it: a badge is believed by the site's name, or by its key.

    Raises:
        KeyStoreError: If there is one in use, or the passphrase is not that of the other keys.
    """
    with acting(office):
        refuse_returned_keys(office)
        return add_badge_key(office.file.keys, passphrases, office.clock.now())


def rotate(
    office: LedgerHolder, passphrases: Passphrases, *, new_passphrase: bool = False
) -> tuple[KeyFacts, ...]:
    """Make new token, status and seal keys, and retire the old ones.

    Args:
        office: The office.
        passphrases: Of the new keys.
        new_passphrase: The daily one was not that of the old keys.

    Returns:
        The facts of the new keys.

    Raises:
        KeyStoreError, ConfigurationError: As `sign`.
    """
    _require_root(office, passphrases.root)
    with acting(office):
        refuse_returned_keys(office)
        _refuse_what_unmakes(office)
        made = rotate_keys(
            office.file.keys,
            office.file.provider.name,
            passphrases,
            office.clock.now(),
            new_passphrase=new_passphrase,
        )
        _signed(office, passphrases.root)
    return made


def retire(
    office: LedgerHolder, names: Collection[str], root_passphrase: str
) -> tuple[KeyFacts, ...]:
    """End the use of keys without a successor; return those that were in use.

    Args:
        office: The office.
        names: Of the keys, or their kids in hexadecimal.
        root_passphrase: Opens the root key, which signs the trust file.

    Raises:
        KeyStoreError, ConfigurationError: As `sign`; or if a key does not retire.
    """
    _require_root(office, root_passphrase)
    with acting(office):
        ending = [_name_of(office, each) for each in names]
        refuse_returned_keys(office, ending)
        _refuse_what_unmakes(office)
        retired = retire_keys(office.file.keys, ending, office.clock.now())
        _signed(office, root_passphrase)
    return retired


def compromise(
    office: LedgerHolder, names: Collection[str], passphrases: Passphrases, reason: str = ""
) -> Withdrawal:
    """Withdraw stolen keys, vouch for the certificates that are genuine, make successors.

    Done again for a key that was withdrawn before, it makes the list of what is genuine
    anew: that is how a run that was cut off is finished.

    Args:
        office: The office; its ledger says what is genuine.
        names: Of the stolen keys, or their kids in hexadecimal.
        passphrases: Of the new keys.
        reason: For the ledger's event.

    Raises:
        KeyStoreError, ConfigurationError: As `sign`; or if a key cannot be withdrawn.
        LedgerError: If the ledger cannot be read; nothing was changed.
    """
    _require_root(office, passphrases.root)
    with acting(office, reason):
        stolen = [_name_of(office, each) for each in names]
        refuse_returned_keys(office, stolen)
        _refuse_what_unmakes(office, stolen)
        return _withdraw(office, stolen, passphrases)


def _withdraw(
    office: LedgerHolder, stolen: Collection[str], passphrases: Passphrases
) -> Withdrawal:
    folder = office.file.keys
    facts = [each for each in office.key_facts() if each.name in stolen]
    genuine = {each.name: _genuine(office, each) for each in facts if each.purpose in _ATTESTED}
    made = withdraw_keys(folder, stolen, office.file.provider.name, passphrases, office.clock.now())
    _, status_key = open_status_key(folder, passphrases.keys)
    for name, attested in genuine.items():
        signed = sign_reattested_list(attested, P256Signer(status_key))
        attest_key(folder, name, attested.sha256, {reattested_name(attested.kid): signed})
    _signed(office, passphrases.root, _logged_of(office, facts))
    counts = {name: attested.count for name, attested in genuine.items()}
    seals = {each.name for each in facts if each.purpose in SEALS}
    return Withdrawal(
        made,
        {name: count for name, count in counts.items() if name not in seals},
        {name: count for name, count in counts.items() if name in seals},
        any(each.purpose is KeyPurpose.BADGE for each in facts),
    )


def _refuse_what_unmakes(office: LedgerHolder, stolen: Collection[str] = ()) -> None:
    """Refuse to sign what certificates that stand would not outlive.

    A withdrawal that was cut off has withdrawn keys in `keys.toml`, and no list yet of what
    is genuine: signed so, the trust file would call all of it withdrawn.

    Args:
        office: The office.
        stolen: Keys whose withdrawal goes on now.

    Raises:
        KeyStoreError, ConfigurationError: If there is any; nothing was changed.
        LedgerError: If some might be, and the ledger cannot be read.
    """
    refuse_unmaking(office)
    unfinished = _unfinished(office, office.file.keys, stolen)
    if unfinished:
        raise KeyStoreError(
            f"the withdrawal of {joined(unfinished)} did not come to its end: nothing vouches yet"
            " for what is genuine, and nothing was signed",
            hint=f"cecert keys compromise {' '.join([*stolen, *unfinished])} finishes it",
        )


def _unfinished(office: LedgerHolder, signed: Path, stolen: Collection[str] = ()) -> list[str]:
    """Return the keys that were withdrawn, and of which nothing says what is genuine.

    Args:
        office: The office.
        signed: The folder with the trust file that knows of finished withdrawals.
        stolen: Keys that do not count.
    """
    trust = trust_in_force(signed)
    known = set() if trust is None else {
        *(each.kid for each in trust.keys if each.state is KeyState.COMPROMISED),
        *(each.kid for each in trust.seals if each.state is KeyState.COMPROMISED),
    }  # fmt: skip
    return [
        each.name
        for each in office.key_facts()
        if each.state is KeyStage.COMPROMISED
        and each.purpose in _ATTESTED
        and each.reattested is None
        and each.name not in stolen
        and _list_kid(each) not in known
    ]


def reattested_lists(office: LedgerHolder) -> Mapping[str, bytes]:
    """Return the lists of what is genuine of withdrawn keys, by file name, to be published.

    Raises:
        KeyStoreError: If one that the trust file names is missing or cannot be read.
    """
    lists = {}
    for each in office.key_facts():
        if each.reattested is None:
            continue
        name = reattested_name(_list_kid(each))
        try:
            lists[name] = (office.file.keys / name).read_bytes()
        except OSError as error:
            raise KeyStoreError(
                f"{office.file.keys / name} cannot be read: {error.strerror}",
                hint=f"cecert keys compromise {each.name} makes it anew",
            ) from error
    return lists


def kid_of(facts: KeyFacts) -> str:
    """Return a key's kid in hexadecimal, "" where it has none that tokens know."""
    return _cose(facts).kid.hex() if facts.purpose in _KNOWN_BY_KID else ""


_KNOWN_BY_KID = frozenset({KeyPurpose.ROOT, KeyPurpose.TOKEN, KeyPurpose.STATUS})
_ATTESTED = SEALS | {KeyPurpose.TOKEN}


def thumbprint_of_root(listed: Iterable[KeyFacts]) -> str:
    """Return the thumbprint that verifiers pin, hexadecimal."""
    roots = [each for each in listed if each.purpose is KeyPurpose.ROOT]
    return "" if not roots else _cose(roots[-1]).thumbprint.hex()


def _cose(facts: KeyFacts) -> CoseKey:
    assert facts.public_key is not None  # noqa: S101  # `read_key_facts` has looked
    return cose_key(facts.public_key)


def _name_of(office: LedgerHolder, name: str) -> str:
    by_kid = {kid_of(each): each.name for each in office.key_facts()}
    return by_kid.get(name.casefold(), name) if name else name


def _genuine(office: LedgerHolder, facts: KeyFacts) -> ReattestedList:
    """Return the list of what the ledger knows of a token key or a seal."""
    kid = _list_kid(facts)
    if facts.purpose in SEALS:
        digests = sealed_digests(_sealed_by(office, facts))
    else:
        urls = (each.certificate.token_url for each in office.ledger.walk())
        digests = genuine_digests(urls, kid)
    now = int(office.clock.now().timestamp())
    return ReattestedList(office.file.provider.id, kid, now, digests)


def _sealed_by(office: LedgerHolder, seal: KeyFacts) -> Iterator[str]:
    """Yield the SHA-256 of every file that may have that seal; the ledger knows each as genuine."""
    last = seal.not_after
    for entry in office.ledger.walk():
        second = int(entry.certificate.issued_at.timestamp())
        if seal.not_before <= second and (last is None or second <= last):
            yield entry.sha256


def _list_kid(facts: KeyFacts) -> bytes:
    digest = facts.certificate_sha256
    return _cose(facts).kid if digest is None else digest[:KID_BYTES]


def _logged_of(office: LedgerHolder, facts: Iterable[KeyFacts]) -> tuple[LoggedBefore, ...]:
    """Return what the log has now, for each token key among *facts*, which is withdrawn.

    What was logged before needs no list to stay valid; verifiers of before know lists alone.
    """
    from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash

    kids = [_cose(each).kid for each in facts if each.purpose is KeyPurpose.TOKEN]
    trust = trust_in_force(office.file.keys)
    if not kids or trust is None or not trust.logs:
        return ()
    tree = MerkleTree()
    for leaf in office.log.leaves():
        tree.add(leaf_hash(leaf))
    return tuple(LoggedBefore(kid, trust.logs[-1].origin, tree.size, tree.root) for kid in kids)


def _signed(office: LedgerHolder, root_passphrase: str, logged: Sequence[LoggedBefore] = ()) -> str:
    return sign_office_trust(
        office.file,
        office.regimes,
        root_passphrase,
        office.clock.now(),
        office.institution_seal(),
        partial(settled_ends, office),
        logged=logged,
    )


def _require_root(office: LedgerHolder, root_passphrase: str) -> None:
    open_root(office.file.keys, root_passphrase)
