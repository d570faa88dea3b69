"""An office: the wiring between files, keys, ledger, archive, mail account and the workflows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cecert.office.making import create_office, demo_files
    from cecert.office.office import Office
    from cecert.office.publishing import publishing_desk
    from cecert.office.verifying import office_trust_file, open_verifier

__all__ = [
    "Office",
    "create_office",
    "demo_files",
    "office_trust_file",
    "open_verifier",
    "publishing_desk",
]

_PLACES = {
    "Office": "office",
    "create_office": "making",
    "demo_files": "making",
    "office_trust_file": "verifying",
    "open_verifier": "verifying",
    "publishing_desk": "publishing",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # PEP 562
    # Each part is loaded when it is asked for: reading a course needs no PDF library.
    if name in _PLACES:
        return getattr(import_module(f"cecert.office.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'cecert.office' has no attribute {name!r}")
