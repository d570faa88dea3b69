"""Opening what `publish` needs of an office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from cecert.adapters.assets import asset_folder
from cecert.adapters.keys import open_status_key
from cecert.adapters.keys.signatures import P256Signer, check_signature
from cecert.adapters.site import HEADERS, SiteFolder, VerifySite, reader_files
from cecert.argument_types import typed
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.course.regime import NumberPolicy
from cecert.domain.token.shown_record import CreditNames
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.issue_dates import is_ahead, issue_date
from cecert.domain.trust.keys_back import NewestIssue, is_another_office_s
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustFile
from cecert.errors import ConfigurationError, InputError, KeyStoreError
from cecert.office.holders.keys import KEY_PASSPHRASE
from cecert.office.keys.keys import reattested_lists
from cecert.office.keys.returned import refuse_older_keys
from cecert.office.log.log import log_desk
from cecert.office.office import Office
from cecert.office.site.badges import badge_site
from cecert.office.site.given import genuine_lists, site_log_desk
from cecert.ports import Clock, Site
from cecert.workflows.publish import PublishingDesk, newest_issue

__all__ = ["publishing_desk", "site_desk"]

_NONE: Mapping[str, bytes] = MappingProxyType({})


@typed
def publishing_desk(office: Office, folder: Path) -> PublishingDesk:
    """Return what publishing the office's site into *folder* needs.

    Raises:
        KeyStoreError: If the trust file or the status key is missing, or its passphrase; if
            verifiers do not take what that key signs now; or if the keys are older than the
            ledger, or of a time to come.
        LedgerError: If the ledger cannot be opened.
        ConfigurationError: If nobody knows the passphrase, or the page's texts are damaged.
        InputError: If keys, certificates or the office's file would be on the web with the site, or
            if the folder holds the site of another office.
    """
    file = office.file
    try:
        _refuse_around(folder.resolve(), (file.folder, file.keys, file.archive))
    except ValueError as error:  # of a name with a NUL, or with half a character
        raise InputError("no folder has such a name") from error
    passphrase = _passphrase(office)
    _, key = open_status_key(file.keys, passphrase)
    trust, signer = office.trust(), P256Signer(key)
    refuse_older_keys(office)
    _refuse_ahead(trust, office.clock)
    _refuse_unlisted(trust, signer.public_key.kid, office.clock)
    _refuse_another_office_s(folder, trust, newest_issue(office.written_ledger))
    reader = reader_files(asset_folder("reader"))
    return PublishingDesk(
        trust=trust,
        trust_file=office.trust_bytes(),
        check_signature=check_signature,
        status_signer=signer,
        status_days=file.status_days,
        ledger=office.written_ledger,
        site=SiteFolder(folder),
        maker=_maker(office, reader),
        clock=office.clock,
        further=reattested_lists(office),
        fixed={**reader, "_headers": HEADERS},
        badges=badge_site(office, passphrase),
        log=log_desk(office, folder, passphrase),
    )


def _refuse_another_office_s(folder: Path, trust: TrustFile, newest: NewestIssue) -> None:
    """Refuse a site of another office: its keys and its revocations would be gone."""
    site = SiteFolder(folder)
    for path in sorted((folder / "trust").glob("*.cose")):
        try:
            there = open_trust_file(site.read(f"trust/{path.name}") or b"", check_signature)
        except KeysetInvalidError:  # a damaged one is written anew
            continue
        if is_another_office_s(there, trust, newest):
            raise InputError(
                f"{path} lists no key of this office: the site is another office's; nothing was "
                "published",
                hint="publish into a folder of its own; only if nothing of that site is needed any "
                "more, move it away and publish again",
            )


@typed
def site_desk(
    office: Office,
    site: Site,
    status: TokenSigner,
    *,
    log: TokenSigner | None = None,
    genuine: Mapping[str, bytes] = _NONE,
) -> PublishingDesk:
    """Return what publishing an office without files needs: into a site of the program's own.

    After `publish`, `note_checkpoint` has the ledger note the log's checkpoint.

    Args:
        office: The office.
        site: Takes the files.
        status: Signs the status lists; the trust file lists its key.
        log: Signs the log; the trust file lists its key. None publishes no log.
        genuine: Lists that `withdraw_keys` has just returned; older ones are on the site.

    Raises:
        KeyStoreError: If the trust file is missing, lists no such key that signs now, or names
            a list of what is genuine that is neither given nor on the site.
        LedgerError: If the ledger cannot be opened, or no log was given.
    """
    trust = office.trust()
    _refuse_ahead(trust, office.clock)
    _refuse_unlisted(trust, status.public_key.kid, office.clock)
    reader = reader_files(asset_folder("reader"))
    return PublishingDesk(
        trust=trust,
        trust_file=office.trust_bytes(),
        check_signature=check_signature,
        status_signer=status,
        status_days=office.file.status_days,
        ledger=office.written_ledger,
        site=site,
        maker=_maker(office, reader),
        clock=office.clock,
        further=genuine_lists(trust, genuine, site),
        fixed={**reader, "_headers": HEADERS},
        log=None if log is None else site_log_desk(office, site, log),
    )


def _maker(office: Office, reader: Mapping[str, bytes]) -> VerifySite:
    return VerifySite(
        asset_folder("templates"),
        office.file.provider,
        urlsplit(office.file.verify_url).netloc,
        credits_=_credits_of(office),
        reader=reader,
    )


def _credits_of(office: Office) -> dict[int, CreditNames]:
    """Return what the office's certificates call their hours and numbers, by credit code."""
    return {
        each.code: CreditNames(
            each.unit, each.number_label, each.number_policy is NumberPolicy.NONE_ISSUED
        )
        for each in office.regimes.values()
    }


