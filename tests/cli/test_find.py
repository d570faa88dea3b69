"""People are asked for by what somebody types, and whoever is acted upon is shown first."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import get_type_hints

import pytest

from cecert.cli.find import find
from cecert.domain.people.search import what_finds

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def roster(cecert: Run) -> dict[str, str]:
    """Return the standing certificates' ids by name."""
    people = json.loads(cecert("export", "roster", "mbt-2020-10", "--json")[1])["roster"]
    return {each["name"]: each["id"] for each in people if each["status"] == "standing"}


def found(cecert: Run, *words: str) -> list[str]:
    status, out, _ = cecert("find", *words, "--json")
    names = [each["name"] for each in json.loads(out)["found"]]
    assert status == (0 if names else 1)
    return names


def test_people_are_found_by_name_address_licence_and_id(cecert: Run) -> None:
    held = roster(cecert)
    assert found(cecert, "ADEYEMI") == ["Margaret Adeyemi"]
    entry = json.loads(cecert("show", held["Margaret Adeyemi"], "--json")[1])
    assert found(cecert, entry["email"].upper()) == ["Margaret Adeyemi"]
    assert found(cecert, entry["licenses"][0].split()[-1]) == ["Margaret Adeyemi"]
    assert found(cecert, entry["id"][:9].lower()) == ["Margaret Adeyemi"]
    assert found(cecert, "nobody at all") == []
    status, out, _ = cecert("find", "margaret")
    assert (status, out.count("\n")) == (0, 2)
    assert "no certificate is found by 'zz'" in cecert("find", "zz")[2]
    assert cecert("find", "  ")[0] == 2


def test_more_than_are_listed_are_told(cecert: Run) -> None:
    assert cecert("find", "@")[0] == 2
    status, out, err = cecert("find", several(cecert), "--limit", "1", "--json")
    assert (status, len(json.loads(out)["found"]), json.loads(out)["more"]) == (0, 1, True)
    assert "more than 1 certificates are found" in err


def several(cecert: Run) -> str:
    """Return a letter that finds several."""
    return next(each for each in "abcdefghijklmnopqrstuvwxyz" if len(found(cecert, each)) > 1)


