"""Fonts of an office: one more for a script, taken from this computer's own.

The file is copied into the office, so that certificates look the same after the system
has another version of it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import tomlkit

from cecert.adapters.storage.atomic import make_folder, write_file
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.domain.values.wording import being_written
from cecert.errors import InputError
from cecert.office.office import Office

__all__ = ["AddedFont", "add_font", "font_folders"]

FOLDER = "fonts"
"""Beside `cecert.toml`: where added fonts lie."""


@dataclass(frozen=True, slots=True)
class AddedFont:
    """A font that an office has now.

    Attributes:
        script: What it is for: `Khmer`.
        source: Where it was found; None if the office could draw the script before.
        entry: What stands under `fonts`: `fonts/NotoSerifKhmer-Regular.ttf`.
    """

    script: str
    source: Path | None = None
    entry: str = ""


def font_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders in which this system keeps fonts, those of the user first."""
    home = Path(environ["HOME"]) if environ.get("HOME") else None
    if sys.platform == "darwin":
        own = [home / "Library/Fonts"] if home else []
        return (*own, Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    if sys.platform == "win32":
        local = environ.get("LOCALAPPDATA")
        own = [Path(local) / "Microsoft/Windows/Fonts"] if local else []
        return (*own, Path(environ.get("WINDIR", "C:/Windows")) / "Fonts")
    own = [home / ".local/share/fonts", home / ".fonts"] if home else []
    return (*own, Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))


def add_font(office: Office, config: Path, word: str, folders: Sequence[Path]) -> AddedFont:
    """Copy a font for a script into the office, and name it in its file.

    Args:
        office: Whose certificates are drawn with it.
        config: Its `cecert.toml`.
        word: The script: `khmer`.
        folders: Where fonts are looked for.

    Raises:
        InputError: If there is no such script, or no font for it; nothing is changed.
        LedgerError: If another command holds the office's file for ten minutes.
    """
    from cecert.adapters.render import SCRIPT_FONTS, find_font

    scripts = {each.word: each for each in SCRIPT_FONTS.values()}
    script = scripts.get(word.casefold().replace(" ", "-"))
    if script is None:
        near = get_close_matches(word.casefold(), scripts, 1)
        hint = f"is it {near[0]}?" if near else f"there are {', '.join(sorted(scripts))}"
        raise InputError(f"{word!r} is no script that a font is known for", hint=hint)
    layout = office.preview_desk().layout
    if not office.renderer().missing_glyph(script.sample, layout):
        return AddedFont(script.name)
    found = find_font(script, folders)
    if found is None:
        raise InputError(
            f"no font for {script.name} was found in {', '.join(map(str, folders))}",
            hint=f"in Debian: apt install {script.package}; or --from the folder that has"
            f" {script.files[0]}",
        )
    entry = f"{FOLDER}/{found.name}"
    target = office.file.folder / FOLDER / found.name

    def tell() -> None:
        office.warn(being_written(config))

    with FolderLock.of_file(config.resolve()).hold(tell):
        text, mode = _with_font(config, entry), config.stat().st_mode
        if target.exists() and target.read_bytes() != found.data:
            raise InputError(f"{target} is there and is another font", hint="move it away first")
        make_folder(target.parent)
        write_file(target, found.data)
        write_file(config.resolve(), text.encode())
        config.chmod(mode)
    return AddedFont(script.name, found.source, entry)


def _with_font(config: Path, entry: str) -> str:
    """Return the office's file with one more font, everything else as it stands there."""
    edited = tomlkit.parse(config.read_bytes().decode("utf-8-sig"))
    table = edited.setdefault("certificate", tomlkit.table())
    table.setdefault("fonts", tomlkit.array()).append(entry)
    return tomlkit.dumps(edited)
