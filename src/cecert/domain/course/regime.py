"""Regimes: what each board says of credit, read from data files under `templates/regimes/`.

A regime is declarative, so that a school adds a board without code. Every figure
carries the evidence it rests on: cecert never calls a rule "required" whose
primary text nobody has read, and such rules only warn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from cecert.argument_types import typed
from cecert.domain.course.license_rule import LicenseRule
from cecert.errors import WrongValueError

__all__ = [
    "Figure",
    "Increment",
    "Minimum",
    "NumberPolicy",
    "Regime",
    "Renewal",
    "RuleSource",
    "StatementTemplate",
    "TimeStatement",
    "TokenProvider",
]

OWN_CODES = range(64, 256)
"""Token codes a provider may give to regimes of its own (docs/spec/token.md W2)."""

REGISTERED_CODES = range(1, 10)
"""Token codes the registry gives out (docs/spec/token.md W2).

1 NY, 2 MA, 3 APA, 4 attendance, 5 ACE, 6 NBCC, 7 CSWE schools, 8 NASBA, 9 NASW.
"""


class RuleSource(Enum):
    """How a rule is known. Threads may share it."""

    PRIMARY = "primary"
    """The regulation or the board's own text was read."""
    SECONDARY = "secondary"
    """An approved provider or an association restates it."""
    UNVERIFIED = "unverified"
    """General knowledge; never to be called required."""


class NumberPolicy(Enum):
    """Whether an approval under a regime has a number to print. Threads may share it."""

    REQUIRED = "required"
    """The approval record must carry it."""
    NONE_ISSUED = "none-issued"
    """The approver gives none: APA, and Massachusetts to a CSWE-accredited school."""
    OPTIONAL = "optional"
    """Printed when the approval record carries one."""


class TokenProvider(Enum):
    """What a token carries to say who was approved (docs/spec/token.md W2, body 5).

    Threads may share it.
    """

    NUMBER = "number"
    """The approval's number as listed, without `#`."""
    HOLDER = "holder"
    """The holder's name, where the approver gives no number (APA)."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a rule, with the evidence it rests on. Threads may share it.

    Attributes:
        value: The number; its unit is the attribute's that holds it.
        evidence: How it is known.
        source: Where it can be read.
    """

    value: int
    evidence: RuleSource
    source: str


