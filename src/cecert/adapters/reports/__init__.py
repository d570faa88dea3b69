"""Reports for people: what was found at a course, and what was issued, as one HTML file each.

A report asks nothing of any host, works without script, prints without colour, and says
in words what it draws.
"""

from cecert.adapters.reports.collect_pages import CollectPages, collection_pages
from cecert.adapters.reports.collect_report import collection_report
from cecert.adapters.reports.commands import Commands
from cecert.adapters.reports.issue_report import IssueOutcome, batch_report

__all__ = [
    "CollectPages",
    "Commands",
    "IssueOutcome",
    "batch_report",
    "collection_pages",
    "collection_report",
]
