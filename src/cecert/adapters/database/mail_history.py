"""Mails and events held against one another: what was promised, sent and decided, and by whom.

Each question is one statement, which finds only what disagrees. Numbers show what is
missing where they have no gaps; here each certificate and each mail asks for the events
that it must have, which holds on PostgreSQL, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    folded_forms,
    outbox,
    reported,
)
from cecert.domain.mail.message import FIRST, RESEND, RETRY, MailState
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Irregularity

__all__ = ["mail_history_faults"]

_DECIDED = (
    MailState.SENT,
    MailState.FAILED,
    MailState.BOUNCED,
    MailState.UNCERTAIN,
    MailState.CANCELLED,
)
"""The states that a mail gets in the transaction of an event of that kind."""

_OF_LETTERS = ("queued", "resent", "deferred", *(state.value for state in _DECIDED))
"""Kinds of events that only mails have."""

_UNTOLD = "it is {state}, and no event says that it became so then"

_FINAL = {
    "sent": (MailState.SENT, MailState.BOUNCED),
    "bounced": (MailState.BOUNCED,),
    "cancelled": (MailState.CANCELLED,),
}
"""Kinds of events that a mail has once at most, and the states that it may have since."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of all rows at once.

    Attributes:
        found: The rows that disagree; `whose` is the certificate.
        place, sentence: Of a row, with its columns in braces.
    """

    found: Select[Any]
    place: str
    sentence: str


def mail_history_faults(connection: Connection, provider: str) -> Iterator[Irregularity]:
    """Yield what mails and events say otherwise than one another, or than the certificates.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
    """
    for question in _questions(provider):
        for row in connection.execute(question.found):
            said = row._asdict()
            place, sentence = question.place.format(**said), question.sentence.format(**said)
            yield Irregularity(_certificate_id(row.whose), place, sentence)


def _certificate_id(whose: str) -> CertificateId | None:
    try:
        return CertificateId.parse(whose)
    except ValueError:
        return None


def _questions(provider: str) -> Iterator[_Question]:
    yield from _of_entering(provider)
    yield from _of_mails(provider)
    yield _of_decisions(provider)
    yield from _of_counts(provider)
    yield from _of_letters(provider)
    yield _of_nobody(provider)


_own, _mail, _event = certificates.c, outbox.c, events.c
_WHOSE = type_coerce(_own.id, Text).label("whose")
_ITS_MAIL = and_(_mail.provider_id == _own.provider_id, _mail.certificate_id == _own.id)
_AGAIN = or_(_mail.key.like(f"%{RESEND}-%"), _mail.key.like(f"%{RETRY}-%"))


def _of_entering(provider: str) -> Iterator[_Question]:
    """Ask what entering a certificate writes: its first mail, and that it was queued."""
    first = select(_mail.number).where(_ITS_MAIL, _mail.key == _own.id.concat(f":{FIRST}"))
    entered = select(_WHOSE).where(_own.provider_id == provider)
    yield _Question(entered.where(~exists(first)), "mails", "none was queued when it was entered")
    queued = events.alias("queued")
    at_once = select(queued.c.number).where(
        queued.c.provider_id == _event.provider_id,
        queued.c.certificate_id == _event.certificate_id,
        queued.c.kind == "queued",
        queued.c.at == _event.at,
        queued.c.actor == _event.actor,
        queued.c.reason == "",
    )
    issued = select(type_coerce(_event.certificate_id, Text).label("whose"), _event.actor)
    issued = issued.where(_event.provider_id == provider, _event.kind == "issued")
    why = "none says that its mail was queued by {actor} at the instant at which it was issued"
    yield _Question(issued.where(~exists(at_once)), "events", why)


def _of_mails(provider: str) -> Iterator[_Question]:
    """Ask whether mails go where their certificates go, and carry their files."""
    place = "mail {key}"
    mails = select(_WHOSE, _mail.key).join_from(outbox, certificates, _ITS_MAIL)
    mails = mails.where(_mail.provider_id == provider)
    beginning = _own.id.concat(":")
    others = func.substr(_mail.key, 1, func.length(beginning)) != beginning
    yield _Question(mails.where(others), place, "it is numbered for another certificate")
    told = mails.add_columns(_mail.recipient, _own.email)
    unsaid = and_(_mail.recipient != _own.email, ~exists(_resent_to(_mail.recipient)))
    why = "it goes to {recipient}; its certificate goes to {email}, and no event says otherwise"
    yield _Question(told.where(unsaid), place, why)
    course = mails.add_columns(_mail.course_id, _own.course_id.label("own"))
    why = "it is of course {course_id}; its certificate is of {own}"
    yield _Question(course.where(_mail.course_id != _own.course_id), place, why)
    # What the first one carries is looked at with the certificate; a mail may carry no file.
    file = and_(_AGAIN, _mail.sha256.not_in(["", _own.sha256]))
    yield _Question(mails.where(file), place, "it carries another file than its certificate's")


def _resent_to(address: ColumnElement[str]) -> Select[Any]:
    """Return the query of events that say to whom else a mail of a certificate goes.

    An event in words that are not cecert's own may say anything.
    """
    told = _event.reason
    foreign = and_(told.not_like("to %"), told.not_like("came back: %"))
    its = _event.provider_id == _mail.provider_id, _event.certificate_id == _mail.certificate_id
    named = told == literal("to ").concat(address)
    return select(_event.number).where(*its, _event.kind == "resent", or_(named, foreign))


def _of_decisions(provider: str) -> _Question:
    """Ask for the event that tells how each mail got its state, at the instant it did."""
    state = type_coerce(_mail.state, Text)
    ended = and_(
        _mail.state == MailState.CANCELLED, _event.kind.in_(["cancelled", "revoked", "superseded"])
    )
    told = select(_event.number).where(
        _event.provider_id == _mail.provider_id,
        _event.certificate_id == _mail.certificate_id,
        _event.at == _mail.settled_at,
        or_(_event.kind == state, ended),
    )
    mails = select(
        type_coerce(_mail.certificate_id, Text).label("whose"), _mail.key, state.label("state")
    ).where(
        _mail.provider_id == provider,
        _mail.certificate_id.is_not(None),
        _mail.state.in_(_DECIDED),
    )
    return _Question(mails.where(~exists(told)), "mail {key}", _UNTOLD)


def _of_counts(provider: str) -> Iterator[_Question]:
    """Ask whether more is told of mails than there are."""
    told = _counted_events(provider)
    mails = _counted_mails(provider)
    both = mails.c.whose == told.c.whose
    for kind in _FINAL:
        said, done = told.c[kind], func.coalesce(mails.c[kind], 0)
        found = select(told.c.whose, said.label("said"), done.label("done"))
        found = found.outerjoin_from(told, mails, both).where(said > done)
        why = f"{{said}} say that a mail of it was {kind}, and {{done}} of its mails were"
        yield _Question(found, "events", why)
    queued: ColumnElement[int] = func.coalesce(told.c.queued, 0)
    promised = mails.c.mails - mails.c.resent
    fewer = select(mails.c.whose, queued.label("said"), promised.label("done"))
    fewer = fewer.outerjoin_from(mails, told, both).where(queued < promised)
    yield _Question(
        fewer, "events", "{said} say that a mail was queued, and {done} of its mails were"
    )
    once_more: ColumnElement[int] = func.coalesce(told.c.resent, 0)
    again = select(mails.c.whose, once_more.label("said"), mails.c.resent.label("done"))
    again = again.outerjoin_from(mails, told, both).where(once_more != mails.c.resent)
    why = "{said} say that a mail was queued once more, and {done} of its mails were"
    yield _Question(again, "events", why)
    lost = select(told.c.whose, told.c.resent.label("said")).outerjoin_from(told, mails, both)
    lost = lost.where(mails.c.whose.is_(None), told.c.resent > 0)
    yield _Question(lost, "events", "{said} say that a mail was queued once more; it has none")


def _counted_events(provider: str) -> Subquery:
    kinds = (*_FINAL, "queued", "resent")
    counts = [_sum(_event.kind == kind).label(kind) for kind in kinds]
    whose = type_coerce(_event.certificate_id, Text).label("whose")
    query = select(whose, *counts).where(
        _event.provider_id == provider,
        _event.certificate_id.is_not(None),
        _event.kind.in_(kinds),
    )
    return query.group_by(_event.certificate_id).subquery()


def _counted_mails(provider: str) -> Subquery:
    counts = [_sum(_mail.state.in_(states)).label(kind) for kind, states in _FINAL.items()]
    whose = type_coerce(_mail.certificate_id, Text).label("whose")
    counts += [_sum(_AGAIN).label("resent"), func.count().label("mails")]
    query = select(whose, *counts).where(
        _mail.provider_id == provider, _mail.certificate_id.is_not(None)
    )
    return query.group_by(_mail.certificate_id).subquery()


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _of_letters(provider: str) -> Iterator[_Question]:
    """Ask the same of letters, which are of no certificate: their events have their keys."""
    letters = (_mail.provider_id == provider, _mail.certificate_id.is_(None))
    told = (
        select(_event.key, _event.kind, _event.at)
        .where(
            _event.provider_id == provider,
            _event.certificate_id.is_(None),
            _event.kind.in_(_OF_LETTERS),
        )
        .distinct()
        .subquery()
    )
    state = type_coerce(_mail.state, Text)
    mails = select(literal("").label("whose"), _mail.key, state.label("state"))
    its = and_(told.c.key == _mail.key, told.c.kind.in_(["queued", "resent"]))
    queued = mails.outerjoin_from(outbox, told, its).where(*letters, told.c.key.is_(None))
    yield _Question(queued, "mail {key}", "no event says that it was queued")
    its = and_(told.c.key == _mail.key, told.c.kind == state, told.c.at == _mail.settled_at)
    decided = mails.outerjoin_from(outbox, told, its).where(*letters, told.c.key.is_(None))
    decided = decided.where(_mail.state.in_(_DECIDED))
    yield _Question(decided, "mail {key}", _UNTOLD)
    its = and_(_mail.provider_id == provider, _mail.key == told.c.key)
    lost = select(literal("").label("whose"), told.c.key, told.c.kind)
    lost = lost.outerjoin_from(told, outbox, its).where(_mail.key.is_(None))
    yield _Question(lost, "mail {key}", "an event says that it is {kind}, and it is not there")


def _of_nobody(provider: str) -> _Question:
    """Ask for rows of certificates that are not there."""
    its = select(_own.number)
    queries = [
        select(
            literal(of.name).label("name"),
            type_coerce(of.c.certificate_id, Text).label("whose"),
            func.count().label("rows"),
        )
        .where(
            of.c.provider_id == provider,
            of.c.certificate_id.is_not(None),
            ~exists(
                its.where(_own.provider_id == of.c.provider_id, _own.id == of.c.certificate_id)
            ),
        )
        .group_by(of.c.certificate_id)
        for of in (events, outbox, credit_lines, folded_forms, reported)
    ]
    found = union_all(*queries).subquery()
    why = "{rows} of its rows are of {whose}, a certificate that the ledger does not have"
    return _Question(select(found), "table {name}", why)
