"""Reports for people: what was found at a course, and what was issued, as one HTML file each.

A report asks nothing of any host, works without script, prints without colour, and says
in words what it draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.reports.collect_pages import collection_pages
    from cecert.adapters.reports.collect_report import collection_report
    from cecert.adapters.reports.commands import Commands
    from cecert.adapters.reports.dossier import DossierFacts, SourceCopy, dossier_page
    from cecert.adapters.reports.drawn import Drawn, drawn_of
    from cecert.adapters.reports.issue_report import IssueOutcome, batch_report
    from cecert.adapters.reports.svg import Drawings
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "collect_pages": ("collection_pages",),
            "collect_report": ("collection_report",),
            "commands": ("Commands",),
            "dossier": ("DossierFacts", "SourceCopy", "dossier_page"),
            "drawn": ("Drawn", "drawn_of"),
            "issue_report": ("IssueOutcome", "batch_report"),
            "svg": ("Drawings",),
        },
    )

__all__ = [
    "Commands",
    "DossierFacts",
    "Drawings",
    "Drawn",
    "IssueOutcome",
    "SourceCopy",
    "batch_report",
    "collection_pages",
    "collection_report",
    "dossier_page",
    "drawn_of",
]
