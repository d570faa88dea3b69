from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cecert.adapters.exports import ColumnMapping
from cecert.adapters.exports.form_file import read_form_or_mapping
from cecert.adapters.exports.read import read_renamed
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.headers import read_synonyms
from cecert.domain.evidence.export import MappedFile, RegistrationFile, RowKind
from cecert.errors import ConfigurationError, InputError

Read = Callable[..., Any]

ATTENDANCE = """\
kind = "attendance"
[columns]
name = "Teilnehmer"
join = "Kommt"
leave = "Geht"
waiting = "Wartet"
"""
TABLE = """\
Anwesenheit

Nr;Kommt;Geht;Teilnehmer;Wartet
1;22.10.2020 13:00;22.10.2020 14:00;Ana;ja
2;22.10.2020 13:00;22.10.2020 14:00;Bo;nein
"""


def written(tmp_path: Path, text: str) -> ColumnMapping:
    path = tmp_path / "map.toml"
    path.write_text(text, "utf-8")
    found = read_form_or_mapping(path)
    assert isinstance(found, ColumnMapping)
    return found


def test_any_table_of_connections_is_read_through_a_mapping(read: Read, tmp_path: Path) -> None:
    found = read(TABLE, mapping=written(tmp_path, ATTENDANCE))
    assert found.facts.format == "mapped_attendance"
    assert found.facts.columns_unused == ("Nr",)
    ana, bo = found.connections
    assert bo.kind is RowKind.PRESENCE
    assert ana.join == datetime(2020, 10, 22, 13, tzinfo=UTC).replace(tzinfo=None)
    assert (ana.name, ana.line, ana.kind, ana.resolution) == ("Ana", 4, RowKind.WAITING_ROOM, 60)


def test_a_registration_list_is_read_through_a_mapping(read: Read) -> None:
    columns = {"name": "Wer", "email": "Adresse", "licenses": "Lizenz"}
    text = "Adresse,Lizenz,Wer\nana@example.org,NY LMSW 012345,Ana Ruiz\n"
    found = read(text, mapping=ColumnMapping("registrations", columns))
    assert isinstance(found, RegistrationFile)
    (ana,) = found.registrants
    assert (ana.name, ana.email) == ("Ana Ruiz", "ana@example.org")
    assert ana.fields["licenses"] == "NY LMSW 012345"


def test_a_list_has_any_fields(read: Read) -> None:
    mapping = ColumnMapping("list", {"email": "who", "visible": "on"})
    found = read("who,on\nAna,yes\n", mapping=mapping)
    assert isinstance(found, MappedFile)
    assert found.rows[0].fields == {"email": "Ana", "visible": "yes"}
    with pytest.raises(InputError, match="no usable row"):
        read("who,on\n\n", mapping=mapping)


def test_a_missing_column_is_named_with_the_nearest(read: Read, tmp_path: Path) -> None:
    mapping = written(tmp_path, ATTENDANCE.replace('"Geht"', '"Gehtt"').replace("Wartet", "Zzz"))
    with pytest.raises(ConfigurationError) as caught:
        read(TABLE, mapping=mapping)
    assert [str(each) for each in caught.value.faults] == [
        "export: line 3: 'Gehtt' is no column here (is it 'Geht'?)",
        "export: line 3: 'Zzz' is no column here (it has Nr, Kommt, Geht, Teilnehmer, Wartet)",
    ]


def test_a_mapping_is_not_set_aside_for_a_format_we_know(read: Read) -> None:
    text = "Name (Original Name),Join Time,Leave Time\nAna,10/22/2020 1:00 PM,10/22/2020 2:00 PM\n"
    columns = {"name": "Name (Original Name)", "join": "Leave Time"}
    found = read(text, mapping=ColumnMapping("attendance", columns))
    assert found.facts.format == "mapped_attendance"
    assert found.connections[0].leave is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind = ", "cannot be used"),
        ('kind = "survey"', "map.toml: kind: 'survey' is none of attendance, registrations"),
        ('kind = "attendance"', "map.toml: columns.name: is missing: attendance need it"),
        ('kind = "list"\ncolums = 1', "map.toml: colums: is not known .did you mean columns"),
        ('kind = "list"\ncolumns = 1', "map.toml: columns: is no table of headers by field"),
        ('kind = "list"\n[columns]\nname = 1', "map.toml: columns: is no table of headers"),
        (f"{ATTENDANCE}emial = 'E'", "columns.emial: is not known .did you mean email"),
        (f"{ATTENDANCE}zzz = 'E'", "columns.zzz: is not known .known are name, join, leave"),
        ('kind = "evaluation"\nrequired = "Q1"', "map.toml: required: is no list of headers"),
        ('kind = "evaluation"\nout_of = true', "map.toml: out_of: 'True' is no highest score"),
        ('kind = "evaluation"\nout_of = -1', "map.toml: out_of: '-1' is no highest score"),
    ],
)
def test_a_mapping_that_says_nothing_usable_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        written(tmp_path, text)


