"""What happened, told to other systems: by the command, and by the office that it opens."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from cecert import Office

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def told(cecert: Run, *words: str) -> dict[str, Any]:
    status, out, _ = cecert("changes", "--json", *words)
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_changes_are_told_in_pages_and_a_cursor_leads_from_one_to_the_next(cecert: Run) -> None:
    whole = told(cecert)
    assert Counter(each["kind"] for each in whole["changes"])["issued"] == 5
    first = told(cecert, "--limit", "4")
    rest = told(cecert, f"--after={first['cursor']}")
    assert first["changes"] + rest["changes"] == whole["changes"]
    assert whole["cursor"] == rest["cursor"] == whole["changes"][-1]["id"]
    assert told(cecert, f"--after={whole['cursor']}") == {"changes": [], "cursor": whole["cursor"]}
    (gone,) = {each["certificate"] for each in whole["changes"][-1:]}
    why = ("--reason", "in error", "--reason-class", "issued-in-error")
    assert cecert("revoke", gone, *why, "--yes")[0] == 0
    (revoked,) = told(cecert, f"--after={whole['cursor']}")["changes"]
    assert (revoked["kind"], revoked["certificate"], revoked["course"]) == (
        "revoked", gone, "mbt-2020-10",
    )  # fmt: skip
    status, out, err = cecert("changes", f"--after={whole['cursor']}")
    assert (status, out.count("revoked\t" + gone)) == (0, 1)
    assert f"next: cecert changes --after={revoked['id']}" in err
    with Office.open("cecert.toml") as office:
        page = office.changes(whole["cursor"])
        assert [each.id for each in page.changes] == [revoked["id"]] == [page.cursor]
        (entry,) = office.certificates(participant=revoked["participant"]).entries
        assert (entry.certificate.id.text, entry.state.value) == (gone, "revoked")
        two = office.certificates(limit=2, course="mbt-2020-10")
        assert len(two.entries) == 2
        assert len(office.certificates(two.cursor).entries) == 3
        (found,) = office.certificates(email=entry.email.upper()).entries
        assert found == entry


@pytest.mark.parametrize("words", [["--after=hello"], ["--limit", "0"], ["--limit", "1001"]])
def test_what_cannot_be_a_page_is_refused(cecert: Run, words: list[str]) -> None:
    assert cecert("changes", *words)[:2] == (2, "")
