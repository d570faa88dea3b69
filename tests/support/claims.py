"""A regime, an approval, an offer and an office that fit together, to be changed by tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from cecert.domain.course.approval import Approval
from cecert.domain.course.authorisation import Authorised, authorise
from cecert.domain.course.credit_line import Requirements
from cecert.domain.course.credit_request import Authority, CreditOffer, Offering
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.regime import (
    Figure,
    NumberPolicy,
    Regime,
    RuleSource,
    StatementTemplate,
    TokenProvider,
)
from cecert.domain.course.session import Break, Session
from cecert.testing import sample_provider, sample_signatory

NEW_YORK = ZoneInfo("America/New_York")


def write(template: str, fields: Mapping[str, str]) -> str:
    """Fill `{name}` in; enough of a template language for the domain."""
    try:
        return template.format_map(dict(fields))
    except KeyError as error:
        raise ValueError(f"names the unknown field {error}") from error


REGIME = Regime(
    id="invented",
    code=64,
    profession="Inventing",
    jurisdiction="Utopia",
    label="Utopia, inventing",
    approver="Board of Invention",
    citation="1 Utopia 2",
    unit="contact hours",
    number_policy=NumberPolicy.REQUIRED,
    number_label="No.",
    token_provider=TokenProvider.NUMBER,
    approval_needed=True,
    hour_minutes=Figure(50, RuleSource.PRIMARY, "1 Utopia 2(a)"),
    term_years=Figure(3, RuleSource.PRIMARY, "1 Utopia 2(b)"),
    retention_years=Figure(5, RuleSource.PRIMARY, "1 Utopia 2(c)"),
    required_elements=frozenset(),
    fixed_wording=(),
    statements=(
        StatementTemplate("invented", "{holder} {number}.", None, None, RuleSource.PRIMARY, "s"),
    ),
    evidence=RuleSource.PRIMARY,
    last_verified=date(2020, 9, 1),
)

APPROVAL = Approval(
    credential="invented",
    holder=sample_provider().name,
    number="#7",
    valid_from=date(2019, 1, 1),
    valid_to=date(2021, 12, 31),
    checked_on=date(2020, 9, 1),
)

OFFER = CreditOffer("invented", Decimal(6), Requirements())


def afternoon(day: int) -> Session:
    """13:00 to 16:15 with a quarter of an hour's break: 180 minutes."""

    def at(hour: int, minute: int) -> datetime:
        return datetime(2020, 10, day, hour, minute, tzinfo=NEW_YORK)

    return Session(f"day-{day}", at(13, 0), at(16, 15), (Break(at(14, 30), at(14, 45)),))


OFFERING = Offering(
    presented_by=sample_provider().name,
    format=CourseFormat.LIVE_INTERACTIVE_WEBINAR,
    sessions=(afternoon(22), afternoon(29)),
    location="Zoom",
)


def authorised(
    *,
    offer: CreditOffer = OFFER,
    offering: Offering = OFFERING,
    approvals: tuple[Approval, ...] = (APPROVAL,),
    regime: Regime = REGIME,
) -> Authorised:
    """Authorise one credit of the invented board."""
    authority = Authority(
        sample_provider(), (sample_signatory(),), approvals, {"invented": regime}, write
    )
    return authorise(replace(offer, credential="invented"), offering, authority)
