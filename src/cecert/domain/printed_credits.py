"""Whose approval a page names, read back to be compared with its token.

A statement may be worded in many ways, but each credit's approval has one number, or one
sponsor where there is none, and a page that claims the credit says it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from cecert.domain.printed import Difference
from cecert.domain.tokens import Claims

__all__ = ["credit_differences"]


def credit_differences(lines: Sequence[str], claims: Claims) -> tuple[Difference, ...]:
    """Return the approvals of *claims* that the page with these text *lines* does not name."""
    page = _letters("".join(lines))
    numbers = dict.fromkeys(each.provider for each in claims.credits if each.provider)
    return tuple(
        Difference("approval", number, "another or none")
        for number in numbers
        if not re.search(_whole(_letters(number)), page)
    )


def _whole(number: str) -> str:
    """Return a pattern for a number that stands by itself: 0169 is not in 101690."""
    digit_before, digit_after = number[0].isdigit(), number[-1].isdigit()
    before = r"(?<!\d)" if digit_before else ""
    after = r"(?!\d)" if digit_after else ""
    return f"{before}{re.escape(number)}{after}"


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())
