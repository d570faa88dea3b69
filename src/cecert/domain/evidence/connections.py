"""A row of an attendance report, as evidence: who is shown, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.overrides import row_mark
from cecert.domain.values.quick_making import quickly_made

__all__ = ["Connection"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Connection:
    """One row of an attendance report: somebody's connection.

    Attributes:
        shown_name: The display name, as the platform wrote it.
        email: The address the platform knew, "" for most guests.
        platform_id: What the platform calls this person on every visit, "" if unknown.
        stay: When, and where it was read; waiting-room rows say so.
        sha256: Of the file it was read in.
        role: `host`, `panelist`, ... where the report has it.
        account: The address of the account that was signed in (Teams' UPN), "" if unknown.
        registrant_id: What the platform calls the registration, where it tells both.
        further_emails: Other addresses of the row: a webinar's registration.
        possible_emails: Addresses of several people, of whom it is one.
        further_names: Other names of the row, likewise.
        licenses: Licences of the row, as written.
        mark: Mark of what the row says, wherever it stands; made with it, as it is asked for
            again and again.
    """

    shown_name: str
    email: str
    platform_id: str
    stay: Stay
    sha256: str = ""
    role: str = ""
    account: str = ""
    registrant_id: str = ""
    further_emails: tuple[str, ...] = ()
    possible_emails: tuple[str, ...] = ()
    further_names: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    mark: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stay = self.stay
        texts = self.shown_name, self.email, self.platform_id
        mark = row_mark(texts, stay.joined, stay.left, waiting=stay.waiting, within=stay.within)
        object.__setattr__(self, "mark", mark)

    @property
    def place(self) -> str:
        """`oct29.csv:44`, as an override names it."""
        return f"{self.stay.file}:{self.stay.line}"
