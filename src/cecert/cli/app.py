"""The table of commands."""

from __future__ import annotations

import typer

from cecert.cli import (
    delivering,
    demonstrating,
    issuing,
    judging,
    looking,
    mailing,
    setting_up,
    verifying,
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

app.command("init")(setting_up.init)
app.add_typer(keys)
keys.command("init")(setting_up.keys_init)
keys.command("list")(setting_up.keys_list)
keys.command("sign")(setting_up.keys_sign)
app.command("lint")(judging.lint)
app.command("decide")(judging.decide)
app.command("preview")(issuing.preview)
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
app.command("revoke")(looking.revoke)
app.command("verify")(verifying.verify)
app.command("demo")(demonstrating.demo)
