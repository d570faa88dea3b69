"""A drawing as SVG: each shape is an element, and the ground of a session is written once.

The words of a report are put into pages by templates; of a drawing there are some twenty
elements a person, which only differ in their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from cecert.adapters.reports.timeline import Shape, axis_of, described, ground_of, shapes_of
from cecert.domain.course.course import Session
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

    def drawing(self, ruling: Ruling, *, low: bool) -> Markup:
        """Return one person's presence in one session, with the same in words for its label.

        Args:
            ruling: What stands for the person in the session.
            low: Without room for words under the bars.
        """
        ground = self._grounds[ruling.attendance.session.id]
        own = _elements(shapes_of(ruling, self.axis))
        kind = "time low" if low else "time"
        # Every text in it is escaped; the places are numbers of ours.
        return Markup(  # noqa: S704
            f'<svg class="{kind}" role="img" aria-label="{escape(described(ruling))}">\n'
            f"{ground}{own}</svg>\n"
        )


def _elements(shapes: Iterable[Shape]) -> str:
    return "".join(map(_element, shapes))


_ELEMENTS: Mapping[str, str] = {
    "hour": '<line class="s-hour" x1="{x}%" x2="{x}%" y1="0" y2="100%"/>',
    "break": '<rect class="s-break" x="{x}%" width="{width}%" y="0" height="100%"/>',
    "track": '<rect class="s-track" x="{x}%" width="{width}%" y="6" height="18" '
    'fill-opacity="0.6"/>',
    "outside": '<rect class="s-outside" x="{x}%" width="{width}%" y="12" height="6"/>',
    "counted": '<rect class="s-counted" x="{x}%" width="{width}%" y="8" height="14"/>',
    "jitter": '<rect class="s-jitter" x="{x}%" width="1" y="8" height="14"/>',
    "over": '<rect class="s-over" x="{x}%" width="{width}%" y="7" height="16"/>',
    "allowed": '<line class="s-allowed" x1="{x}%" x2="{end}%" y1="29" y2="29"/>'
    '<line class="s-allowed" x1="{x}%" x2="{x}%" y1="25" y2="29"/>'
    '<line class="s-allowed" x1="{end}%" x2="{end}%" y1="25" y2="29"/>',
    "possible": '<rect class="s-possible" x="{x}%" width="{width}%" y="8" height="14"/>',
    "open": '<line class="s-open" x1="{x}%" x2="{end}%" y1="8" y2="8"/>'
    '<line class="s-open" x1="{x}%" x2="{end}%" y1="22" y2="22"/>'
    '<line class="s-open" x1="{x}%" x2="{x}%" y1="8" y2="22"/>',
    "waiting": '<line class="s-clear" x1="{x}%" x2="{end}%" y1="15" y2="15"/>'
    '<line class="s-waiting" x1="{x}%" x2="{end}%" y1="15" y2="15"/>',
    "ring": '<circle class="s-ring" cx="{x}%" cy="15" r="4"/>',
    "window": '<line class="s-window" x1="{x}%" x2="{end}%" y1="2" y2="2"/>'
    '<line class="s-window" x1="{x}%" x2="{x}%" y1="2" y2="6"/>'
    '<line class="s-window" x1="{end}%" x2="{end}%" y1="2" y2="6"/>',
    "inside": '<text class="halo t-{tone}" x="{x}%" y="19.500" text-anchor="middle">{text}</text>',
}
_UNDER = '<text class="halo t-{tone}" x="{x}%" y="42" text-anchor="{anchor}">{text}</text>'


def _element(shape: Shape) -> str:
    """Return one shape's element, or elements, and the end of its line."""
    element = _ELEMENTS.get(shape.kind, _UNDER).format(
        x=shape.x,
        width=shape.width,
        end=shape.x + shape.width,
        tone=shape.tone,
        anchor="end" if shape.end else "start",
        text=escape(shape.text) if shape.text else "",
    )
    return f"{element}\n"
