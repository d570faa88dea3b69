"""The static site of verification: the folder, the page, the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.site.fixed_files import HEADERS, PAGE_HEADERS, reader_files
    from cecert.adapters.site.folder import SiteFolder
    from cecert.adapters.site.maker import VerifySite
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "fixed_files": ("HEADERS", "PAGE_HEADERS", "reader_files"),
            "folder": ("SiteFolder",),
            "maker": ("VerifySite",),
        },
    )

__all__ = ["HEADERS", "PAGE_HEADERS", "SiteFolder", "VerifySite", "reader_files"]
