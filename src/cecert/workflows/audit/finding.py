"""What an audit finds: its kind, where, what is wrong and what a person can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cecert.domain.values.certificate_id import CertificateId
from cecert.workflows.log import ADOPT

__all__ = ["AuditFinding", "AuditKind"]


class AuditKind(Enum):
    """What kind of thing is wrong. Threads may share it."""

    FILE = "file"
    """It is missing, cannot be read, or is not the one that was sealed."""
    SEAL = "seal"
    TOKEN = "token"
    """The token does not verify, or says something else than the record."""
    KEY = "key"
    """Its token key was withdrawn, and nothing vouches for it."""
    KEYS = "keys"
    """The keys folder is older than the ledger, where what has ended is in use, or another's."""
    EVENT = "event"
    """Its events say otherwise than its record."""
    LEDGER = "ledger"
    """Rows of the ledger contradict one another, or its log."""
    LOG = "log"
    """The log is another than was published, or shorter."""
    SITE = "site"
    """The published site says otherwise than the ledger."""
    MAIL = "mail"
    """The mail that was promised carries another file."""
    SLOT = "slot"
    """Two certificates have one place in the status lists."""
    SUPERSESSION = "supersession"
    """A certificate and its correction do not know of each other."""
    ORPHAN = "orphan"
    """A file that no certificate names."""
    FOREIGN = "owner"
    """A file that is another user's than the archive."""


_REMEDIES = {
    AuditKind.FILE: "restore the file from the backup of the archive, under this very name",
    AuditKind.SEAL: "restore the file from the backup; if the trust file lacks the seal, "
    "cecert keys sign",
    AuditKind.TOKEN: "keep ledger and trust file as they are, and compare them with their backups",
    AuditKind.KEY: "if it is genuine, cecert keys compromise for the same key vouches for it; else "
    "cecert revoke",
    AuditKind.KEYS: "put the newest copy of the keys folder back; where there is none, cecert keys "
    "compromise (or retire) ends the use of such a key again",
    AuditKind.EVENT: "the ledger was edited by hand: compare it with its backup",
    AuditKind.LEDGER: "the ledger was edited by hand: compare it with its backup",
    AuditKind.LOG: "the ledger was edited by hand, or is an older copy: restore the newest; where "
    f"there is none, {ADOPT}",
    AuditKind.SITE: "cecert publish; if it refuses, compare the ledger with its backup",
    AuditKind.MAIL: "compare the ledger with its backup before the next cecert deliver",
    AuditKind.SLOT: "the ledger was edited by hand: compare it with its backup",
    AuditKind.SUPERSESSION: "the ledger was edited by hand: compare it with its backup",
    AuditKind.FOREIGN: "who else runs cecert here? give the file to the archive's owner, who alone "
    "may read it, after a look at who put it there",
    AuditKind.ORPHAN: "after a restore issue or correct it again, which takes it over; else a run "
    "that was killed left it, or somebody put it there: move it away after a look",
}


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong. Threads may share it.

    Attributes:
        kind: What kind of thing.
        certificate_id: Whose, None for a file that is nobody's.
        place: The file, or what else it is about.
        sentence: What is wrong, without a full stop.
    """

    kind: AuditKind
    certificate_id: CertificateId | None
    place: str
    sentence: str

    @property
    def remedy(self) -> str:
        """What a person can do about it."""
        return _REMEDIES[self.kind]
