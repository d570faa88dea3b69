"""The table of commands."""

from __future__ import annotations

import typer

from cecert.cli import (
    collecting,
    delivering,
    demonstrating,
    inspecting,
    issuing,
    judging,
    keeping,
    looking,
    mailing,
    overriding,
    previewing,
    publishing,
    setting_up,
    verifying,
)
from cecert.cli import (
    keys as key_commands,
)

__all__ = ["app"]

app = typer.Typer(
    name="cecert",
    help="Issue continuing-education certificates that can be defended.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(
    name="keys", help="Keys and the trust file.", no_args_is_help=True, rich_markup_mode=None
)
mail = typer.Typer(
    name="mail", help="Plan, try out and decide about mails.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

override = typer.Typer(
    name="override", help="Decide about the evidence, with a reason.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

export = typer.Typer(
    name="export", help="Hand out what the ledger has; each export is an event.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

app.command("init")(setting_up.init)
app.add_typer(keys)
keys.command("init")(key_commands.init)
keys.command("list")(key_commands.list_keys)
keys.command("sign")(key_commands.sign)
keys.command("rotate")(key_commands.rotate)
keys.command("retire")(key_commands.retire)
keys.command("compromise")(key_commands.compromise)
app.command("lint")(judging.lint)
app.command("inspect")(inspecting.inspect)
app.command("collect")(collecting.collect)
app.add_typer(override)
override.command("link")(overriding.link)
override.command("unlink")(overriding.unlink)
override.command("alias")(overriding.alias)
override.command("actual-window")(overriding.actual_window)
override.command("segment")(overriding.segment)
override.command("decision")(overriding.decision)
app.command("decide")(judging.decide)
app.command("preview")(previewing.preview)
app.command("issue")(issuing.issue)
app.command("deliver")(delivering.deliver)
app.add_typer(mail)
mail.command("plan")(mailing.plan)
mail.command("test")(mailing.trial)
mail.command("resolve")(mailing.resolve)
mail.command("retry")(mailing.retry)
mail.command("quarantine")(mailing.quarantine)
mail.command("bounces")(mailing.bounces)
app.command("resend")(mailing.resend)
app.command("status")(looking.status)
app.command("show")(looking.show)
app.command("correct")(keeping.correct)
app.command("revoke")(looking.revoke)
app.command("audit")(keeping.audit)
app.add_typer(export)
export.command("roster")(keeping.export_roster)
export.command("ledger")(keeping.export_ledger)
app.command("publish")(publishing.publish)
app.command("verify")(verifying.verify)
app.command("demo")(demonstrating.demo)
