"""What seals an office's documents: its key, and an authority that stamps the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cecert.adapters.keys import SealKey
from cecert.adapters.pades import PadesSealer, level_of, sealers_of_before
from cecert.errors import SealError
from cecert.office.holders.keys import TIMESTAMP_PASSWORD
from cecert.ports.signing import STAMP_ROOM
from cecert.workflows.issue.desk import nothing_to_ask

if TYPE_CHECKING:
    from cecert.adapters.time_stamps import Login, StampingAuthority
    from cecert.office.holders.ledger import LedgerHolder

__all__ = ["Sealing", "sealing_of", "stamping_authority"]

AT_ONCE = 4
"""Files that wait for time stamps at once: authorities limit how often they are asked."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How an office seals.

    Attributes:
        sealer: What seals.
        former: Sealers as files of before may have been sealed with the same key.
        probe: Raises SealError if what seals needs something that cannot be had now.
        level: Says what a sealed document has beyond a signature.
        at_once: How many are sealed at once.
    """

    sealer: PadesSealer
    former: Sequence[PadesSealer]
    probe: Callable[[], None]
    level: Callable[[bytes], str]
    at_once: int


def sealing_of(office: LedgerHolder, seal: SealKey) -> Sealing:
    """Return how an office seals with a key that was opened.

    Raises:
        ConfigurationError: If the certificates of `tsa_roots` cannot be read.
        SealError: If the authority knows us by a name whose password is nowhere.
    """
    authority = stamping_authority(office)
    parts = (seal.signer, seal.signing_cert, seal.chain)
    # Files of before may have room for a time stamp, or none, as the office had it then.
    before = sealers_of_before(*parts)
    if authority is None:
        former = (*before, PadesSealer(*parts, _RoomAlone()))
        return Sealing(PadesSealer(*parts), former, nothing_to_ask, _no_level, 1)
    return Sealing(
        PadesSealer(*parts, authority),
        (PadesSealer(*parts), *before),
        authority.probe,
        level_of,
        AT_ONCE,
    )


def stamping_authority(office: LedgerHolder, room: int = STAMP_ROOM) -> StampingAuthority | None:
    """Return the authority that stamps the office's seals, None where it has none.

    Args:
        office: Whose authority it is.
        room: Bytes of a stamp at most.

    Raises:
        ConfigurationError: If the certificates of `tsa_roots` cannot be read.
        SealError: If the authority knows us by a name whose password is nowhere.
    """
    file = office.file
    if not file.timestamp or file.tsa_roots is None:
        return None
    from cecert.adapters.time_stamps import StampingAuthority, read_roots

    roots = read_roots(file.tsa_roots.read_bytes(), "cecert.toml: seal.tsa_roots")
    warn = None if file.timestamp_required else office.warn
    login = _login(office)
    return StampingAuthority(file.timestamp, roots, office.clock, warn, login=login, room=room)


def _login(office: LedgerHolder) -> Login | None:
    """Return who asks the authority, None where it stamps for anybody.

    Raises:
        SealError: If the password is nowhere.
    """
    from cecert.adapters.time_stamps import Login

    user = office.file.timestamp_user
    password = office.timestamp_password() if user else None
    if user and not password:
        raise SealError(
            f"the authority of time stamps wants the password of {user}",
            hint=f"set {TIMESTAMP_PASSWORD}, or name a file with timestamp_password_file in [seal]",
        )
    return Login(user, password) if password else None


def _no_level(document: bytes) -> str:
    del document
    return ""


class _RoomAlone:
    """Stands for an authority that is asked no more: what it stamped has room for stamps."""

    room = STAMP_ROOM

    def stamp(self, value: bytes) -> bytes:
        del value
        raise SealError("the office asks for no time stamps any more")
