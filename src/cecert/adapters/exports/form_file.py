"""`forms.toml`: what each export that an office is sent means, remembered.

    [[form]]
    kinds = ["evaluation", "attestation"]
    recognise = ["Timestamp", "I attest that I attended in full"]
    [form.columns]
    email = ["Email Address", "The address you registered with"]
    attestation = "I attest that I attended in full"
    [form.values.attestation]
    "Absolutely" = "yes"

An unknown key is an error that names the nearest; a value that means nothing is one where
it is read, because the entry cannot know what the course offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cecert.adapters.exports.form import LICENSE_PARTS, Form
from cecert.adapters.exports.mapping import ColumnMapping, mapping_of, nearest_known
from cecert.adapters.tables.headers import normalised
from cecert.adapters.tables.toml import usable_toml
from cecert.errors import ConfigurationError, Fault

__all__ = ["read_form_or_mapping", "read_forms"]

_KEYS = ("name", "kinds", "recognise", "columns", "values", "required", "out_of")


def read_forms(path: Path) -> tuple[Form, ...]:
    """Read a file of entries; each says how it is recognised.

    Raises:
        ConfigurationError: If anything in it cannot be used; every fault is listed.
    """
    return _forms(path, usable_toml(path), by_hand=False)


def read_form_or_mapping(path: Path) -> Form | ColumnMapping:
    """Read what `--mapping` names: one entry, or a mapping file of before.

    Raises:
        ConfigurationError: If it cannot be used, or has several entries.
    """
    document = usable_toml(path)
    if "form" not in document and "kinds" not in document:
        return mapping_of(path, document)
    document = document if "form" in document else {"form": [document]}
    forms = _forms(path, document, by_hand=True)
    if len(forms) != 1:
        raise ConfigurationError(
            f"{path} has {len(forms)} entries, and --mapping takes one",
            hint="entries of forms.toml beside cecert.toml or the course are used by themselves",
        )
    return forms[0]


def _forms(path: Path, document: Mapping[str, Any], *, by_hand: bool) -> tuple[Form, ...]:
    entries = document.get("form", [])
    faults = [
        Fault(f"{path.name}: {key}", "", "is not known", "write [[form]]")
        for key in document
        if key != "form"
    ]
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        faults.append(Fault(f"{path.name}: form", "", "is no list of tables", "write [[form]]"))
        entries = []
    places = [f"{path.name}: form {number}" for number, _ in enumerate(entries, 1)]
    for place, entry in zip(places, entries, strict=True):
        faults += _faults(place, entry, by_hand=by_hand)
    if faults:
        raise ConfigurationError(f"{path} cannot be used", tuple(faults))
    return tuple(_form(place, entry) for place, entry in zip(places, entries, strict=True))


def _form(place: str, entry: Mapping[str, Any]) -> Form:
    columns = dict(entry.get("columns", {}))
    parts = columns.get("licenses")
    if isinstance(parts, dict):
        columns = {**{each: it for each, it in columns.items() if each != "licenses"}, **parts}
    return Form(
        place,
        tuple(entry["kinds"]),
        tuple(entry.get("recognise", ())),
        {each: it if isinstance(it, str) else tuple(it) for each, it in columns.items()},
        tuple(entry.get("required", ())),
        entry.get("out_of", 0),
        {
            name: {normalised(said): _joined(meant) for said, meant in table.items()}
            for name, table in entry.get("values", {}).items()
        },
        entry.get("name", ""),
    )


def _joined(meant: Any) -> str:  # noqa: ANN401 - a text or a list of them
    return meant if isinstance(meant, str) else ";".join(meant)


def _faults(place: str, entry: Mapping[str, Any], *, by_hand: bool) -> Iterator[Fault]:
    for key in entry:
        if key not in _KEYS:
            yield Fault(f"{place}: {key}", "", "is not known", nearest_known(key, _KEYS))
    kinds = entry.get("kinds", [])
    if not isinstance(kinds, list) or not kinds or not set(map(str, kinds)) <= set(Form.FIELDS):
        said = "" if isinstance(kinds, list) and not kinds else str(kinds)
        yield Fault(f"{place}: kinds", said, f"is no list of {', '.join(Form.FIELDS)}")
        return
    yield from _shape_faults(place, entry, by_hand=by_hand)
    columns = entry.get("columns", {})
    if not isinstance(columns, dict):
        yield Fault(f"{place}: columns", "", "is no table of headers by field")
        return
    yield from _column_faults(place, kinds, columns)
    yield from _value_faults(place, entry.get("values", {}), columns)


def _shape_faults(place: str, entry: Mapping[str, Any], *, by_hand: bool) -> Iterator[Fault]:
    for key in ("recognise", "required"):
        if not _is_headers(entry.get(key, [])):
            yield Fault(f"{place}: {key}", "", "is no list of headers")
    if not by_hand and not entry.get("recognise"):
        remedy = "name headers that together no other file has"
        yield Fault(f"{place}: recognise", "", "is missing", remedy)
    if not isinstance(entry.get("name", ""), str):
        yield Fault(f"{place}: name", str(entry["name"]), "is no text")
    out_of = entry.get("out_of", 0)
    if isinstance(out_of, bool) or not isinstance(out_of, int) or out_of < 0:
        yield Fault(f"{place}: out_of", str(out_of), "is no highest score")


def _column_faults(place: str, kinds: Iterable[str], columns: Mapping[str, Any]) -> Iterator[Fault]:
    known = tuple(dict.fromkeys(each for kind in kinds for each in Form.FIELDS[kind]))
    for name, headers in columns.items():
        where = f"{place}: columns.{name}"
        if name in LICENSE_PARTS or name not in known:
            shown = tuple(each for each in known if each not in LICENSE_PARTS)
            yield Fault(where, "", "is not known", nearest_known(name, shown))
        elif name == "licenses" and isinstance(headers, dict):
            yield from _license_faults(where, headers)
        elif not (_is_header(headers) or (_is_headers(headers) and headers)):
            yield Fault(where, "", "is no header and no list of headers")
        elif not isinstance(headers, str) and name not in {"name", "email"}:
            yield Fault(where, "", "has several headers: only name and email may")
    for kind in kinds:
        for choice in Form.NEEDED.get(kind, ()):
            if not set(choice) & columns.keys():
                yield Fault(f"{place}: columns.{choice[0]}", "", f"is missing: {kind} needs it")


def _license_faults(where: str, headers: Mapping[str, Any]) -> Iterator[Fault]:
    if set(headers) != set(LICENSE_PARTS) or not _is_headers(list(headers.values())):
        yield Fault(where, "", "is no table of state, title and number, each a header")
    elif len(set(headers.values())) < len(LICENSE_PARTS):
        said = ", ".join(headers.values())
        yield Fault(where, said, "names one column twice", 'licenses = "that column"')


def _value_faults(place: str, values: Any, columns: Mapping[str, Any]) -> Iterator[Fault]:  # noqa: ANN401
    if not isinstance(values, dict):
        yield Fault(f"{place}: values", "", "is no table of fields")
        return
    mapped = (*columns, *(LICENSE_PARTS if isinstance(columns.get("licenses"), dict) else ()))
    for name, table in values.items():
        where = f"{place}: values.{name}"
        if name not in mapped:
            yield Fault(where, "", "is of no column of this entry", nearest_known(name, mapped))
        elif not isinstance(table, dict):
            yield Fault(where, "", 'is no table of "what the form says" = "what it means"')
        else:
            for said, meant in table.items():
                if meant == "":
                    yield Fault(f"{where}.{said}", "", "is not filled in", "[] for nothing")
                elif not isinstance(meant, str) and not _is_headers(meant):
                    yield Fault(f"{where}.{said}", str(meant), "is no text and no list of texts")


def _is_header(value: Any) -> bool:  # noqa: ANN401 - whatever TOML has there
    return isinstance(value, str) and bool(value.strip())


def _is_headers(values: Any) -> bool:  # noqa: ANN401 - whatever TOML has there
    return isinstance(values, list) and all(map(_is_header, values))
