"""Requests that are the same in each run, whatever modules other tests have loaded.

Hypothesis draws some values from the constants of every module of ours that was imported, so
its seed alone does not say what is made.
"""

from __future__ import annotations

from typing import Any

from hypothesis.internal.conjecture.choice import choice_permitted
from hypothesis.internal.conjecture.providers import (
    AVAILABLE_PROVIDERS,
    GLOBAL_CONSTANTS,
    HypothesisProvider,
)

__all__ = ["SAME_REQUESTS", "WithoutModules"]


class WithoutModules(HypothesisProvider):
    """Draws as Hypothesis does, of constants its own alone."""

    def _maybe_draw_constant(
        self,
        choice_type: Any,  # noqa: ANN401  # its own types are private
        constraints: Any,  # noqa: ANN401
        *,
        p: float = 0.05,
    ) -> Any:  # noqa: ANN401
        drawn = self._random
        assert drawn is not None
        if drawn.random() > p:
            return None
        known = [
            each
            for each in GLOBAL_CONSTANTS.set_for_type(choice_type)
            if choice_permitted(each, constraints)
        ]
        return drawn.choice(known) if known else None


SAME_REQUESTS = "same-requests"
AVAILABLE_PROVIDERS[SAME_REQUESTS] = f"{__name__}.{WithoutModules.__name__}"
