"""A drawing as SVG: each shape is an element, and the ground of a session is written once.

The words of a report are put into pages by templates; of a drawing there are some twenty
elements a person, which only differ in their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from cecert.adapters.reports.timeline import Shape, axis_of, described, ground_of, shapes_of
from cecert.domain.course.session import Session
from cecert.domain.evidence.overrides import Ruling

__all__ = ["Drawings"]


class Drawings:
    """Draws everybody's presence in the sessions of one course, on one scale.

    Attributes:
        axis: The scale.
    """

    def __init__(self, sessions: Sequence[Session]) -> None:
        """Draw the ground of each session, which is the same for everybody."""
        self.axis = axis_of(sessions)
        self._grounds = {each.id: _elements(ground_of(each, self.axis)) for each in sessions}
        self._scales = {each.id: self.axis.scale(each) for each in sessions}

    def drawing(self, ruling: Ruling, *, low: bool) -> Markup:
        """Return one person's presence in one session, with the same in words for its label.

        Args:
            ruling: What stands for the person in the session.
            low: Without room for words under the bars.
        """
        session = ruling.attendance.session.id
        ground = self._grounds[session]
        own = _elements(shapes_of(ruling, self._scales[session]))
        kind = "time low" if low else "time"
        # Every text in it is escaped; the places are numbers of ours.
        return Markup(  # noqa: S704
            f'<svg class="{kind}" role="img" aria-label="{escape(described(ruling))}">\n'
            f"{ground}{own}</svg>\n"
        )


def _elements(shapes: Iterable[Shape]) -> str:
    return "".join(map(_element, shapes))


_ELEMENTS: Mapping[str, str] = {  # of x, width, right edge, tone, text, anchor
    "hour": '<line class="s-hour" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>',
    "break": '<rect class="s-break" x="{0}%" width="{1}%" y="0" height="100%"/>',
    "track": '<rect class="s-track" x="{0}%" width="{1}%" y="6" height="18" fill-opacity="0.6"/>',
    "outside": '<rect class="s-outside" x="{0}%" width="{1}%" y="12" height="6"/>',
    "counted": '<rect class="s-counted" x="{0}%" width="{1}%" y="8" height="14"/>',
    "jitter": '<rect class="s-jitter" x="{0}%" width="1" y="8" height="14"/>',
    "over": '<rect class="s-over" x="{0}%" width="{1}%" y="7" height="16"/>',
    "allowed": '<line class="s-allowed" x1="{0}%" x2="{2}%" y1="29" y2="29"/>'
    '<line class="s-allowed" x1="{0}%" x2="{0}%" y1="25" y2="29"/>'
    '<line class="s-allowed" x1="{2}%" x2="{2}%" y1="25" y2="29"/>',
    "possible": '<rect class="s-possible" x="{0}%" width="{1}%" y="8" height="14"/>',
    "open": '<line class="s-open" x1="{0}%" x2="{2}%" y1="8" y2="8"/>'
    '<line class="s-open" x1="{0}%" x2="{2}%" y1="22" y2="22"/>'
    '<line class="s-open" x1="{0}%" x2="{0}%" y1="8" y2="22"/>',
    "waiting": '<line class="s-clear" x1="{0}%" x2="{2}%" y1="15" y2="15"/>'
    '<line class="s-waiting" x1="{0}%" x2="{2}%" y1="15" y2="15"/>',
    "ring": '<circle class="s-ring" cx="{0}%" cy="15" r="4"/>',
    "window": '<line class="s-window" x1="{0}%" x2="{2}%" y1="2" y2="2"/>'
    '<line class="s-window" x1="{0}%" x2="{0}%" y1="2" y2="6"/>'
    '<line class="s-window" x1="{2}%" x2="{2}%" y1="2" y2="6"/>',
    "inside": '<text class="halo t-{3}" x="{0}%" y="19.500" text-anchor="middle">{4}</text>',
}
_UNDER = '<text class="halo t-{3}" x="{0}%" y="42" text-anchor="{5}">{4}</text>'


# Thousands come and go in the same second of a meeting.
@lru_cache(maxsize=4_096)
def _element(shape: Shape) -> str:
    """Return one shape's element, or elements, and the end of its line."""
    kind, x, width, text, tone, end = shape
    element = _ELEMENTS.get(kind, _UNDER)
    words = escape(text) if text else ""
    return f"{element.format(x, width, x + width, tone, words, 'end' if end else 'start')}\n"
