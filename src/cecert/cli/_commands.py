"""The table of commands, and the app with those that are called for.

A command's module is imported when it is called: loading what draws, seals, mails and
keeps takes longer than most commands work. Where commands are only listed none is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from cecert.cli._help_lines import HELP_LINES
from cecert.cli._output import answer

__all__ = ["app_for", "command_for", "whole_app"]

_COMMANDS = {
    "init": "init.init",
    "new": "new.new",
    "lint": "lint.lint",
    "inspect": "inspect.inspect",
    "collect": "collect.collect",
    "decide": "decide.decide",
    "preview": "preview.preview",
    "issue": "issue.issue",
    "deliver": "deliver.deliver",
    "resend": "mail.resend",
    "status": "status.status",
    "find": "find.find",
    "show": "status.show",
    "transcript": "transcript.transcript",
    "dossier": "dossier.dossier",
    "correct": "correct.correct",
    "revoke": "revoke.revoke",
    "audit": "audit.audit",
    "publish": "publish.publish",
    "due": "due.due",
    "changes": "changes.changes",
    "backup": "backup.backup",
    "restore": "backup.restore",
    "verify": "verify.verify",
    "demo": "demo.demo",
}
"""Module and function of each command that is in no group."""

_GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "log": (
        "The log of what was issued, replaced and revoked.",
        {
            "adopt": "log.adopt",
        },
    ),
    "keys": (
        "Keys and the trust file.",
        {
            "init": "keys.init",
            "list": "keys.list_keys",
            "events": "keys.list_events",
            "sign": "keys.sign",
            "badge": "keys.badge",
            "rotate": "keys.rotate",
            "retire": "keys.retire",
            "compromise": "keys.compromise",
            "certificate": "keys.certificate",
        },
    ),
    "fetch": (
        "Fetch a course's exports from where they are made.",
        {"zoom": "fetch.fetch_zoom"},
    ),
    "forms": (
        "What exports mean, remembered in forms.toml.",
        {"suggest": "forms.suggest"},
    ),
    "fonts": (
        "Fonts for scripts that the shipped ones do not have.",
        {"add": "fonts.add"},
    ),
    "hooks": (
        "Post what happened to another system.",
        {
            "begin": "hooks.begin",
            "run": "hooks.run",
        },
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
            "remind": "remind.remind",
            "tell-denied": "remind.tell_denied",
        },
    ),
    "export": (
        "Hand out what the ledger has; each export is an event.",
        {
            "roster": "export.export_roster",
            "annual": "export.export_annual",
            "cebroker": "report.export_cebroker",
            "settled": "report.export_settled",
            "badge": "export.export_badge",
            "ledger": "export.export_ledger",
        },
    ),
}
"""What each group is for, and its commands as above."""


def whole_app() -> typer.Typer:
    """Return the app with every command."""
    app = _bare_app()
    _add(app, _COMMANDS)
    for name, (_, commands) in _GROUPS.items():
        _add(_group(app, name), commands)
    return app


def app_for(words: Sequence[str]) -> typer.Typer:
    """Return the app with the command that *words* begin with; without one, a list of all.

    What is only listed has its name and its first line of help, and cannot be run.
    """
    app = _bare_app()
    called, rest = _called(words)
    if called in _GROUPS:
        _add_for(_group(app, called), _GROUPS[called][1], rest)
        return app
    _add_for(app, _COMMANDS, words)
    if called not in _COMMANDS:
        for name in _GROUPS:
            _group(app, name)
    return app


def command_for(words: Sequence[str]) -> TyperGroup:
    """Return the command of the app for *words*; a process makes it once and runs it often."""
    called, rest = _called(words)
    if called in _GROUPS:
        below, _ = _called(rest)
        return _made(called, below if below in _GROUPS[called][1] else "")
    return _made(called if called in _COMMANDS else "")


@cache
def _made(*words: str) -> TyperGroup:
    return get_group(app_for(words))


def _called(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the name that *words* begin with, "" for none, and what follows it."""
    begin = 1 if words[:1] == ["--"] else 0
    return "".join(words[begin : begin + 1]), words[begin + 1 :]


def _bare_app() -> typer.Typer:
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
    return app


def _group(app: typer.Typer, name: str) -> typer.Typer:
    words, _ = _GROUPS[name]
    group = typer.Typer(name=name, help=words, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group)
    return group


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


def _add_for(app: typer.Typer, commands: Mapping[str, str], words: Sequence[str]) -> None:
    """Add the command that *words* begin with; without one, list them all."""
    called, _ = _called(words)
    if called in commands:
        _add(app, {called: commands[called]})
        return
    for name, place in commands.items():
        app.command(name, help=HELP_LINES[place])(_only_listed)


def _add(app: typer.Typer, commands: Mapping[str, str]) -> None:
    for name, place in commands.items():
        module, _, function = place.partition(".")
        found: Callable[..., Any] = getattr(import_module(f"cecert.cli.{module}"), function)
        app.command(name)(found)


def _only_listed() -> None:
    """Stand for a command that is only listed: one that does nothing must not look done."""
    raise NotImplementedError
