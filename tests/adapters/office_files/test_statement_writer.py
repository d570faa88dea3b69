"""Statement templates: a sandbox without Python, whoever wrote the template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.office_files import statement_writer, write_statement
from cecert.domain.course.statement import STATEMENT_FIELDS

FIELDS = {name: f"<{name}>" for name in STATEMENT_FIELDS}


def test_fields_are_filled_in_and_white_space_collapses() -> None:
    assert write_statement("{{ holder }},\n  no. {{ number }}", FIELDS) == "<holder>, no. <number>"


def test_a_value_is_never_a_template() -> None:
    hostile = FIELDS | {"holder": "{{ number }}{% for x in y %}"}
    assert write_statement("{{ holder }}", hostile) == "{{ number }}{% for x in y %}"


def test_a_template_chooses_between_two_wordings() -> None:
    template = "{% if co_sponsored and not number == '' %}both{% else %}alone{% endif %}"
    assert write_statement(template, FIELDS | {"co_sponsored": "yes"}) == "both"
    lacking = {name: value for name, value in FIELDS.items() if name != "co_sponsored"}
    assert write_statement(template, lacking) == "alone"


@pytest.mark.parametrize(
    "template",
    [
        "{{ holder.__class__.__mro__ }}",
        "{{ holder['x'] }}",
        "{{ holder|attr('x') }}",
        "{{ lipsum() }}",
        "{{ ().__class__ }}",
        "{% set x = 1 %}{{ x }}",
        "{% macro x() %}{% endmacro %}",
        "{% import 'os' as os %}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'x' ~ holder }}",
        "{{ [1, 2] }}",
        "{% raw %}{{ x }}{% endraw %}{{ 1 + 1 }}",
    ],
)
def test_python_in_a_template_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"holds code|names the unknown field"):
        write_statement(template, FIELDS)


def test_a_field_that_no_credit_has_is_refused_though_its_branch_is_never_taken() -> None:
    with pytest.raises(ValueError, match="names the unknown field sponsor"):
        write_statement("{% if co_sponsored %}{{ sponsor }}{% endif %}", FIELDS)


def test_a_field_the_approval_lacks_can_be_asked_for_and_not_be_printed() -> None:
    assert write_statement("{% if valid_to %}to {{ valid_to }}{% else %}on{% endif %}", {}) == "on"
    with pytest.raises(ValueError, match="prints a field that this approval lacks: 'valid_to' is"):
        write_statement("to {{ valid_to }}", {})


@pytest.mark.parametrize("template", ["{{ holder", "{% if %}", "{{ }}", "{% endif %}", "{# x"])
def test_a_half_written_template_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        write_statement(template, FIELDS)


def test_a_template_nested_beyond_use_is_refused() -> None:
    with pytest.raises(ValueError, match=r"cannot be|characters"):
        write_statement("{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}", FIELDS)


def test_a_template_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="has 5001 characters, at most 5000"):
        write_statement("x" * 5001, FIELDS)


@given(st.text(max_size=60))
def test_any_text_is_filled_in_or_refused_in_words(template: str) -> None:
    try:
        assert isinstance(write_statement(template, FIELDS), str)
    except ValueError as error:
        assert str(error)  # noqa: PT017  # either outcome is right


def test_a_template_is_read_once_whatever_it_is_filled_with() -> None:
    for number in ("1", "2"):
        assert (
            write_statement("No. {{ number }}, once", {"number": number}) == f"No. {number}, once"
        )
        read = statement_writer._compiled.cache_info().misses
    write_statement("No. {{ number }}, once", {"number": "3"})
    assert statement_writer._compiled.cache_info().misses == read
