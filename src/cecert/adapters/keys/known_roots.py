"""The roots that a user made or accepted, noted in the user's own configuration folder.

One file a root, named after its thumbprint: two commands at once cannot lose each other's
notes, and a damaged note spoils no other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from cecert.adapters.storage.atomic import make_folder, write_file

__all__ = ["KnownRoot", "KnownRoots"]

LARGEST = 1 << 16
"""Bytes of a note; what stands after them is not read."""


@dataclass(frozen=True, slots=True)
class KnownRoot:
    """A root that a user vouched for.

    Attributes:
        thumbprint: The root's, hexadecimal.
        provider: The provider's id in the trust file that the root had signed.
        name: The provider's name in it.
        made: Whether the user made the root; else it was accepted.
        noted_at: When.
    """

    thumbprint: str
    provider: str
    name: str
    made: bool
    noted_at: datetime


class KnownRoots:
    """The notes of one user; without a folder there are none, and none can be made."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder; it is made with the first note."""
        self._folder = folder

    def path(self, thumbprint: str) -> Path | None:
        """Return where the note of a root lies, or would; None without a folder."""
        return None if self._folder is None else self._folder / f"{thumbprint}.json"

    def find(self, thumbprint: str) -> KnownRoot | str | None:
        """Return the note of a root, None if there is none, or a sentence why it cannot be used."""
        path = self.path(thumbprint)
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                return _read(file.read(LARGEST), thumbprint)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            return f"{path} cannot be read ({error.strerror}), so its root counts as unknown"
        except (ValueError, TypeError, LookupError, RecursionError):
            return f"{path} is damaged, so its root counts as unknown"

    def note(self, root: KnownRoot) -> None:
        """Note a root; one that is noted already stays as it is.

        Raises:
            OSError: If it cannot be written.
        """
        path = self.path(root.thumbprint)
        if path is None:
            raise FileNotFoundError(2, "there is no home folder")
        if isinstance(self.find(root.thumbprint), KnownRoot):
            return
        make_folder(path.parent)
        facts = asdict(root) | {"noted_at": root.noted_at.isoformat()}
        write_file(path, json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n")


def _read(data: bytes, thumbprint: str) -> KnownRoot:
    facts = json.loads(data)
    root = KnownRoot(
        thumbprint=facts["thumbprint"],
        provider=str(facts["provider"]),
        name=str(facts["name"]),
        made=facts["made"] is True,
        noted_at=datetime.fromisoformat(facts["noted_at"]),
    )
    if root != replace(root, thumbprint=thumbprint):
        raise ValueError("a note of another root")
    return root
