"""The formats cecert reads, in the order in which they are looked for.

A format whose marks are a special case of another's stands before it.
"""

from __future__ import annotations

from cecert.adapters.evidence.formats import Format
from cecert.adapters.evidence.google_forms import GOOGLE_FORMS
from cecert.adapters.evidence.google_meet import MEET, SNAPSHOTS
from cecert.adapters.evidence.ms_forms import MS_FORMS
from cecert.adapters.evidence.qualtrics import QUALTRICS
from cecert.adapters.evidence.registration import REGISTRATION
from cecert.adapters.evidence.surveymonkey import SURVEYMONKEY
from cecert.adapters.evidence.teams_list import LIST
from cecert.adapters.evidence.teams_live_event import LIVE_EVENT
from cecert.adapters.evidence.teams_report import REPORT
from cecert.adapters.evidence.teams_report_2021 import REPORT_2021
from cecert.adapters.evidence.webex import WEBEX
from cecert.adapters.evidence.zoom_api import API
from cecert.adapters.evidence.zoom_participants import PARTICIPANTS, UNIQUE_USERS
from cecert.adapters.evidence.zoom_usage import USAGE
from cecert.adapters.evidence.zoom_webinar import WEBINAR

__all__ = ["FORMATS", "SURVEYS"]

FORMATS: tuple[Format, ...] = (
    WEBINAR,
    REPORT,
    QUALTRICS,
    SURVEYMONKEY,
    MS_FORMS,
    LIVE_EVENT,
    LIST,
    USAGE,
    WEBEX,
    API,
    REPORT_2021,
    PARTICIPANTS,
    MEET,
    SNAPSHOTS,
    UNIQUE_USERS,
    GOOGLE_FORMS,
    REGISTRATION,
)

SURVEYS = frozenset(each.name for each in (QUALTRICS, SURVEYMONKEY, MS_FORMS, GOOGLE_FORMS))
"""Names of the formats that are evaluations."""
