"""Python and JavaScript give the same outcome on thousands of mutations of a token."""

from __future__ import annotations

import pytest
from parity import REFUSALS, agreed
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.system]
MUTATIONS = 5000


def test_thousands_of_mutations_have_one_outcome_and_it_is_never_valid(page: Page) -> None:
    outcomes = agreed(page, MUTATIONS)
    assert outcomes.keys() <= REFUSALS
    assert outcomes.total() == MUTATIONS
    assert min(outcomes[each] for each in ("MALFORMED", "TRUNCATED", "BAD_SIGNATURE")) > 50
