"""A person's row of the timeline as HTML: of thousands only names, words and drawings differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

__all__ = ["Rows"]


class Rows:
    """Writes rows of the timeline, with what the templates have for marks and axes."""

    def __init__(self, state: Callable[[str, str], Markup], drawing: Callable[[], Any]) -> None:
        """Take what writes a mark with its word, and what returns the macros of drawings."""
        self._state = state
        self._drawing = drawing

    def row(self, each: Mapping[str, Any], index: str) -> Markup:
        """Return a person's row as HTML.

        Args:
            each: As `drawings.timeline_row` returns it, with where links to it lead.
            index: The page that has the questions, "" for this one.
        """
        anchor = f' id="{escape(each["anchor"])}"' if each["anchor"] else ""
        panels = "".join([self._panel(*of) for of in each["panels"]])
        # All in it is escaped, or a drawing, whose texts are.
        return Markup(  # noqa: S704
            f'<div class="when row{" parts" if each["parts"] else ""}"{anchor}>\n'
            f'<h3><bdi dir="auto" translate="no">{escape(each["name"])}</bdi>'
            f"{self._state(each['mark'], each['word'])}</h3>\n"
            f'<div class="panels">\n{panels}</div>\n{_words_under(each, index)}</div>\n'
        )

    def _panel(self, day: str, drawing: str, own: Mapping[str, Any]) -> str:
        """Return one session's panel, with a head of its own where not all are on one scale."""
        axis = self._drawing().axis(own["ticks"], own["breaks"]) if own else ""
        told = escape(own["day"] if own else day)
        return f'<div class="panel"><div class="day">{told}</div>{axis}{drawing}</div>'


def _words_under(each: Mapping[str, Any], index: str) -> str:
    if not each["explained"]:
        return ""
    told = "".join([f"<p>{escape(sentence)}</p>" for sentence in each["explained"]])
    number = each["question"]
    link = f'<a href="{escape(index)}#q{number}">Question {number}</a>' if number else ""
    return f'<div class="explained">{told}{f"<p>{link}</p>" if link else ""}</div>'
