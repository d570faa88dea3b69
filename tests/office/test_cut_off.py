"""Commands that are cut off or find the disk full, a sample; `tests/slow` has every call."""

from __future__ import annotations

from itertools import product

import pytest
from kills import FullDisk, Kill, cut_off, undisturbed, wrong_afterwards, wrong_with
from matrix_judged import judged_site
from matrix_made import Fresh, fresh, made_office
from sampled import further, sampled

__all__ = ["fresh", "made_office"]

KILLS = (
    ("issue", "begin to write the ledger"),  # its file lies in the archive already
    ("correct", "rename certificates/"),  # its file is left under a name of its own
    ("rotate", "rename keys/trust.cose"),
    ("deliver", "write sent.jsonl"),  # the service has said yes
    ("hooks", "write hooks.jsonl"),  # the receiver has said yes
    ("init", "rename keys/trust.cose"),  # the new keys are in their place already
    ("adopt", "commit to the ledger"),
    *further(
        [
            ("correct", "commit to the ledger"),
            ("bounces", "commit to the ledger"),
            ("publish", "rename site/index.html"),
            ("rotate", "commit to the ledger"),
            ("collect", "rename completions.csv"),
            ("override", "rename overrides.toml"),
        ]
    ),
)
FULL = (("issue", 6), ("deliver", 9), *further([("publish", 1), ("rotate", 9), ("collect", 5)]))
CUT_AND_NEXT = sampled(product(range(3, 7), ("sign", "rotate")), [(3, "sign"), (6, "rotate")])
"""Calls between keys.toml and the trust file, and who signs next."""


@pytest.mark.parametrize(("name", "at"), KILLS)
def test_a_command_that_was_killed_is_finished_by_the_next(
    fresh: Fresh, name: str, at: str
) -> None:
    expected, kill = undisturbed(fresh, name), Kill(0, at)
    with fresh() as office:
        assert wrong_with(office, name, kill, expected) == []
    assert kill.call.startswith(at), "it never came to that call"


@pytest.mark.parametrize(("name", "number"), FULL)
def test_a_full_disk_is_told_and_loses_nothing(fresh: Fresh, name: str, number: int) -> None:
    expected, disk = undisturbed(fresh, name), FullDisk(number)
    with fresh() as office:
        assert wrong_with(office, name, disk, expected) == []
    assert disk.call, "it never came to that call"


@pytest.mark.parametrize(("number", "next_one"), CUT_AND_NEXT)
def test_a_withdrawal_that_was_cut_off_unmakes_nothing_whoever_signs_next(
    fresh: Fresh, number: int, next_one: str
) -> None:
    kill = Kill(number, "rename keys/")
    with fresh() as office:
        cut_off(office, "compromise", kill)
        assert kill.call
        refused = office.run(next_one)
        assert refused.status == 2
        assert "did not come to its end" in refused.words
        assert office.run("publish").status == 0
        with office.opened() as opened:
            trust_file = opened.trust_path.read_bytes()
        assert list(judged_site(office, office.entries(), trust_file)) == []
        assert office.run("compromise").status == 0
        assert wrong_afterwards(office, "compromise") == []


def test_keys_that_succeed_a_withdrawal_that_was_cut_off_say_how_it_is_finished(
    fresh: Fresh,
) -> None:
    kill = Kill(3, "rename keys/")
    with fresh() as office:
        cut_off(office, "compromise", kill)
        assert kill.call
        said = office.run("succeed")
        assert said.status == 0
        assert "did not come to its end" in said.words
        assert office.run("compromise").status == 0
        assert wrong_afterwards(office, "compromise") == []


def test_a_rotation_that_was_cut_off_lets_no_list_be_published_that_verifiers_do_not_know(
    fresh: Fresh,
) -> None:
    kill = Kill(0, "rename keys/trust.cose")
    with fresh() as office:
        assert office.run("publish").status == 0
        cut_off(office, "rotate", kill)
        assert kill.call
        assert office.run("revoke").status == 0  # there is something to publish
        refused = office.run("publish")
        assert (refused.status, "which signs status lists" in refused.words) == (2, True)
        assert [office.run(each).status for each in ("sign", "publish")] == [0, 0]
        with office.opened() as opened:
            trust_file = opened.trust_path.read_bytes()
        assert list(judged_site(office, office.entries(), trust_file)) == []