def test_every_command_that_takes_an_id_takes_a_person(cecert: Run) -> None:
    held = roster(cecert)
    assert "Margaret Adeyemi" in cecert("show", "adeyemi")[1]
    assert held["Margaret Adeyemi"] in cecert("resend", "adeyemi")[2]
    status, _, err = cecert(
        "revoke", "adeyemi", "--reason-class", "issued-in-error", "--reason", "a test"
    )
    assert status == 0
    assert "cecert:   Margaret Adeyemi, " in err
    _, out, _ = cecert("status", "--json")
    states = {each["name"]: each["certificate_state"] for each in json.loads(out)["mails"]}
    assert states.pop("Margaret Adeyemi") == "revoked"
    assert set(states.values()) == {"standing"}
    assert "; revoked" in cecert("status")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("show",),
        ("resend",),
        ("revoke", "--reason-class", "issued-in-error", "--reason", "x"),
        ("correct", "--name", "X Y", "--reason", "x"),
        ("mail", "retry"),
        ("mail", "resolve", "--delivered"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_text_that_finds_several_lists_them_and_changes_nothing(
    cecert: Run, words: tuple[str, ...]
) -> None:
    held = roster(cecert)
    letter = several(cecert)
    before = Path("ledger.db").read_bytes()
    status, out, err = cecert(*words, letter)
    assert (status, out) == (2, "")
    assert f"{letter!r} finds {len(found(cecert, letter))} certificates" in err
    assert sum(each in err for each in held.values()) == len(found(cecert, letter))
    status, _, err = cecert(*words, "nobody-at-all")
    assert (status, "no certificate is found by 'nobody-at-all'" in err) == (2, True)
    assert Path("ledger.db").read_bytes() == before


def corrections(*rows: tuple[str, ...]) -> Path:
    path = Path("corrections.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("certificate", "name", "licenses", "email", "reason"), *rows])
    return path


def test_many_are_corrected_after_a_plan_and_a_second_run_does_what_is_left(cecert: Run) -> None:
    held = roster(cecert)
    (_, first_id), (second, _), *_ = held.items()
    path = corrections(
        (first_id, "Anna New", "", "new@example.org", "misspelt"),
        (second, "", "NY LMSW 099999", "", "a digit"),
    )
    before = Path("ledger.db").read_bytes()
    status, out, err = cecert("correct", "--from", str(path), "--plan")
    assert (status, Path("ledger.db").read_bytes() == before) == (0, True)
    assert "Anna New" in out
    assert "to be corrected: 2 certificates" in err
    status, out, err = cecert("correct", "--from", str(path), "--json")
    assert (status, len(json.loads(out)["corrected"])) == (0, 2)
    new = json.loads(cecert("show", "anna new", "--json")[1])
    assert (new["email"], new["supersedes"]) == ("new@example.org", first_id)
    path = corrections((first_id, "Anna New", "", "", "misspelt"))
    status, out, err = cecert("correct", "--from", str(path), "--json")
    assert (json.loads(out)["corrected"], json.loads(out)["already"]) == ([], [new["id"]])


def test_one_bad_row_of_a_list_corrects_nothing_and_all_are_told(cecert: Run) -> None:
    held = roster(cecert)
    (_, first_id), (_, second_id), *_ = held.items()
    before = Path("ledger.db").read_bytes()
    path = corrections(
        (first_id, "Anna New", "", "", "misspelt"),
        (first_id, "Anna Newer", "", "", "misspelt"),
        (second_id, "ana@example.org", "", "", "x"),
        (second_id, "", "", "", "x"),
        ("nobody", "A B", "", "", "x"),
        (second_id, "Ana B", "", "", ""),
    )
    told = cecert("correct", "--from", str(path))[2]
    for each in ("row 4, column name", "row 5: says nothing"):
        assert each in told
    path = corrections(
        (first_id, "Anna New", "", "", "misspelt"),
        (first_id, "Anna Newer", "", "", "misspelt"),
        ("nobody", "A B", "", "", "x"),
        (second_id, "Ana B", "", "", ""),
    )
    status, _, told = cecert("correct", "--from", str(path))
    assert status == 2
    for each in ("row 3: ", "as is a row before it", "row 4: no certificate", "row 5: reason"):
        assert each in told, told
    assert Path("ledger.db").read_bytes() == before


def test_after_a_correction_the_old_list_issues_for_everybody_else(cecert: Run) -> None:
    held = roster(cecert)
    name, number = next(iter(held.items()))
    assert cecert("correct", number, "--name", "Anna New", "--reason", "misspelt")[0] == 0
    rows = Path("completions.csv").read_text("utf-8-sig").splitlines()
    header, *people = rows
    row = next(each for each in people if "Adeyemi" in each)
    further = row.replace("Margaret Adeyemi", "Zoe Further").replace("adeyemi", "further")
    further = further.replace("012345", "077777")
    Path("completions.csv").write_text("\n".join([header, *people, further, ""]), "utf-8")
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert status in {0, 1}, err
    assert "Zoe Further" in roster(cecert)
    assert sorted(roster(cecert)) == sorted({*held, "Anna New", "Zoe Further"} - {name})


def test_the_name_of_before_earns_nothing_further(cecert: Run) -> None:
    held = roster(cecert)
    assert (
        cecert("correct", held["Margaret Adeyemi"], "--name", "Anna New", "--reason", "x")[0] == 0
    )
    text = Path("completions.csv").read_text("utf-8-sig")
    row = next(each for each in text.splitlines() if "Adeyemi" in each)
    asked = next(each for each in row.split(",") if "social-work" in each or "apa" in each)
    other = "apa-psychology" if "apa" not in asked else "ny-social-work"
    Path("completions.csv").write_text(text.replace(row, row.replace(asked, other)), "utf-8")
    _, _, err = cecert("issue", "course.toml", "completions.csv")
    assert "under the name 'Anna New'" in err
    assert "Margaret Adeyemi" not in roster(cecert)


def test_who_was_corrected_is_still_found_alone_by_every_command(cecert: Run) -> None:
    held = roster(cecert)
    old = held["Margaret Adeyemi"]
    words = ("--reason", "misspelt", "--json")
    new = json.loads(cecert("correct", "adeyemi", "--name", "Maggie Adeyemi", *words)[1])["id"]
    assert json.loads(cecert("show", "adeyemi", "--json")[1])["id"] == new
    assert json.loads(cecert("show", "margaret", "--json")[1])["id"] == old
    newer = json.loads(cecert("correct", "adeyemi", "--name", "Margaret Adeyemi", *words)[1])["id"]
    for text in ("adeyemi", "margaret"):
        assert json.loads(cecert("show", text, "--json")[1])["id"] == newer
    found = json.loads(cecert("find", "adeyemi", "--json")[1])["found"]
    assert {each["id"] for each in found} == {old, new, newer}


def test_a_list_by_names_does_what_is_left_when_it_is_run_again(cecert: Run) -> None:
    roster(cecert)
    path = corrections(("adeyemi", "Maggie Adeyemi", "", "new@example.org", "misspelt"))
    assert cecert("correct", "--from", str(path))[0] == 0
    path = corrections(
        ("adeyemi", "Maggie Adeyemi", "", "new@example.org", "misspelt"),
        ("sam field", "Samuel Field", "", "", "misspelt"),
    )
    status, out, err = cecert("correct", "--from", str(path), "--json")
    assert status == 0, err
    assert (len(json.loads(out)["corrected"]), len(json.loads(out)["already"])) == (1, 1)


def test_an_address_beside_a_right_name_is_not_passed_over(cecert: Run) -> None:
    number = roster(cecert)["Margaret Adeyemi"]
    path = corrections((number, "Margaret Adeyemi", "", "new@example.org", "moved"))
    status, _, err = cecert("correct", "--from", str(path))
    assert (status, "row 2" in err, "cecert resend" in err) == (2, True, True)


def test_a_name_of_two_scripts_is_warned_of_in_a_list_too(cecert: Run) -> None:
    roster(cecert)
    path = corrections(("adeyemi", "M\u0430rgaret Adeyemi", "", "", "misspelt"))
    status, _, err = cecert("correct", "--from", str(path), "--plan")
    assert (status, "mixes letters of two scripts" in err) == (0, True)


def test_the_help_says_of_what_finds_what_the_hints_say() -> None:
    said = what_finds()
    arguments = get_type_hints(find, include_extras=True)["text"].__metadata__
    assert [each.help for each in arguments] == [f"P{said[1:]}."]
    assert said in str(find.__doc__)
