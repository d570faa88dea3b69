"""Ports: processes that share a long piece of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from cecert.errors import CecertError

__all__ = ["WorkerLostError", "Workers"]

_Group_contra = TypeVar("_Group_contra", contravariant=True)
_Answer_co = TypeVar("_Answer_co", covariant=True)


class WorkerLostError(CecertError):
    """The processes that were given a group of work ended without an answer, one after another."""


class Workers(Protocol[_Group_contra, _Answer_co]):
    """Does one kind of work on groups of values, here or in other processes.

    What it does with a group changes nothing that a second doing would do otherwise: a
    group whose process was lost is done again.
    """

    def answers(self, groups: Iterable[_Group_contra]) -> Iterator[_Answer_co]:
        """Yield the answer to each group, in the order of the groups.

        The groups are taken as they are needed, a few ahead, by the thread that asks. What
        the work raises over a group is raised here in its place.

        Raises:
            WorkerLostError: If one process after another ended over the same group.
        """
        ...
