"""The formats cecert reads, in the order in which they are looked for.

A format whose marks are a special case of another's stands before it.
"""

from __future__ import annotations

from cecert.adapters.exports.format import Format
from cecert.adapters.exports.formats.canvas import QUIZ as CANVAS_QUIZ
from cecert.adapters.exports.formats.forms import GOOGLE_FORMS, MS_FORMS
from cecert.adapters.exports.formats.meet import MEET, SNAPSHOTS
from cecert.adapters.exports.formats.moodle import ACTIVITIES, COURSE, QUIZ
from cecert.adapters.exports.formats.qualtrics import QUALTRICS
from cecert.adapters.exports.formats.registration import REGISTRATION
from cecert.adapters.exports.formats.surveymonkey import SURVEYMONKEY
from cecert.adapters.exports.formats.teams import REPORT, REPORT_2021
from cecert.adapters.exports.formats.teams_list import LIST, LIVE_EVENT
from cecert.adapters.exports.formats.webex import WEBEX
from cecert.adapters.exports.formats.zoom import API, PARTICIPANTS, UNIQUE_USERS, USAGE
from cecert.adapters.exports.formats.zoom_webinar import WEBINAR

__all__ = ["FORMATS", "LEARNING", "SURVEYS"]

FORMATS: tuple[Format, ...] = (
    CANVAS_QUIZ,
    QUIZ,
    COURSE,
    ACTIVITIES,
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

LEARNING = {
    CANVAS_QUIZ.name: "post_test",
    QUIZ.name: "post_test",
    COURSE.name: "completed_on",
    ACTIVITIES.name: "completed_on",
}
"""What learning platforms export, by the formats' names: a test, or who completed what."""

SURVEYS = frozenset(
    {each.name for each in (QUALTRICS, SURVEYMONKEY, MS_FORMS, GOOGLE_FORMS)} | LEARNING.keys()
)
"""Names of the formats whose rows are responses."""
