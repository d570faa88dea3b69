"""Checking what an office without files was given, as a `cecert.toml` that says the same is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from cecert.adapters.assets import asset_folder
from cecert.adapters.office_files import OfficeFile, office_of
from cecert.domain.course.approval import Approval
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.mail.account import MailAccount, MailSecurity, account_problems
from cecert.errors import ConfigurationError, Fault
from cecert.office.given.parts import Looks, Parts

__all__ = ["checked_values"]

NOWHERE = Path(os.devnull) / "no files"
"""Where the files of an office without files are: nothing can be read or written there."""


def checked_values(  # what `cecert.toml` says
    provider: Provider,
    signatories: Sequence[Signatory],
    approvals: Sequence[Approval],
    parts: Parts,
    verify_url: str,
    mirrors: Sequence[str],
) -> OfficeFile:
    """Return what a `cecert.toml` would say.

    Args:
        provider: Who answers for the courses.
        signatories: Who signs.
        approvals: What it may claim.
        parts: What stands in for files.
        verify_url: Address of the verify page.
        mirrors: Further addresses of it.

    Raises:
        ConfigurationError: If something of it cannot be used; every fault is listed.
    """
    document: dict[str, object] = {
        "provider": _filled(asdict(provider)) | _filled({"program": parts.looks.program}),
        "signatory": [_signatory(each) for each in signatories],
        "approval": [_approval(each) for each in approvals],
        "verify": {"url": verify_url, "mirrors": list(mirrors)},
        "certificate": _filled(
            {
                "layout": parts.looks.layout,
                "paper": parts.looks.paper.value,
                "accent": parts.looks.accent,
            }
        ),
    }
    try:
        file = office_of(document, NOWHERE / "office")
    except ConfigurationError as error:
        raise ConfigurationError("the office cannot be used", error.faults) from error
    named = [replace(e, image=g.image) for e, g in zip(file.signatories, signatories, strict=True)]
    mail = None if parts.mail is None else parts.mail.account
    faults = [
        *_unpictured(named, parts.looks), *_misdrawn(parts), *_unmailable(mail),
    ]  # fmt: skip
    if faults:
        raise ConfigurationError("the office cannot be used", tuple(faults))
    return replace(file, signatories=tuple(named), mail=mail)


def _unpictured(signatories: Iterable[Signatory], looks: Looks) -> Iterator[Fault]:
    for number, each in enumerate(signatories, 1):
        if each.image and each.image not in looks.signatures:
            place = f"office: signatory[{number}].image"
            yield Fault(place, each.image, "is no name of a picture given")


def _misdrawn(parts: Parts) -> Iterator[Fault]:
    if not parts.layouts and parts.looks.layout == Looks().layout:
        return
    from cecert.adapters.render.text.layout_draft import draft_faults
    from cecert.adapters.render.text.layout_file import layout_document

    files = sorted((asset_folder("templates") / "layouts").glob("*.toml"))
    shipped = {each.stem: layout_document(each) for each in files}
    faces = {each.stem for each in asset_folder("fonts").glob("*.[ot]tf")}
    named: set[str] = set()
    for number, each in enumerate(parts.layouts, 1):
        yield from draft_faults(each, shipped, faces, f"office: layouts[{number}]")
        if each.name in named:
            yield Fault(f"office: layouts[{number}].name", each.name, "stands there twice")
        named.add(each.name)
    if parts.looks.layout not in named | shipped.keys():
        yield Fault("office: looks.layout", parts.looks.layout, "is no layout given or shipped")


def _unmailable(account: MailAccount | None) -> Iterator[Fault]:
    if account is not None:
        # Whether the connection is safe is asked of whoever opens it: here it is the program.
        for problem in account_problems(replace(account, security=MailSecurity.TLS)):
            yield Fault("office: mail", "", problem)


def _filled(table: Mapping[str, object]) -> dict[str, object]:
    return {name: each for name, each in table.items() if each is not None and each != ""}


def _signatory(signatory: Signatory) -> dict[str, object]:
    table = asdict(replace(signatory, image=""))
    table["for"] = list(table.pop("credentials"))
    return _filled(table)


def _approval(approval: Approval) -> dict[str, object]:
    table = asdict(approval)
    table["status"] = approval.status.value
    table["formats"] = [each.value for each in approval.formats]
    return _filled(table)
