"""Whose root it is: what a user made or accepted counts as pinned, and nothing else.

Anybody can make an office that bears a school's name. A trust file that was only found, in
a folder that somebody sent, proves nothing until a person compares its root's thumbprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cecert.adapters.clock import SystemClock
from cecert.adapters.keys import KnownRoot, KnownRoots
from cecert.argument_types import typed
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import InputError
from cecert.office.verify.user_folders import config_folder
from cecert.workflows.verify.verify import Verifier

__all__ = ["is_made_here", "note_made_root", "pinned_if_known", "remember_root"]


@typed
def pinned_if_known(verifier: Verifier, environ: Mapping[str, str]) -> tuple[Verifier, str | None]:
    """Return the verifier, its root pinned if this user made or accepted it; and a warning.

    The warning, if any, says why a note of the root cannot be used.
    """
    if verifier.root_pinned:
        return verifier, None
    found = _roots(environ).find(verifier.trust.root.thumbprint.hex())
    if isinstance(found, KnownRoot):
        return replace(verifier, root_pinned=True), None
    return verifier, found


@typed
def is_made_here(trust: TrustFile, environ: Mapping[str, str]) -> bool:
    """Say whether this user made the root of *trust*."""
    found = _roots(environ).find(trust.root.thumbprint.hex())
    return isinstance(found, KnownRoot) and found.made


@typed
def remember_root(trust: TrustFile, environ: Mapping[str, str]) -> Path:
    """Note that this user accepts the root of *trust*; return the file that says so.

    Raises:
        InputError: If it cannot be noted.
    """
    roots = _roots(environ)
    try:
        roots.note(_root(trust, made=False))
    except OSError as error:
        raise InputError(
            f"the root cannot be remembered: {error.strerror}",
            hint="give write permission to your configuration folder, or pin it with --root",
        ) from error
    path = roots.path(trust.root.thumbprint.hex())
    assert path is not None  # noqa: S101  # without a folder nothing is noted
    return path


@typed
def note_made_root(trust: TrustFile, environ: Mapping[str, str]) -> str | None:
    """Note that this user made the root of *trust*; return why it could not be, if so."""
    try:
        _roots(environ).note(_root(trust, made=True))
    except OSError as error:
        return f"that this root is yours cannot be noted: {error.strerror}"
    return None


def _roots(environ: Mapping[str, str]) -> KnownRoots:
    folder = config_folder(environ)
    return KnownRoots(None if folder is None else folder / "roots")


def _root(trust: TrustFile, *, made: bool) -> KnownRoot:
    thumbprint = trust.root.thumbprint.hex()
    return KnownRoot(thumbprint, trust.issuer, trust.name, made, SystemClock().now())
