"""The app with every command, for what asks for all of them: its reference, its tests."""

from __future__ import annotations

from cecert.cli.commands import whole_app

__all__ = ["app"]

app = whole_app()
