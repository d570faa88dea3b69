"""Statement templates: a sandbox with a handful of fields and nothing else.

A template is data that somebody pasted from a board's letter. It can name the fields
of `cecert.domain.course.statement` and choose between two wordings; it can call nothing and
look into nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cecert.domain.course.statement import STATEMENT_FIELDS

__all__ = ["write_statement"]

MOST_CHARACTERS = 5_000
"""Characters of the longest template."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip


class _Lacking(StrictUndefined):
    """A field that this approval lacks: it can be asked for in an `if`, and not be printed."""

    def __bool__(self) -> bool:  # type: ignore[override]  # it raises there, and answers here
        return False


def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text for a PDF, and no markup: nothing here is HTML, whoever shows it escapes it.
    environment = ImmutableSandboxedEnvironment(undefined=_Lacking, autoescape=False)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


_ENVIRONMENT = _environment()


def write_statement(template: str, fields: Mapping[str, str]) -> str:
    """Fill *template* with *fields*, white space collapsed.

    Raises:
        ValueError: If it names an unknown field, prints one that is not given, or
            does anything but name fields and choose between wordings; str()
            continues "the template".
    """
    if len(template) > MOST_CHARACTERS:
        raise ValueError(f"has {len(template)} characters, at most {MOST_CHARACTERS}")
    try:
        return " ".join(_compiled(template).render(fields).split())
    except TemplateSyntaxError as error:
        raise ValueError(f"cannot be read: {error.message} (line {error.lineno})") from error
    except UndefinedError as error:
        raise ValueError(f"prints a field that this approval lacks: {error}") from error
    except (TemplateError, RecursionError) as error:
        raise ValueError(f"cannot be filled in: {error}") from error


@lru_cache(maxsize=64)
def _compiled(template: str) -> Template:
    """Return a template that does nothing but what it may; a board's stands in many courses."""
    _refuse_code(_ENVIRONMENT.parse(template))
    return _ENVIRONMENT.from_string(template)


def _refuse_code(parsed: nodes.Template) -> None:
    for node in parsed.find_all(nodes.Node):
        if isinstance(node, nodes.Name) and node.name not in STATEMENT_FIELDS:
            known = ", ".join(STATEMENT_FIELDS)
            raise ValueError(f"names the unknown field {node.name}; there are {known}")
        if not isinstance(node, _ALLOWED):
            raise ValueError(  # noqa: TRY004  # the type of a node is a value here
                f"holds code (line {node.lineno}); it may only name fields, as in "
                "{{ holder }}, and choose with {% if %}"
            )
