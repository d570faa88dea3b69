"""The JSON Schema of what each command prints with `--json`, made of the types of its documents."""

from __future__ import annotations

import collections.abc
import types
import typing
from collections.abc import Mapping
from typing import Any, NotRequired, is_typeddict

from cecert.domain.documents import (
    decision,
    evidence,
    inspection,
    ledger,
    mail,
    site,
    verification,
)

__all__ = ["DOCUMENTS", "json_schema"]

DOCUMENTS: Mapping[str, tuple[type, ...]] = {
    "audit": (ledger.AuditDocument,),
    "changes": (ledger.ChangesDocument,),
    "collect": (evidence.CollectDocument,),
    "correct": (ledger.CorrectDocument, ledger.CorrectListDocument),
    "decide": (decision.DecideDocument,),
    "deliver": (mail.DeliverDocument, mail.DraftsDocument),
    "due": (ledger.DueDocument,),
    "export ledger": (ledger.ExportLedgerDocument,),
    "export roster": (ledger.ExportRosterDocument,),
    "fetch zoom": (evidence.FetchDocument,),
    "find": (ledger.FindDocument,),
    "hooks run": (ledger.HooksDocument,),
    "inspect": (
        inspection.AttendanceDocument,
        inspection.EvaluationDocument,
        inspection.RegistrationsDocument,
        inspection.MappedDocument,
    ),
    "issue": (decision.IssueDocument,),
    "keys badge": (site.MadeDocument,),
    "keys certificate": (site.KeyCertificateDocument,),
    "keys compromise": (site.CompromisedDocument,),
    "keys events": (site.KeyEventsDocument,),
    "keys init": (site.SignedDocument,),
    "keys list": (site.KeysDocument,),
    "keys retire": (site.RetiredDocument,),
    "keys rotate": (site.MadeDocument,),
    "keys sign": (site.SignedDocument,),
    "lint": (decision.LintDocument,),
    "log adopt": (site.AdoptDocument,),
    "mail bounces": (mail.BouncesDocument,),
    "mail plan": (mail.PlanDocument,),
    "mail remind": (mail.RemindDocument,),
    "mail tell-denied": (mail.TellDeniedDocument,),
    "override list": (evidence.OverridesDocument,),
    "publish": (site.PublishDocument,),
    "show": (ledger.ShowDocument, ledger.LinkDocument),
    "status": (mail.StatusDocument,),
    "verify": (verification.VerifyDocument, verification.UncheckedDocument),
}
"""The documents that a command may print, by its name."""

_JSON = {str: "string", int: "integer", float: "number", bool: "boolean"}


def json_schema(command: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a command's documents; no key stands in it unsaid."""
    named: dict[str, Any] = {}
    choices = [_schema(each, named) for each in DOCUMENTS[command]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"cecert {command} --json",
        **(choices[0] if len(choices) == 1 else {"anyOf": choices}),
        "$defs": dict(sorted(named.items())),
    }


def _schema(hint: Any, named: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401, C901, PLR0911  # one a kind of annotation
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in _JSON:
        return {"type": _JSON[hint]}
    if hint is object:
        return {}
    if hint is type(None):
        return {"type": "null"}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in {typing.Union, types.UnionType}:
        return {"anyOf": [_schema(each, named) for each in arguments]}
    if origin is tuple:
        items = [_schema(each, named) for each in arguments]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    if origin in {dict, collections.abc.Mapping}:
        return {"type": "object", "additionalProperties": _schema(arguments[1], named)}
    if origin in {list, collections.abc.Iterable, collections.abc.Sequence}:
        return {"type": "array", "items": _schema(arguments[0], named)}
    if not is_typeddict(hint):
        raise TypeError(f"{hint} stands in a document and is none of JSON's")
    if hint.__name__ not in named:
        named[hint.__name__] = {}  # it may hold itself
        named[hint.__name__] = _object(hint, named)
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _object(kind: Any, named: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    hints = typing.get_type_hints(kind, include_extras=True)
    optional = {key for key, hint in hints.items() if typing.get_origin(hint) is NotRequired}
    return {
        "description": (kind.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": {
            key: _schema(typing.get_args(hint)[0] if key in optional else hint, named)
            for key, hint in hints.items()
        },
        "required": [key for key in hints if key not in optional],
        "additionalProperties": False,
    }
