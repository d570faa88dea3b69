"""Publishing and auditing an office that has no files: into and against a site of the program's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
from cecert.adapters.keys.signatures import check_signature
from cecert.argument_types import typed
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.trust.reattested_list import (
    BadReattestedListError,
    open_reattested_list,
    reattested_name,
)
from cecert.domain.trust.trust_file import TrustFile, Withdrawable
from cecert.errors import KeyStoreError
from cecert.office.log.log import PUBLISHED, log_keys
from cecert.office.office import Office
from cecert.office.verify.verify import seal_reader_of
from cecert.ports import Site
from cecert.workflows.audit.audit import AuditDesk
from cecert.workflows.log import FOLDER, KnownCheckpoint, LogDesk, LogKeys, opened_checkpoint

__all__ = ["genuine_lists", "site_audit_desk", "site_log_desk"]


@typed
def site_audit_desk(office: Office, site: Site | None = None) -> AuditDesk:
    """Return what auditing an office without files needs; no key is opened.

    Args:
        office: The office.
        site: Its site, for what was published last; None compares with nothing that was.

    Raises:
        KeyStoreError: If the trust file is missing or damaged, or a list of what is genuine
            that it names is not on the site.
        LedgerError: If the ledger cannot be opened, or a log is published and none was given.
    """
    trust = office.trust()
    lists = genuine_lists(trust, {}, site)
    keys = log_keys(office)
    published = () if keys is None else tuple(_published(office, keys, site))
    process = ReadingProcess.shared()
    return AuditDesk(
        ledger=office.ledger,
        archive=office.archive,
        trust=trust,
        check_signature=check_signature,
        pdf_reader=LimitedPdfReader(process),
        seal_reader=seal_reader_of(trust, process),
        clock=office.clock,
        reattested=dict(_digests(trust, lists)),
        site=site,
        log=None if keys is None else office.log,
        published=published,
        on_site=max(published, key=lambda each: each.checkpoint.size, default=None),
        log_keys=() if keys is None else keys.keys,
    )


def site_log_desk(office: Office, site: Site, signer: TokenSigner) -> LogDesk:
    """Return what publishing the log of an office without files needs.

    Raises:
        KeyStoreError: If the trust file lists another key for the log, or none.
        LedgerError: If the office was given no log.

    Args:
        office: The office.
        site: Takes the files.
        signer: Signs the log.
    """
    keys = log_keys(office)
    if keys is None or keys.keys[-1] != signer.public_key:
        raise KeyStoreError(
            f"the trust file does not list the key {signer.public_key.kid.hex()} for the log",
            hint="sign_trust(..., log=) lists it",
        )
    return LogDesk(
        origin=keys.origin,
        signer=signer,
        log=office.log,
        known=tuple(_published(office, keys, site)),
        clock=office.clock,
        site=_Tiles(site),
        check_signature=check_signature,
    )


@dataclass(frozen=True, slots=True)
class _Tiles:
    """A site as the log sees it: its files never change once they are there."""

    site: Site

    def read(self, name: str) -> bytes | None:
        return self.site.read(name)

    def has(self, name: str) -> bool:
        return self.site.read(name) is not None

    def add(self, files: Mapping[str, bytes]) -> None:
        self.site.put(files)


def _published(office: Office, keys: LogKeys, site: Site | None) -> Iterator[KnownCheckpoint]:
    """Yield what was published of the log: as the ledger notes it, and as it is on the site."""
    noted = office.ledger.last_event(PUBLISHED)
    name = f"{FOLDER}checkpoint"
    texts = {
        "the ledger's note of what was published": noted and noted.reason.encode(),
        f"{name} of the site": None if site is None else site.read(name),
    }
    for place, text in texts.items():
        if text and (found := opened_checkpoint(place, text, keys)):
            yield found


def genuine_lists(
    trust: TrustFile, given: Mapping[str, bytes], site: Site | None
) -> Mapping[str, bytes]:
    """Return the lists of what is genuine that a trust file names, by name.

    Args:
        trust: What it says.
        given: Those that are not published yet.
        site: Has the others.

    Raises:
        KeyStoreError: If one is neither given nor published: what it vouches for would end.
    """
    ended: list[Withdrawable] = [*trust.keys, *trust.seals]
    named = [reattested_name(each.kid) for each in ended if each.reattested]
    lists = {each: given.get(each) or _on(site, each) for each in named}
    if missing := [name for name, data in lists.items() if not data]:
        raise KeyStoreError(
            f"the trust file names {', '.join(missing)}, which is neither given nor published",
            hint="withdraw_keys returns such lists: publish them with the trust file",
        )
    return {name: data for name, data in lists.items() if data}


def _on(site: Site | None, name: str) -> bytes | None:
    return None if site is None else site.read(f"status/{name}")


def _digests(trust: TrustFile, lists: Mapping[str, bytes]) -> Iterator[tuple[bytes, bytes]]:
    for name, data in lists.items():
        try:
            found = open_reattested_list(data, trust)
        except BadReattestedListError as error:
            raise KeyStoreError(f"status/{name} cannot be used: {error}") from error
        yield found.kid, found.digests
