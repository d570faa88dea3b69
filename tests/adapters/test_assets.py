"""Where shipped files are found, and what the machine's clock and chance give."""

from __future__ import annotations

from datetime import UTC

import pytest

from cecert.adapters.assets import asset_folder
from cecert.adapters.clock import SystemClock, SystemRandomness


def test_a_checkout_uses_its_own_templates_and_fonts() -> None:
    assert (asset_folder("templates") / "regimes" / "ny-social-work.toml").is_file()
    assert list(asset_folder("fonts").glob("*.txt"))


def test_what_was_not_shipped_is_said_so() -> None:
    with pytest.raises(FileNotFoundError, match="installed without its stencils"):
        asset_folder("stencils")


def test_the_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_chance_stays_below_its_bound_and_reaches_all_of_it() -> None:
    assert {SystemRandomness().below(3) for _ in range(200)} == {0, 1, 2}