def test_a_mapping_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        read_form_or_mapping(tmp_path / "nothing.toml")


def test_an_evaluations_mapping_is_read_whole(tmp_path: Path) -> None:
    text = 'kind = "evaluation"\nrequired = ["Q1"]\nout_of = 20\n[columns]\nemail = "E"\n'
    mapping = written(tmp_path, text)
    assert (mapping.required, mapping.out_of) == (("Q1",), 20)
    assert mapping.wishes.columns == {"email": "E"}


def test_synonyms_of_ones_own_are_laid_over_those_that_are_shipped(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped.toml", tmp_path / "own.toml"
    shipped.write_text('[zoom]\nname = ["Name"]\njoin = ["In"]\n', "utf-8")
    own.write_text('[zoom]\nname = ["Nimi", "IN"]\n', "utf-8")
    synonyms = read_synonyms(shipped, own)
    assert synonyms.field("zoom", "NIMI") == "name"
    assert synonyms.field("zoom", "Name") == "name"
    assert synonyms.field("zoom", "\ufeffIn\u00a0") == "join"
    assert synonyms.field("zoom", "Out") == ""
    assert synonyms.field("teams", "Name") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[zoom", "cannot be used"),
        ("zoom = 1", "own.toml: zoom: is no table of fields"),
        ('[zoom]\nname = "Nimi"', "own.toml: zoom.name: is no list of headers"),
        ("[zoom]\nname = [1]", "own.toml: zoom.name: is no list of headers"),
    ],
)
def test_synonyms_that_are_none_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_synonyms(path)


TWICE = "Nr;Kommt;Geht;Teilnehmer;Teilnehmer;Wartet\n1;22.10.2020 13:00;;Ana;Bo;nein\n"


def test_a_mapped_header_that_stands_twice_is_refused_with_both_places(
    read: Read, tmp_path: Path
) -> None:
    both = r"the name in line 1: 'Teilnehmer' \(column 4\) and 'Teilnehmer' \(column 5\)"
    with pytest.raises(InputError, match=both):
        read(TWICE, mapping=written(tmp_path, ATTENDANCE))
    source = Source.of("list.csv", b"Wer,Adresse,Adresse\nAna,a@example.org,b@example.org\n")
    with pytest.raises(InputError, match="more than one column for the address in line 1"):
        read_renamed(source, ColumnMapping("list", {"email": "Adresse"}))


def test_a_mapped_question_that_stands_twice_is_refused(read: Read) -> None:
    text = "Timestamp,Your email,Your email\n2020/10/30 9:00:00 AM GMT-4,a@x.org,b@x.org\n"
    with pytest.raises(ConfigurationError) as refused:
        read(text, mapping=ColumnMapping("evaluation", {"email": "Your email"}))
    (fault,) = refused.value.faults
    assert str(fault) == (
        "mapping: 'Your email' stands there 2 times: column 2 and column 3 (rename all but one)"
    )


def test_a_licence_of_a_mapped_row_is_read(read: Read) -> None:
    columns = {"name": "Wer", "join": "Kommt", "licenses": "Lizenz"}
    text = "Wer,Kommt,Lizenz\nAna,22.10.2020 13:00,NY LCSW 081234\nBo,22.10.2020 13:00,\n"
    ana, bo = read(text, mapping=ColumnMapping("attendance", columns)).connections
    assert (ana.licenses, bo.licenses) == (("NY LCSW 081234",), ())
