"""Opening what `publish` needs of an office."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from cecert.adapters.assets import asset_folder
from cecert.adapters.keys import open_status_key
from cecert.adapters.keys.signatures import P256Signer, check_signature
from cecert.adapters.site import SiteFolder, VerifySite
from cecert.adapters.storage.atomic import write_file
from cecert.domain.course.regime import NumberPolicy
from cecert.domain.token.shown_record import CreditNames
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustFile
from cecert.errors import ConfigurationError, InputError, KeyStoreError
from cecert.office.key_holder import KEY_PASSPHRASE
from cecert.office.keys import reattested_lists
from cecert.office.office import Office
from cecert.workflows.publish import PublishingDesk

__all__ = ["note_published", "published_folder", "publishing_desk"]

NOTE = ".published"
"""Name of the file that says where the office's site was published last."""


def publishing_desk(office: Office, folder: Path) -> PublishingDesk:
    """Return what publishing the office's site into *folder* needs.

    Raises:
        KeyStoreError: If the trust file or the status key is missing, or its passphrase; or if
            the trust file does not list that key.
        LedgerError: If the ledger cannot be opened.
        ConfigurationError: If nobody knows the passphrase, or the page's texts are damaged.
        InputError: If keys, certificates or the office's file would be on the web with the site.
    """
    file = office.file
    _refuse_around(folder.resolve(), (file.folder, file.keys, file.archive))
    _, key = open_status_key(file.keys, _passphrase(office))
    host = urlsplit(file.verify_url).netloc
    trust, signer = office.trust(), P256Signer(key)
    _refuse_unlisted(trust, signer.public_key.kid)
    return PublishingDesk(
        trust=trust,
        trust_file=office.trust_bytes(),
        check_signature=check_signature,
        status_signer=signer,
        status_days=file.status_days,
        ledger=office.written_ledger,
        site=SiteFolder(folder),
        maker=VerifySite(
            asset_folder("templates"), file.provider, host, credits_=_credits_of(office)
        ),
        clock=office.clock,
        further=reattested_lists(office),
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


def _refuse_unlisted(trust: TrustFile, kid: bytes) -> None:
    """Refuse a status key that verifiers do not know: no revocation would reach them."""
    listed = trust.keys_with(kid)
    if not any(e.use is KeyUse.STATUS and e.state is KeyState.ACTIVE for e in listed):
        raise KeyStoreError(
            f"the trust file does not list the key {kid.hex()}, which signs status lists;"
            " nothing was published",
            hint="cecert keys sign finishes what a command on keys began",
        )


def note_published(office: Office, folder: Path) -> None:
    """Note where the office's site is, for audits; where that cannot be, they are told it."""
    with suppress(OSError):
        write_file(office.file.folder / NOTE, f"{folder.resolve()}\n".encode())


def published_folder(office: Office) -> Path | None:
    """Return where the office's site was published last; None where nothing tells."""
    try:
        folder = Path((office.file.folder / NOTE).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None
    return folder if folder.is_dir() else None


def _passphrase(office: Office) -> str:
    found = office.passphrase()
    if found is None:
        raise ConfigurationError(
            "the status key needs its passphrase",
            hint=f"set {KEY_PASSPHRASE}, or name a file with passphrase_file in [keys]",
        )
    return found
