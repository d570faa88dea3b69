"""The formats cecert reads, in the order in which they are looked for.

A format whose marks are a special case of another's stands before it.
"""

from __future__ import annotations

from cecert.adapters.exports.format import Format
from cecert.adapters.exports.formats.forms import GOOGLE_FORMS, MS_FORMS
from cecert.adapters.exports.formats.meet import MEET, SNAPSHOTS
from cecert.adapters.exports.formats.qualtrics import QUALTRICS
from cecert.adapters.exports.formats.registration import REGISTRATION
from cecert.adapters.exports.formats.surveymonkey import SURVEYMONKEY
from cecert.adapters.exports.formats.teams import REPORT, REPORT_2021
from cecert.adapters.exports.formats.teams_list import LIST, LIVE_EVENT
from cecert.adapters.exports.formats.webex import WEBEX
from cecert.adapters.exports.formats.zoom import API, PARTICIPANTS, UNIQUE_USERS, USAGE
from cecert.adapters.exports.formats.zoom_webinar import WEBINAR

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
