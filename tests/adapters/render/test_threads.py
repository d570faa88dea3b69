"""Threads: one renderer and one sealer draw for many at once, and mix no two courses."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import cycle, islice

import pytest
from certificate_samples import certificate, renderer, sealer

from cecert.adapters.database.snapshots import SnapshotWriter, certificate_of
from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.certificate import Certificate
from cecert.ports import Renderer, Sealer

THREADS, DRAWINGS = 6, 5000
NAMES = ("Ana Ruiz", "Zoë Ågren", "דניאל כהן", "Ng", "Bartholomew Fotheringay-Phipps")


@contextmanager
def threads_take_turns_often() -> Iterator[None]:
    """Have threads change after every few steps, where 5 ms hide most of what can go wrong."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _courses(count: int) -> list[list[Certificate]]:
    """Return the certificates of some people in each course, as a ledger gives them back."""
    layouts = cycle(("classic/1", "modern/1"))
    return [
        [
            certificate_of(SnapshotWriter().text_of(replace(each, layout=layout)))
            for each in (
                certificate(name, f"Course {letter} of six", lines=number % 4) for name in NAMES
            )
        ]
        for number, (letter, layout) in enumerate(
            zip("ABCDEFGHIJKL"[:count], layouts, strict=False)
        )
    ]


def _digest(each: Certificate, draws: Renderer, seals: Sealer) -> bytes:
    return sha256(seals.seal(draws.draw(each), each.issued_at)).digest()


def _drawn_together(
    courses: Sequence[Sequence[Certificate]], draws: Renderer, seals: Sealer, count: int
) -> list[tuple[Certificate, bytes]]:
    """Draw so many in all, each thread the certificates of every course in an order of its own."""

    def work(thread: int) -> list[tuple[Certificate, bytes]]:
        turned = [*courses[thread:], *courses[:thread]]
        order = [person for people in zip(*turned, strict=True) for person in people]
        mine = islice(cycle(order), count // THREADS + 1)
        return [(each, _digest(each, draws, seals)) for each in mine]

    with threads_take_turns_often(), ThreadPoolExecutor(THREADS) as pool:
        return [each for found in pool.map(work, range(THREADS)) for each in found]


def _alone(
    courses: Sequence[Sequence[Certificate]], seals: Sealer, draws: CertificateRenderer
) -> dict[str, bytes]:
    """Draw each by itself; a certificate is known by its snapshot."""
    return {
        SnapshotWriter().text_of(each): _digest(each, draws, seals)
        for people in courses
        for each in people
    }


@pytest.mark.slow
def test_six_threads_on_one_desk_draw_what_each_would_draw_alone() -> None:
    courses = _courses(6)
    alone = _alone(courses, sealer(), renderer())
    drawn = _drawn_together(courses, renderer(), sealer(), DRAWINGS)
    assert len(drawn) >= DRAWINGS
    wrong = [
        each.course.title
        for each, digest in drawn
        if digest != alone[SnapshotWriter().text_of(each)]
    ]
    assert wrong == []


@pytest.mark.slow
def test_threads_with_more_courses_than_are_kept_draw_them_all_the_same() -> None:
    courses = _courses(12)
    alone = _alone(courses, sealer(), renderer())
    drawn = _drawn_together(courses, renderer(), sealer(), 600)
    assert all(digest == alone[SnapshotWriter().text_of(each)] for each, digest in drawn)


@pytest.mark.parametrize("number", range(3))
def test_a_fault_that_one_thread_finds_is_not_told_to_another(number: int) -> None:
    good = certificate("Ana Ruiz", f"Course {number}", lines=number)
    bad = certificate("Ana \N{SNOWMAN}\N{SNOWMAN}", f"Other course {number}", lines=number)
    draws = renderer()
    with threads_take_turns_often(), ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(draws.faults, [good, bad] * 60))
    assert [bool(each) for each in told] == [False, True] * 60
