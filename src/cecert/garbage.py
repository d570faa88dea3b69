"""Garbage: while many values are made that refer to no one that refers to them, none is sought.

Python goes through what is young again and again, and through all there is now and then. That
takes a tenth of the time that a batch of certificates does, and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_garbage_sought"]


@contextmanager
def no_garbage_sought() -> Iterator[None]:
    """Seek no garbage until the context ends; then it is sought again, if it was before.

    It holds for the whole process. Of two threads that are in such a context the first that
    ends has garbage sought for both.
    """
    sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sought:
            gc.enable()
