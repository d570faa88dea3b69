"""What the site says, held against the ledger: it may be behind, and never the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.cose.cose import CheckSignature
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.keys_back import going_back, is_another_office_s
from cecert.domain.trust.status_list import (
    BadStatusListError,
    Status,
    StatusList,
    open_status_list,
)
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Ledger, Site
from cecert.workflows.publish import newest_issue, trust_name

__all__ = ["SiteFault", "site_faults"]

_LOOKED_UP = 100
"""Slots of which one list's faults name the certificates."""

_SAYS = {
    CertificateState.STANDING: Status.VALID,
    CertificateState.SUPERSEDED: Status.SUPERSEDED,
    CertificateState.REVOKED: Status.REVOKED,
}


@dataclass(frozen=True, slots=True)
class SiteFault:
    """One thing that the site says otherwise than the ledger.

    Attributes:
        certificate_id: Of whom; None of none.
        place: The file.
        sentence: What is wrong, without a full stop.
    """

    certificate_id: CertificateId | None
    place: str
    sentence: str


def site_faults(
    site: Site, ledger: Ledger, trust: TrustFile, check_signature: CheckSignature
) -> Iterator[SiteFault]:
    """Yield what a site says otherwise than the ledger.

    Args:
        site: The folder that was published to.
        ledger: What was promised.
        trust: The office's trust file.
        check_signature: Does the cryptography.
    """
    yield from _trust_faults(site, ledger, trust, check_signature)
    for list_id in ledger.status_lists():
        name = f"status/{list_id}.st"
        data = site.read(name)
        if data is None:
            yield SiteFault(None, name, "it is not on the site")
            continue
        try:
            found = open_status_list(data, trust, check_signature)
        except BadStatusListError as error:
            yield SiteFault(None, name, f"it is no list of this office: {error}")
            continue
        yield from _list_faults(name, found, ledger)


def _trust_faults(
    site: Site, ledger: Ledger, trust: TrustFile, check_signature: CheckSignature
) -> Iterator[SiteFault]:
    name = trust_name(trust)
    if (data := site.read(name)) is None:
        if ledger.status_lists():
            yield SiteFault(None, name, "it is not on the site")
        return
    try:
        published = open_trust_file(data, check_signature)
    except KeysetInvalidError as error:
        yield SiteFault(None, name, str(error))
        return
    newest = newest_issue(ledger)
    if is_another_office_s(published, trust, newest):
        yield SiteFault(None, name, "it is another office's: it lists no key of this one")
    for each in going_back(published, trust, newest):
        yield SiteFault(None, name, f"it is newer than the office's: {each}")


def _list_faults(name: str, found: StatusList, ledger: Ledger) -> Iterator[SiteFault]:
    states = ledger.statuses(found.list_id)
    wrong: Mapping[int, CertificateState] = {
        slot: state for slot, state in states.items() if found.status(slot) is not _SAYS[state]
    }
    named = ledger.in_slots(found.list_id, list(wrong)[:_LOOKED_UP])
    for slot, certificate_id in sorted(named.items()):
        said, state = found.status(slot).name.casefold(), wrong[slot].value
        yield SiteFault(certificate_id, name, f"the site says {said}, the ledger {state}")
    if more := len(wrong) - len(named):
        yield SiteFault(None, name, f"{more} more certificates have another status on the site")
    if strays := _strays(found, states):
        why = f"{strays} slots that no certificate has are not valid on the site"
        yield SiteFault(None, name, why)


def _strays(found: StatusList, states: Mapping[int, CertificateState]) -> int:
    """Return how many slots are said to have ended of which the ledger has no certificate."""
    ended = (
        4 * byte + part
        for byte, four in enumerate(found.bits)
        if four
        for part in range(4)
        if found.status(4 * byte + part) is not Status.VALID
    )
    return sum(slot not in states for slot in ended)
