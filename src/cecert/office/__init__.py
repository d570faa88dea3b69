"""An office: the wiring between files, keys, ledger, archive, mail account and the workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.office.create import create_office, demo_files
    from cecert.office.known_roots import (
        is_made_here,
        note_made_root,
        pinned_if_known,
        remember_root,
    )
    from cecert.office.office import Office
    from cecert.office.publish import publishing_desk
    from cecert.office.published_note import note_published
    from cecert.office.verify import in_its_office, office_trust_file, open_verifier
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "known_roots": ("is_made_here", "note_made_root", "pinned_if_known", "remember_root"),
            "create": ("create_office", "demo_files"),
            "office": ("Office",),
            "publish": ("publishing_desk",),
            "published_note": ("note_published",),
            "verify": ("in_its_office", "office_trust_file", "open_verifier"),
        },
    )

__all__ = [
    "Office",
    "create_office",
    "demo_files",
    "in_its_office",
    "is_made_here",
    "note_made_root",
    "note_published",
    "office_trust_file",
    "open_verifier",
    "pinned_if_known",
    "publishing_desk",
    "remember_root",
]
