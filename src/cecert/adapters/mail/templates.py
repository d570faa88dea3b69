"""Templates of mails: what they may use, found out once a process for the same bytes.

To compile those that are shipped takes a tenth of a second; an office that stays open makes
a writer for each run.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    meta,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cecert.errors import ConfigurationError, DeliveryError, Fault

__all__ = ["MailTemplates", "rendered"]

_COLUMNS = 72
_MOST = 256
"""Templates that are kept, of all offices of a process."""


class _CompiledOnce(BytecodeCache):
    """Keeps what templates were compiled to, each by its file and the digest of its bytes."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._held) >= _MOST:
            self._held.clear()
        if bucket.code is not None:
            self._held[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledOnce()


class MailTemplates:
    """The templates of some folders, the first that has one of a name."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders; nothing is read yet."""
        self._loader = FileSystemLoader(folders)
        self._environment = _environment(self._loader)

    def load(self, name: str, words: frozenset[str]) -> Template:
        """Return a template that uses no other *words*.

        Raises:
            ConfigurationError: If it is missing or uses what mails do not have.
        """
        try:
            source = self._loader.get_source(self._environment, name)[0]
            unknown = _words_of(source) - words
            template = self._environment.get_template(name)
        except (TemplateError, UnicodeDecodeError) as error:
            fault = Fault(f"mail template {name}", "", f"cannot be used: {error}")
            raise ConfigurationError("mails cannot be written", (fault,)) from error
        if unknown:
            fault = Fault(
                f"mail template {name}", ", ".join(sorted(unknown)), "is no word of a mail"
            )
            known = f"it may use {', '.join(sorted(words))}"
            raise ConfigurationError("mails cannot be written", (fault,), hint=known)
        return template


def rendered(template: Template, words: Mapping[str, object]) -> str:
    """Return what *template* says with these *words*.

    Raises:
        DeliveryError: If it fails.
    """
    try:
        return template.render(words)
    except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise DeliveryError(f"mail template {template.name}: {error}") from error


def _environment(loader: FileSystemLoader | None = None) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    environment.globals.clear()
    kept = {each: environment.filters[each] for each in ("format", "upper", "escape")}
    environment.filters = {**kept, "fold": _fold}
    return environment


@lru_cache(maxsize=_MOST)
def _words_of(source: str) -> frozenset[str]:
    """Return the words that a template asks for.

    Raises:
        TemplateError: If it is none.
    """
    return frozenset(meta.find_undeclared_variables(_environment().parse(source)))


@lru_cache(maxsize=512)
def _fold(text: str, first: str = "", rest: int = 0) -> str:
    """Break a paragraph at 72 columns, *first* before its first line, *rest* spaces after."""
    return textwrap.fill(
        text, _COLUMNS, initial_indent=first, subsequent_indent=" " * rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
