"""The credit a course offers, and what it asks of a participant.

Credit is hours of one credential type: a course of six hours may offer the same six to
three boards, and they never add up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cecert.argument_types import typed
from cecert.domain.values.states import state_name
from cecert.domain.values.wording import joined
from cecert.errors import WrongValueError

__all__ = ["Category", "CreditLine", "CreditPeriod", "CreditTotal", "Requirements"]


@dataclass(frozen=True, slots=True)
class Category:
    """Part of a credit line's hours that counts for a subject. Threads may share it.

    Attributes:
        code: The subject: `clinical`, `ethics`.
        hours: In hours, of those of the line; in hundredths at most.
    """

    code: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a participant must have done, besides attending all sessions in full.

    Threads may share it.

    Attributes:
        visible: On camera throughout, by the moderator's note.
        evaluation: The course evaluation was completed.
        attestation: The participant's own statement of attendance was given.
        fee: The CE fee was paid.
        post_test: Pass mark in per cent, None where there is no test.
        roles: Roles besides participant that may earn credit.
    """

    visible: bool = False
    evaluation: bool = False
    attestation: bool = False
    fee: bool = False
    post_test: Decimal | None = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CreditLine:
    """Hours of one credential type on one course, with all that is printed about them.

    Threads may share it.

    The approval's facts and the statement's words are resolved when the course is
    loaded (`cecert.domain.course.authorisation`), so that what is decided, drawn and entered
    is one frozen value.

    Attributes:
        credential: The credential type, a regime's id: `ny-social-work`.
        code: Its number in the token (docs/spec/token.md W2).
        hours: In hundredths at most, more than zero.
        unit: Printed below the hours: `contact hours`.
        profession: `Social work`, or "" for attendance.
        jurisdiction: `New York`, or "".
        label: One line for mails and the verify page: `New York, social work`.
        requirements: What this credit asks of a participant.
        retention_years: How long the certificate's record must be kept, in years.
        awarded_by: The organisation that awards it, as printed; "" for attendance.
        approver: Who approved it, as printed; "" for attendance.
        number: As listed without `#`: `0169`; "" where there is none.
        number_label: What stands before the number: `No.`.
        number_none_issued: The approver issues none, and the certificate says so.
        token_provider: What the token carries as provider-no, "" for nothing.
        valid_from: First day of the approval, None where there is none.
        valid_to: Last day of the approval, None where it has no term.
        statement: The approval statement's words, frozen; "" for attendance.
        categories: Subject split; the sum is at most `hours`.
        unit_short: The unit where its column is too narrow for all of it; "" for none.
        approver_label: What stands above the approver, "" for the usual `Approved by`.
        basis: The rule that deems it approved, printed instead of the approver; or "".
        category_label: What the categories are, `Field of study`; "" for no word.
        states: Two letters of each state whose licensees it is for, where it is printed as
            that of the person's licence (`of_states`); () for others.
        general: The jurisdiction of such a line for who holds no such licence, else "".
    """

    credential: str
    code: int
    hours: Decimal
    unit: str
    profession: str
    jurisdiction: str
    label: str
    requirements: Requirements
    retention_years: int
    awarded_by: str = ""
    approver: str = ""
    number: str = ""
    number_label: str = "No."
    number_none_issued: bool = False
    token_provider: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    statement: str = ""
    categories: tuple[Category, ...] = ()
    unit_short: str = ""
    approver_label: str = ""
    basis: str = ""
    category_label: str = ""
    states: tuple[str, ...] = ()
    general: str = ""

    @typed
    def __post_init__(self) -> None:
        for value in (self.hours, *(each.hours for each in self.categories)):
            if not value.is_finite() or not 0 < value < _MOST_HOURS or value != round(value, 2):
                raise WrongValueError(f"hours {value} are not a positive number of hundredths")
        total = sum((each.hours for each in self.categories), Decimal())
        if total > self.hours:
            raise WrongValueError(f"categories sum to {total} hours, the credit has {self.hours}")

    def __hash__(self) -> int:
        # Equal lines have these in common. Batches look their lines up again and again, and to
        # hash all that a line says takes ten times as long.
        return hash((self.credential, self.code, self.number, self.statement))

    def of_states(self, held: Collection[str]) -> CreditLine:
        """Return a line of several states as that of those in which somebody holds a licence.

        Args:
            held: Two letters of each state of the person's licences.
        """
        if not self.states:
            return self
        own = [state_name(each) for each in self.states if each in held]
        label = self.label.removesuffix(f" ({self.jurisdiction})")
        if not own:
            return replace(self, jurisdiction=self.general, label=label)
        names = joined(own)
        return replace(self, jurisdiction=names, label=f"{label} ({names})")

    @property
    def hundredths(self) -> int:
        """The hours as the token carries them."""
        return int(self.hours * 100)


@dataclass(frozen=True, slots=True)
class CreditPeriod:
    """The credit of whoever completes a course on certain days. Threads may share it.

    Attributes:
        first: The first of them.
        last: The last of them, None where they have no end.
        line: Resolved from what is in force on them.
    """

    first: date
    last: date | None
    line: CreditLine

    def holds(self, day: date) -> bool:
        """Say whether it is the credit of *day*."""
        return self.first <= day <= (self.last or date.max)


@dataclass(frozen=True, slots=True)
class CreditTotal:
    """The credit of whoever attended sessions of a conference that have so many hours.

    Threads may share it.

    Attributes:
        hours: Of the sessions, added up.
        line: The credit for them, by the regime's step.
    """

    hours: Decimal
    line: CreditLine


_MOST_HOURS = 100_000
