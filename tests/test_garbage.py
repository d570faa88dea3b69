"""Garbage is not sought where none can be, and sought again afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import certificate_samples
import pytest

from cecert.domain.decision.decide import Award, decide
from cecert.garbage import no_garbage_sought
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.issue import issue

PEOPLE = 20


@contextmanager
def often_sought() -> Iterator[list[str]]:
    """Have garbage sought each time that 50 objects more were made, and tell when it is."""
    before, sought = gc.get_threshold(), list[str]()

    def note(phase: str, _: object) -> None:
        sought.append(phase)

    gc.collect()
    gc.set_threshold(50, 1000, 1000)
    gc.callbacks.append(note)
    try:
        yield sought
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)


def test_it_is_sought_again_whatever_happens_meanwhile() -> None:
    sought = list[bool]()

    @no_garbage_sought()
    def failing() -> None:
        sought.append(gc.isenabled())
        raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert (sought, gc.isenabled()) == ([False], True)


def test_who_seeks_none_seeks_none_afterwards() -> None:
    gc.disable()
    try:
        with no_garbage_sought():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_none_is_sought_while_a_group_is_checked_and_made() -> None:
    people = (
        sample_record(name=f"Ana {chr(65 + n)}i", email=f"p{n}@example.org") for n in range(PEOPLE)
    )
    course = sample_course()
    found = [each for record in people for each in decide(record, course)]
    awards = [each for each in found if isinstance(each, Award)]
    office = MemoryOffice()
    issue(awards[:1], office.desk())  # loads what is loaded late
    desk = office.desk()
    with often_sought() as sought:
        assert len(issue(awards[1:], desk).issued) == PEOPLE - 1
        assert gc.isenabled()
    # Between the parts of the work, and never for so many people each.
    assert sought.count("start") <= 10, sought.count("start")


def test_a_page_that_does_not_fit_at_first_leaves_none() -> None:
    renderer, certificate = certificate_samples.renderer(), certificate_samples.certificate()
    renderer.lay_out(certificate)  # what all certificates of the course share
    gc.collect()
    with no_garbage_sought():
        renderer.lay_out(certificate)
        assert gc.collect() == 0
