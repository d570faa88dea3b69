"""Linting an office: pictures, a list's people, licences, and warnings put away."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from PIL import Image

from cecert.adapters.office_files import SEEN_FILE, SeenFinding, read_seen
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import ConfigurationError, InputError
from cecert.office import Office
from cecert.office.lint import Linted, acknowledge, lint_office, own_regimes, unseen

HEAD = "name,email,credentials,attended,licenses,visible,evaluation,attestation,fee_paid\n"
REST = "yes,2020-10-30,2020-10-30,yes\n"


@pytest.fixture
def office(office_folder: Path) -> Office:
    return Office.open(office_folder / "cecert.toml", actor="Mary", environ={})


def lint(folder: Path, *files: str) -> Linted:
    office = Office.open(folder / "cecert.toml", actor="Mary", environ={})
    return lint_office(office, [folder / each for each in files])


def errors(found: Linted) -> list[tuple[str, str]]:
    return [(e.place, e.message) for e in found.findings if e.severity is Severity.ERROR]


def with_logo(folder: Path, name: str) -> None:
    path = folder / "cecert.toml"
    text = path.read_text("utf-8").replace("[certificate]", f'[certificate]\nlogo = "{name}"')
    path.write_text(text, "utf-8")


def listed(folder: Path, name: str, *rows: str) -> str:
    (folder / name).write_text(HEAD + "".join(f"{each},{REST}" for each in rows), "utf-8")
    return name


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="a"/>', "is an SVG drawing"),
        (b"%PDF-1.7", "is no PNG or JPEG that can be read"),
        (b"", "is no PNG or JPEG that can be read"),
    ],
)
def test_a_logo_that_is_no_picture_is_found_without_a_course(
    office_folder: Path, content: bytes, problem: str
) -> None:
    (office_folder / "logo.svg").write_bytes(content)
    with_logo(office_folder, "logo.svg")
    ((place, message),) = errors(lint(office_folder))
    assert place == "cecert.toml: certificate.logo"
    assert message.startswith(f"logo.svg {problem}")
    # With a course it is told once.
    assert [each[0] for each in errors(lint(office_folder, "course.toml"))].count(place) == 1


def test_a_logo_that_can_be_drawn_is_no_finding(office_folder: Path) -> None:
    Image.new("RGB", (40, 20), "navy").save(office_folder / "logo.png")
    with_logo(office_folder, "logo.png")
    assert errors(lint(office_folder, "course.toml")) == []


def test_a_logo_that_is_not_seen_or_has_a_ground_is_told_without_a_course(
    office_folder: Path,
) -> None:
    picture, place = office_folder / "logo.png", "cecert.toml: certificate.logo"
    with_logo(office_folder, "logo.png")
    Image.new("RGBA", (40, 20)).save(picture)
    problem = "is white or transparent throughout: nothing of it is seen"
    assert errors(lint(office_folder)) == [(place, f"logo.png {problem}")]
    Image.new("RGB", (40, 20), "navy").save(picture)
    note = "logo.png has a ground of #000080, which is printed with it"
    for files in ((), ("course.toml",)):
        told = [
            each.message for each in lint(office_folder, *files).findings if each.place == place
        ]
        assert told == [note]


def test_a_signature_that_cannot_be_opened_names_its_signatory(office_folder: Path) -> None:
    (office_folder / "signature.png").write_bytes(b"no picture")
    ((place, _),) = errors(lint(office_folder))
    assert place == "cecert.toml: signatory[1].image"


def test_a_signatory_for_an_unknown_credential_type_is_an_error(office_folder: Path) -> None:
    path = office_folder / "cecert.toml"
    text = path.read_text("utf-8").replace(
        'image = "signature.png"', 'for = ["nj-psychology"]\nimage = "signature.png"'
    )
    path.write_text(text, "utf-8")
    assert ("cecert.toml: signatory[1].for", "no regime file knows nj-psychology") in (
        errors(lint(office_folder))
    )


def test_whose_name_cannot_be_drawn_is_found_in_the_list(office_folder: Path) -> None:
    name = listed(
        office_folder, "people.csv",
        "Ana Ruiz,a@example.org,ny-social-work,all,",
        "\N{EGYPTIAN HIEROGLYPH A001}\N{EGYPTIAN HIEROGLYPH A002} Li,b@example.org,,all,",
    )  # fmt: skip
    ((place, message),) = errors(lint(office_folder, "course.toml", name))
    assert place == "people.csv: row 3"
    assert "EGYPTIAN HIEROGLYPH A001" in message


def test_the_list_beside_a_course_is_looked_through_too(office_folder: Path) -> None:
    listed(
        office_folder, "completions.csv",
        "\N{EGYPTIAN HIEROGLYPH A001} Li,b@example.org,,all,",
        "Bo Li,c@example.org,ma-social-work,all,CT LCSW 12",
    )  # fmt: skip
    found = lint(office_folder, "course.toml")
    assert [each[0] for each in errors(found)] == ["completions.csv: row 2"]
    assert "completions.csv: row 3: licenses" in {each.place for each in found.findings}
    (office_folder / "completions.csv").write_text("nothing of ours", "utf-8")
    assert errors(lint(office_folder, "course.toml")) == []


def test_licences_that_a_credit_is_not_for_are_warnings(office_folder: Path) -> None:
    name = listed(
        office_folder, "people.csv",
        "Ana Ruiz,a@example.org,ma-social-work,all,CT LCSW 12",
        "Bo Li,b@example.org,ma-social-work,all,MA LICSW 12; CT LCSW 13",
        "Cy Ono,c@example.org,apa-psychology,all,NY PSY 7",
        "Di Po,d@example.org,ma-social-work,all,",
    )  # fmt: skip
    told = [e for e in lint(office_folder, "course.toml", name).findings if "people.csv" in e.place]
    # In 2020 an approval by the APA still counted in New York.
    ((severity, place),) = [(each.severity, each.place) for each in told]
    assert (severity, place) == (Severity.WARNING, "people.csv: row 2: licenses")


# Warnings put away


def test_an_acknowledged_warning_is_not_shown_again(office: Office) -> None:
    found = lint_office(office, [])
    first, *others = found.shown
    assert acknowledge(office, found, [first.code.lower()]).shown == tuple(others)
    again = lint_office(office, [])
    assert again.findings == found.findings
    assert again.shown == tuple(others)
    assert first not in unseen(office, found.findings)
    (kept,) = read_seen(office.file.folder)
    assert (kept.code, kept.message, kept.by) == (first.code, first.message, "Mary")
    assert (office.file.folder / SEEN_FILE).stat().st_mode & 0o777 == 0o600


def test_it_comes_back_when_its_words_change(office: Office, office_folder: Path) -> None:
    found = lint_office(office, [office_folder / "course.toml"])
    hours = next(each for each in found.findings if each.place.endswith("[ma-social-work].hours"))
    acknowledge(office, found, [hours.code])
    assert hours not in lint(office_folder, "course.toml").shown
    course = office_folder / "course.toml"
    course.write_text(course.read_text("utf-8").replace("= 900", "= 901"), "utf-8")
    places = [each.place for each in lint(office_folder, "course.toml").shown]
    assert hours.place in places


def test_two_that_acknowledge_at_once_both_do(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = lint_office(office, [])
    codes = [each.code for each in found.shown[:2]]

    def slowly(folder: Path) -> tuple[SeenFinding, ...]:
        before = read_seen(folder)
        sleep(0.3)  # whoever does not wait reads what the other has read
        return before

    monkeypatch.setattr("cecert.office.lint.read_seen", slowly)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda code: acknowledge(office, found, [code]), codes))
    assert {each.code for each in read_seen(office.file.folder)} == set(codes)


def test_acknowledging_twice_keeps_one_entry(office: Office) -> None:
    for _ in range(2):
        found = lint_office(office, [])
        acknowledge(office, found, [found.findings[0].code])
    assert len(read_seen(office.file.folder)) == 1


def test_an_error_and_an_unknown_code_are_refused_and_nothing_is_noted(office: Office) -> None:
    error = Finding(Severity.ERROR, "here", "is wrong")
    warning = Finding(Severity.WARNING, "here", "is unchecked")
    found = Linted((error, warning), frozenset())
    for codes in ([error.code], ["W-000000"], [warning.code, "W-000000"]):
        with pytest.raises(InputError, match="nothing was acknowledged"):
            acknowledge(office, found, codes)
    assert not (office.file.folder / SEEN_FILE).exists()


def test_codes_of_a_warning_and_an_error_never_hide_the_error() -> None:
    error = Finding(Severity.ERROR, "here", "is wrong")
    assert Linted((error,), frozenset({error.code})).shown == (error,)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"seen": 1}', '{"seen": [1]}', '{"seen": [{"code": "W-1"}]}',
     '{"seen": [{"code": 1, "place": "", "message": "", "by": "", "on": ""}]}', "[" * 10_000],
)  # fmt: skip
def test_a_file_of_seen_warnings_that_is_none_is_refused(office: Office, text: str) -> None:
    (office.file.folder / SEEN_FILE).write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"lint-seen\.json cannot be used"):
        lint_office(office, [])


def test_an_own_regime_is_named(office_folder: Path) -> None:
    shipped = Path(__file__).parents[2] / "templates" / "regimes" / "nbcc.toml"
    (office_folder / "boards").mkdir()
    signed = 'last_verified = 2026-10-01\nverified_by = "Mary"\n\n[number]'
    text = shipped.read_text("utf-8").replace("[number]", signed, 1)
    (office_folder / "boards" / "nbcc.toml").write_text(text, "utf-8")
    with (office_folder / "cecert.toml").open("a", encoding="utf-8") as file:
        file.write('\n[regimes]\npath = "boards"\n')
    office = Office.open(office_folder / "cecert.toml", actor="Mary", environ={})
    assert [(each.id, each.verified_by) for each in own_regimes(office)] == [("nbcc", "Mary")]


def test_seen_warnings_are_kept_as_people_can_read_them(office: Office) -> None:
    found = lint_office(office, [])
    acknowledge(office, found, [found.findings[0].code])
    document = json.loads((office.file.folder / SEEN_FILE).read_text("utf-8"))
    assert document["seen"][0]["place"] == found.findings[0].place