def _refuse_around(site: Path, private: Sequence[Path]) -> None:
    """Refuse a site that holds what is nobody's but the office's: a web host serves all of it."""
    if held := [each for each in private if each.resolve().is_relative_to(site)]:
        raise InputError(
            f"{site} holds {held[0]}, which would be on the web with the site",
            hint="publish into a folder of its own, such as site",
        )


def _refuse_ahead(trust: TrustFile, clock: Clock) -> None:
    """Refuse a trust file of a time to come: verifiers would, and so all certificates with it."""
    now = int(clock.now().timestamp())
    if is_ahead(trust.issued_at, now):
        raise KeyStoreError(
            f"the trust file was signed at {issue_date(trust.issued_at)}, and this clock says "
            f"{issue_date(now)}; nothing was published",
            hint="set this clock; only if it is right now, and was ahead then: cecert keys sign",
        )


def _refuse_unlisted(trust: TrustFile, kid: bytes, clock: Clock) -> None:
    """Refuse a status key that verifiers do not take: no revocation would reach them."""
    signing = [
        each
        for each in trust.keys_with(kid)
        if each.use is KeyUse.STATUS and each.state is KeyState.ACTIVE
    ]
    if not signing:
        raise KeyStoreError(
            f"the trust file does not list the key {kid.hex()}, which signs status lists;"
            " nothing was published",
            hint="cecert keys sign finishes what a command on keys began",
        )
    now = int(clock.now().timestamp())
    if not any(each.not_before <= now <= each.not_after for each in signing):
        first, last = signing[0].not_before, signing[0].not_after
        raise KeyStoreError(
            f"the key {kid.hex()} signs status lists from {issue_date(first)} to "
            f"{issue_date(last)}, and this clock says {issue_date(now)}; nothing was published",
            hint="look at this clock; if it is right, cecert keys rotate makes keys that sign now",
        )


def _passphrase(office: Office) -> str:
    found = office.passphrase()
    if found is None:
        raise ConfigurationError(
            "the status key needs its passphrase",
            hint=f"set {KEY_PASSPHRASE}, or name a file with passphrase_file in [keys]",
        )
    return found
