"""A site that is no folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence


class OwnSite:
    """A site of a learning system's own."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def put(
        self, files: Mapping[str, bytes], look: Callable[[str], None] = lambda _: None
    ) -> Sequence[str]:
        written = [name for name, content in files.items() if self.files.get(name) != content]
        for name in written:
            look(name)
        self.files |= files
        return written