@dataclass(frozen=True, slots=True)
class Increment:
    """The steps in which credit is given; hours between two are rounded down. Threads may share it.

    Attributes:
        steps: In hours, more than zero; where a rule leaves the choice, all it allows.
        evidence: How it is known.
        source: Where it can be read.
    """

    steps: tuple[Decimal, ...]
    evidence: RuleSource
    source: str

    @typed
    def __post_init__(self) -> None:
        if not self.steps or not all(map(_is_step, self.steps)):
            raise WrongValueError("a step of credit is more than 0 and at most 10 hours")

    @typed
    def rounded(self, hours: Decimal) -> Decimal:
        """Return *hours* rounded down, by the step that takes the least away.

        >>> steps = (Decimal(1), Decimal("0.5"), Decimal("0.2"))
        >>> Increment(steps, RuleSource.PRIMARY, "").rounded(Decimal("7.75"))
        Decimal('7.6')
        """
        _refuse_uncountable(hours)
        return max(each * (hours // each) for each in self.steps)

    @typed
    def steps_of(self, hours: Decimal) -> tuple[Decimal, ...]:
        """Return the steps of which *hours* are a multiple."""
        _refuse_uncountable(hours)
        return tuple(each for each in self.steps if hours % each == 0)


def _is_step(hours: Decimal) -> bool:
    return hours.is_finite() and 0 < hours <= _LARGEST_STEP


def _refuse_uncountable(hours: Decimal) -> None:
    if not hours.is_finite() or abs(hours) > _MOST_HOURS:
        raise WrongValueError(f"{hours} is no number of hours")


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least credit that is given, with the evidence it rests on. Threads may share it.

    Attributes:
        hours: So many hours of credit at least.
        evidence: How it is known.
        source: Where it can be read.
    """

    hours: Decimal
    evidence: RuleSource
    source: str


@dataclass(frozen=True, slots=True)
class TimeStatement:
    """The sentence that says how long an hour of credit is, with the evidence it rests on.

    Threads may share it.

    Attributes:
        text: The sentence.
        evidence: How its words are known.
        source: Where they can be read.
    """

    text: str
    evidence: RuleSource
    source: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a board asks of a licensee for each renewal, as far as its text states it.

    Threads may share it.

    Attributes:
        words: As they are told beside a transcript's total, a sentence without its end.
        months: Of the period between two renewals; None where that is not stated. Which days
            it has for somebody, only their licence says.
        evidence: How it is known.
        source: Where it can be read.
    """

    words: str
    months: int | None
    evidence: RuleSource
    source: str

    @property
    def told(self) -> str:
        """The words, and that they are not the rule's own where nobody has read that."""
        if self.evidence is RuleSource.PRIMARY:
            return self.words
        return f"{self.words} (as others restate the rule, which itself was not read)"


@dataclass(frozen=True, slots=True)
class StatementTemplate:
    """The words a certificate carries under a regime, for as long as they are right.

    Threads may share it.

    Attributes:
        name: What an approval's `statement` calls it.
        text: A sandboxed Jinja template over the fields of `statement_fields`.
        effective_from: First session date it holds for, None if always.
        effective_to: Last session date it holds for, None if still.
        evidence: How the wording is known.
        source: Where it can be read.
    """

    name: str
    text: str
    effective_from: date | None
    effective_to: date | None
    evidence: RuleSource
    source: str

    @typed
    def __post_init__(self) -> None:
        first, last = self.effective_from, self.effective_to
        if first and last and last < first:
            raise WrongValueError(
                f"statement {self.name}: effective to {last}, before its from {first}"
            )

    def effective_on(self, day: date) -> bool:
        """Say whether these words hold on *day*."""
        return (self.effective_from or day) <= day <= (self.effective_to or day)


@dataclass(frozen=True, slots=True)
class Regime:
    """What one board asks of credit and of the certificate. Threads may share it.

    Attributes:
        id: The credential type: `ny-social-work`.
        code: Its number in the token (docs/spec/token.md W2).
        profession: `Social work`.
        jurisdiction: `New York`, `APA sponsor credit`, or "" where there is none.
        label: One line for mails and the verify page: `New York, social work`.
        approver: Who approves, as printed; "" for attendance.
        citation: `8 NYCRR 74.10`, or "".
        unit: Printed below the hours: `contact hours`.
        number_policy: Whether an approval has a number.
        number_label: What stands before the number: `No.`, `ACEP No.`.
        token_provider: What the token carries as provider-no.
        approval_needed: False only for attendance, which claims no approval.
        hour_minutes: Instructional minutes in one hour of credit.
        term_years: Longest approval period, in years.
        retention_years: How long the provider keeps the record, in years.
        required_elements: What the certificate must show by primary text, by the
            names of `ELEMENTS`.
        fixed_wording: Sentences (templates) that must stand in every statement verbatim.
        statements: The statement templates, effective-dated.
        evidence: How the regime as a whole is known.
        last_verified: When a person last compared it with its sources, None if never.
        expected_elements: What it is believed to ask the certificate to show, though
            nobody has read so in primary text; a course that cannot show it is warned.
        holder_presents: The approval covers only what its holder itself presents
            (258 CMR 31.04(2)(a): "presented or conducted by").
        verified_by: Who compared it with its sources on `last_verified`, "" if nobody.
        unit_short: The unit where its column is too narrow for all of it; "" for none.
        increment: The steps in which credit is given, None where any hundredth is.
        minimum: The least credit, None where there is none.
        approver_label: What stands above the approver on a certificate, `Sponsor approved
            by`; "" for the usual `Approved by`.
        basis: The rule by which a course is deemed approved, printed instead of the
            approver; "" where a body approves.
        licenses: The licences it is for, None where nothing is known of that.
        field_of_study: Each credit names its fields of study, whose hours sum to all of it;
            they are its categories.
        time_statement: Printed after the statement, None for none.
        renewal: What its licensees need for each renewal, None where no text states it.
    """

    id: str
    code: int
    profession: str
    jurisdiction: str
    label: str
    approver: str
    citation: str
    unit: str
    number_policy: NumberPolicy
    number_label: str
    token_provider: TokenProvider
    approval_needed: bool
    hour_minutes: Figure | None
    term_years: Figure | None
    retention_years: Figure | None
    required_elements: frozenset[str]
    fixed_wording: tuple[str, ...]
    statements: tuple[StatementTemplate, ...]
    evidence: RuleSource
    last_verified: date | None
    expected_elements: frozenset[str] = frozenset()
    holder_presents: bool = False
    verified_by: str = ""
    unit_short: str = ""
    increment: Increment | None = None
    minimum: Minimum | None = None
    approver_label: str = ""
    basis: str = ""
    licenses: LicenseRule | None = None
    field_of_study: bool = False
    time_statement: TimeStatement | None = None
    renewal: Renewal | None = None

    @typed
    def __post_init__(self) -> None:
        if self.code not in REGISTERED_CODES and self.code not in OWN_CODES:
            raise WrongValueError(f"regime {self.id}: code {self.code} is not 1 to 9 or 64 to 255")
        if unknown := (self.required_elements | self.expected_elements) - ELEMENTS:
            raise WrongValueError(
                f"regime {self.id}: no certificate shows {', '.join(sorted(unknown))}"
            )
        if self.hour_minutes and not _SHORTEST <= self.hour_minutes.value <= _LONGEST:
            raise WrongValueError(f"regime {self.id}: an hour of {self.hour_minutes.value} minutes")

    @property
    def names_states(self) -> bool:
        """Whether a course's credit names the states whose licensees it is for."""
        return self.licenses is not None and self.licenses.of_credit

    def statement_named(self, name: str, day: date) -> StatementTemplate | None:
        """Return the template *name* that is effective on *day*, or None."""
        found = (each for each in self.statements if each.name == name and each.effective_on(day))
        return next(found, None)

    @property
    def retained_years(self) -> int:
        """How long records are kept: the regime's term, and seven years where unverified."""
        term = self.retention_years
        if term is None:
            return UNVERIFIED_RETENTION_YEARS
        if term.evidence is RuleSource.PRIMARY:
            return term.value
        return max(term.value, UNVERIFIED_RETENTION_YEARS)


_SHORTEST, _LONGEST = 30, 60
_LARGEST_STEP = 10
_MOST_HOURS = 100_000

ELEMENTS = frozenset(
    {"recipient_name", "licenses", "course_title", "session_dates", "location", "format", "hours",
     "unit", "categories", "provider_name", "provider_address", "provider_email", "approver",
     "approval_number", "approval_period", "statement", "instructor", "signatory", "credit_date",
     "issue_date", "certificate_id", "co_sponsor"}
)  # fmt: skip
"""The union of elements a certificate of ours shows (docs/spec/regulations.md 1)."""

UNVERIFIED_RETENTION_YEARS = 7
"""Kept so long where no primary text gives a term: above every term seen or believed."""
