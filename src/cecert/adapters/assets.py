"""Where templates and fonts lie: in the wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["asset_folder"]


def asset_folder(name: str) -> Path:
    """Return the folder `templates`, `fonts` or `reader`.

    A wheel carries them as `cecert/_assets`; an editable install does not copy them,
    so the checkout's are used.

    Raises:
        FileNotFoundError: If the installation is incomplete.
    """
    package = Path(__file__).parents[1]
    for candidate in (package / "_assets" / name, package.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"cecert was installed without its {name}")
