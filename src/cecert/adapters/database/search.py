"""Entries found by what somebody typed: stretches of the folded forms' index, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, and_, intersect, or_, select, union_all

from cecert.adapters.database.lookup import AT_ONCE, after, between
from cecert.adapters.database.rows import entry_of, select_entries
from cecert.adapters.database.tables import certificates, folded_forms
from cecert.domain.people.folded_forms import FormKind
from cecert.domain.people.search import PersonSearch
from cecert.ports import Entry

__all__ = ["found_entries"]


def found_entries(
    connection: Connection, provider: str, search: PersonSearch, limit: int
) -> Sequence[Entry]:
    """Return the entries that a search finds, the newest first.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
        search: What is looked for.
        limit: So many at most.
    """
    numbers = _numbers(connection, provider, search)
    found: list[Entry] = []
    # Snapshots are long: they are read of those that are shown, and not sorted.
    while len(found) < limit and (some := list(islice(numbers, AT_ONCE))):
        query = select_entries().where(certificates.c.number.in_(some))
        rows = {row.entry_number: row for row in connection.execute(query)}
        found += filter(partial(_is_found, search), (entry_of(rows[each]) for each in some))
    return found[:limit]


def _numbers(connection: Connection, provider: str, search: PersonSearch) -> Iterator[int]:
    """Return the numbers of the entries that may be found, the newest first."""
    own = certificates.c
    ids = union_all(*_ways(connection, provider, search)).subquery()
    which = own.provider_id == provider, own.id.in_(select(ids.c.certificate_id))
    query = select(own.number).where(*which).order_by(own.number.desc())
    return iter(connection.scalars(query).all())


def _is_found(search: PersonSearch, entry: Entry) -> bool:
    """Say whether an entry is found: a licence's number is held against what else was said."""
    who = entry.certificate.recipient
    return search.finds(entry.certificate.id.text, who.name, entry.email, who.licenses)


def _ways(connection: Connection, provider: str, search: PersonSearch) -> Iterator[Select[Any]]:
    """Yield queries of the ids that may be found."""
    form, own = folded_forms.c, certificates.c
    forms = select(form.certificate_id).where(form.provider_id == provider)
    if search.id_start:
        which = between(connection, own.id, search.id_start, after(search.id_start))
        yield select(own.id.label("certificate_id")).where(own.provider_id == provider, *which)
    if search.email_start:
        which = between(connection, form.form, search.email_start, after(search.email_start))
        yield forms.where(form.kind == FormKind.EMAIL.value, *which)
    if search.licenses:
        of_licenses = form.form.in_(search.licenses)
        yield forms.where(form.kind == FormKind.LICENSE.value, of_licenses)
    if search.words:
        named = [
            forms.where(
                form.kind == FormKind.NAME.value, *between(connection, form.form, each, after(each))
            )
            for each in search.words
        ]
        yield select(intersect(*named).subquery().c.certificate_id)
    if search.spaced:
        # Provider and kind stand in each part, so that each part is found by the index.
        its = form.provider_id == provider, form.kind == FormKind.NAME.value
        parts = [
            and_(*its, *between(connection, form.form, each, after(each))) for each in search.spaced
        ]
        yield forms.where(or_(*parts))
