"""The table of commands, and the app with those that are called for.

A command's module is imported when it is called: loading what draws, seals, mails and
keeps takes longer than most commands work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from cecert.cli._output import answer

__all__ = ["app_for", "whole_app"]

_COMMANDS = {
    "init": "init.init",
    "new": "new.new",
    "keys": "keys",
    "lint": "decide.lint",
    "inspect": "inspect.inspect",
    "forms": "forms",
    "fonts": "fonts",
    "collect": "collect.collect",
    "override": "override",
    "decide": "decide.decide",
    "preview": "preview.preview",
    "issue": "issue.issue",
    "deliver": "deliver.deliver",
    "mail": "mail",
    "resend": "mail.resend",
    "status": "status.status",
    "find": "find.find",
    "show": "status.show",
    "correct": "correct.correct",
    "revoke": "status.revoke",
    "audit": "audit.audit",
    "export": "export",
    "publish": "publish.publish",
    "backup": "backup.backup",
    "restore": "backup.restore",
    "verify": "verify.verify",
    "demo": "demo.demo",
}
"""Module and function of each command; the name of a group alone."""

_GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "keys": (
        "Keys and the trust file.",
        {
            "init": "keys.init",
            "list": "keys.list_keys",
            "events": "keys.list_events",
            "sign": "keys.sign",
            "rotate": "keys.rotate",
            "retire": "keys.retire",
            "compromise": "keys.compromise",
            "certificate": "keys.certificate",
        },
    ),
    "forms": (
        "What exports mean, remembered in forms.toml.",
        {"suggest": "forms.suggest"},
    ),
    "fonts": (
        "Fonts for scripts that the shipped ones do not have.",
        {"add": "fonts.add"},
    ),
    "override": (
        "Decide about the evidence, with a reason.",
        {
            "link": "override.link",
            "unlink": "override.unlink",
            "alias": "override.alias",
            "actual-window": "override.actual_window",
            "segment": "override.segment",
            "decision": "override.decision",
            "list": "override_list.list_overrides",
            "undo": "override_list.undo",
        },
    ),
    "mail": (
        "Plan, try out and decide about mails.",
        {
            "plan": "mail.plan",
            "test": "mail.trial",
            "resolve": "mail.resolve",
            "retry": "mail.retry",
            "quarantine": "mail.quarantine",
            "bounces": "mail.bounces",
        },
    ),
    "export": (
        "Hand out what the ledger has; each export is an event.",
        {"roster": "export.export_roster", "ledger": "export.export_ledger"},
    ),
}


def whole_app() -> typer.Typer:
    """Return the app with every command."""
    return _app(tuple(_COMMANDS))


def app_for(words: Sequence[str]) -> typer.Typer:
    """Return the app with the command that *words* begin with; without one, with all."""
    called = words[0] if words else ""
    if called == "--version":
        return _app(())
    return _app((called,)) if called in _COMMANDS else whole_app()


def _app(names: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name="cecert",
        help="Issue continuing-education certificates that can be defended.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    # With a callback, one command alone is still called by its name.
    app.callback()(_nothing_first)
    for name in names:
        if name in _GROUPS:
            app.add_typer(_group(name))
        else:
            app.command(name)(_function(_COMMANDS[name]))
    return app


def _say_version(asked: bool) -> None:
    if asked:
        from cecert.version import __version__

        answer(f"cecert {__version__}")
        raise typer.Exit


def _nothing_first(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Say which this is."),
    ] = False,
) -> None:
    # A docstring here would be the app's help.
    del version


def _group(name: str) -> typer.Typer:
    words, commands = _GROUPS[name]
    group = typer.Typer(name=name, help=words, no_args_is_help=True, rich_markup_mode=None)
    for each, place in commands.items():
        group.command(each)(_function(place))
    return group


def _function(place: str) -> Callable[..., Any]:
    module, _, function = place.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"cecert.cli.{module}"), function)
    return found
