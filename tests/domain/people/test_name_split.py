"""First and last names: a guess, which is the same guess every time."""

from __future__ import annotations

import pytest

from cecert.domain.people.name_split import split_name


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ana Ruiz", "Ana", "Ruiz"),
        ("Dr. Ana Ruiz, Ph.D., LCSW-R", "Ana", "Ruiz"),
        ("Ruiz, Ana", "Ana", "Ruiz"),
        ("Rosa Núñez de la Cruz", "Rosa Núñez", "de la Cruz"),
        ("Van Nguyen", "Van", "Nguyen"),
        ("Yo-Yo Ma", "Yo-Yo", "Ma"),
        ("YO-YO MA", "YO-YO", "MA"),
        ("Ana Ruiz MA", "Ana", "Ruiz"),
        ("Ben Okafor Jr.", "Ben", "Okafor Jr."),
        ("Ben Okafor, Jr., LCSW", "Ben", "Okafor Jr."),
        ("Martin Luther King III", "Martin Luther", "King III"),
        ("李 小龍", "小龍", "李"),
        ("Madonna", "", "Madonna"),
        ("Dr. Ruiz", "", "Ruiz"),
        ("MA", "", "MA"),
    ],
)
def test_titles_and_degrees_are_left_out_and_particles_stay_with_the_surname(
    name: str, first: str, last: str
) -> None:
    assert split_name(name) == (first, last)
