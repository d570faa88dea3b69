"""Checkpoints of the log get a time stamp, so that each leaf is dated by somebody else."""

from __future__ import annotations

from pathlib import Path

from cecert.adapters.site import SiteFolder
from cecert.errors import SealError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.issue.sealing import stamping_authority
from cecert.workflows.log import FOLDER

__all__ = ["stamp_checkpoint", "stamp_name"]

LARGEST_STAMP = 1 << 16
"""Bytes; it is a file of its own, so the room in a seal does not matter."""


def stamp_name(size: int) -> str:
    """Return the name on the site of the stamp of a checkpoint of so many leaves."""
    return f"{FOLDER}stamps/{size}.tsr"


def stamp_checkpoint(office: LedgerHolder, site: Path, checkpoint: bytes) -> tuple[str, ...]:
    """Have the text of a checkpoint stamped by the authority of the office's seals.

    The text alone, because signature lines come later. What was stamped stays; where the
    authority fails, that is told, for the log is as good without.

    Args:
        office: Whose log it is; nothing is done if it has no authority.
        site: The folder that was published into.
        checkpoint: As it was published.

    Returns:
        What was written, by its name on the site.

    Raises:
        ConfigurationError: If the certificates of `tsa_roots` cannot be read.
        LedgerError: If the site cannot be written.
    """
    folder = SiteFolder(site)
    text = checkpoint.partition(b"\n\n")[0] + b"\n"
    name = stamp_name(int(text.split(b"\n")[1]))
    if not office.file.timestamp or folder.read(name) is not None:
        return ()
    from cecert.adapters.time_stamps import reply_of

    try:
        authority = stamping_authority(office, LARGEST_STAMP)
        stamp = authority.stamp(text) if authority else b""
    except SealError as error:
        office.warn(f"the log's checkpoint: {error}")
        return ()
    return tuple(folder.put({name: reply_of(stamp)})) if stamp else ()
