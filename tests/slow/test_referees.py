"""Every referee on sealed certificates of eighty names in any script."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from certificate_samples import certificate
from referees import complaints
from tests.interop.test_referees import drawer, seal, sealed

from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import CertificateRenderer

__all__ = ["drawer", "seal"]

pytestmark = [pytest.mark.slow, pytest.mark.system]
LETTERS = {
    "Latin": "abcdefghijklmnopqrstuvwxyzàéîõüçñšžłøđþßœ",
    "Vietnamese": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяїєґ",
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Devanagari": "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "Thai": "กขคงจฉชซญดตถทธนบปผพฟมยรลวศสหอ",
}
MARKS = {
    "Hebrew": "\u05b0\u05b4\u05b5\u05b7\u05b8",
    "Arabic": "\u064e\u064f\u0650\u0651",
    "Devanagari": "\u093e\u093f\u0940\u0941\u0947\u094b\u0902",
    "Thai": "\u0e31\u0e34\u0e35\u0e38\u0e48\u0e49",
}
"""Points and vowels that stand above, below or before the letter they follow."""
PEOPLE = 80


def names() -> Iterator[str]:
    chance = random.Random(20261124)
    for _ in range(PEOPLE):
        script = chance.choice(list(LETTERS))
        words = [word(script, chance) for _ in range(chance.randint(1, 4))]
        yield " ".join(word[:1].upper() + word[1:] for word in words)


def word(script: str, chance: random.Random) -> str:
    letters = chance.choices(LETTERS[script], k=chance.randint(2, 9))
    marks = MARKS.get(script, "")
    return "".join(
        letter + (chance.choice(marks) if marks and chance.random() < 0.4 else "")
        for letter in letters
    )


def test_no_referee_complains_of_eighty_names_in_any_script(
    drawer: CertificateRenderer, seal: PadesSealer, tmp_path: Path
) -> None:
    layouts = ("classic/1", "modern/1")
    exhibits = [
        sealed(replace(certificate(name), layout=layouts[n % 2]), drawer, seal, tmp_path / str(n))
        for n, name in enumerate(names())
    ]
    with ThreadPoolExecutor(2) as judges:
        found = list(judges.map(lambda each: (each.name, list(complaints(each))), exhibits))
    assert [(name, said) for name, said in found if said] == []
    assert len(found) == PEOPLE
