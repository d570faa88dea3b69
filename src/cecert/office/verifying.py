"""Opening a verifier, with or without an office."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cecert.adapters.clock import SystemClock
from cecert.adapters.office_files import read_office
from cecert.adapters.reading import LimitedPdfReader, PadesSealReader, ReadingProcess
from cecert.adapters.signatures import check_signature
from cecert.domain.trust import KeysetInvalidError, TrustFile, open_trust_file
from cecert.workflows.verify import Verifier

__all__ = ["TRUST_FILE", "office_trust_file", "open_verifier", "verifier_of"]

TRUST_FILE = "trust.cose"


def office_trust_file(config: Path) -> Path:
    """Return where the trust file of the office of a `cecert.toml` lies.

    Raises:
        ConfigurationError: If the file cannot be used.
    """
    return read_office(config).keys / TRUST_FILE


def open_verifier(
    trust: Path,
    *,
    root: str | None = None,
    status: Sequence[str] = (),
    offline: bool = False,
    config: Path | None = None,
) -> Verifier:
    """Open a verifier over a trust file.

    Args:
        trust: The provider's trust file.
        root: Thumbprint its root must have, 64 hexadecimal digits; None pins nothing.
        status: Status lists or bundles, files or URLs.
        offline: Ask no host.
        config: The `cecert.toml` of the office whose own trust file it is, if it is.

    Raises:
        KeysetInvalidError: If the file is damaged or not of that root.
        OSError: If it cannot be read.
    """
    opened = open_trust_file(trust.read_bytes(), check_signature, _thumbprint(root))
    return verifier_of(opened, root_pinned=root is not None or config is not None)


def _thumbprint(root: str | None) -> bytes | None:
    if root is None:
        return None
    try:
        return bytes.fromhex("".join(root.replace(":", " ").split()))
    except ValueError:
        raise KeysetInvalidError("the thumbprint to pin is not hexadecimal") from None


def verifier_of(trust: TrustFile, *, root_pinned: bool) -> Verifier:
    """Return a verifier that trusts *trust* and asks no host."""
    process = ReadingProcess()
    return Verifier(
        trust=trust,
        root_pinned=root_pinned,
        check_signature=check_signature,
        pdf_reader=LimitedPdfReader(process),
        seal_reader=PadesSealReader(process),
        clock=SystemClock(),
    )
