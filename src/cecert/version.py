"""The version that is installed, in an editable install too."""

from __future__ import annotations

from importlib.metadata import version

__all__ = ["__version__"]

__version__: str = version("cecert")
