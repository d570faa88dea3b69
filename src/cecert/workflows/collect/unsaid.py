"""What was not said: by a response that does not count, and by all files together.

What a course asks for and no file tells of is a file that was forgotten, or a column that is
not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Requirements
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.collection import Registrant
from cecert.domain.evidence.export import EvaluationResponse
from cecert.workflows.collect.lists import Lists

__all__ = ["uncounted", "unsaid_notes"]


def unsaid_notes(lists: Lists, registrants: Sequence[Registrant], course: Course) -> Iterator[str]:
    """Say what the course asks for and nothing that was given tells of anybody.

    Else a file that was forgotten looks like something that everybody owes.

    Args:
        lists: All that were given.
        registrants: Who is registered.
        course: The course.
    """
    asked = (course.requirements, *(each.requirements for each in course.credit_lines))
    for purpose, (what, remedy) in _UNSAID.items():
        said = bool(getattr(lists, purpose)) or (
            purpose == "fee_paid" and any(each.fee_paid is not None for each in registrants)
        )
        if not said and any(_is_asked(purpose, each) for each in asked):
            yield f"nothing that was given says {what}, which the course asks for: {remedy}"


def _is_asked(purpose: str, asked: Requirements) -> bool:
    return bool(getattr(asked, {"fee_paid": "fee"}.get(purpose, purpose)))


_UNSAID = {
    "evaluation": ("who gave an evaluation", "is its file missing (--evaluation)?"),
    "attestation": (
        "who attested attendance",
        "is its file missing (--attestation), or its question one that forms.toml should name?",
    ),
    "post_test": ("who passed the test", "is its file missing (--post-test)?"),
    "visible": ("whose camera was on", "are the moderator's notes missing (--visibility)?"),
    "fee_paid": (
        "who has paid the fee",
        "is a list of it missing (--payment), or its column one that forms.toml should name?",
    ),
}


def uncounted(response: EvaluationResponse, file: str) -> str:
    """Return the note of a response that does not count, with the reason; no answer is in it.

    Args:
        response: One that is not complete, has no date, or does not attest.
        file: Its name.
    """
    who = response.email or "somebody without an address"
    missing = len(response.unanswered)
    if missing:
        why = f"{missing} required question{'s are' if missing > 1 else ' is'} unanswered"
    elif response.complete:
        why = "it has no date" if response.submitted is None else _not_attested(response)
    else:
        why = _UNFINISHED[response.finished]
    return f"{file}: line {response.line}: the response of {who} does not count: {why}"


# Where the platform does not say who finished, any answer would do.
_UNFINISHED = {
    None: "no question is answered",
    True: "it has no score",
    False: "it was not finished",
}


def _not_attested(response: EvaluationResponse) -> str:
    said = "the answer is no" if response.attested is Said.NO else "the answer is blank"
    return f"attendance is not attested ({said})"
