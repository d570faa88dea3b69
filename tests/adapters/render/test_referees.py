"""Every referee on sealed certificates: of every kind, and of two hundred names in any script."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import certificate_samples
import pytest
from certificate_samples import HARD_NAME, HARD_TITLE, ISSUED, certificate, sealer, uneven_sessions
from referees import Exhibit, complaints

from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import Symbol
from cecert.domain.certificate.certificate import Certificate, Paper

KINDS: dict[str, Callable[[], Certificate]] = {
    "of one line": lambda: certificate(lines=1, licenses=()),
    "of three lines": certificate,
    "hard": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "of two pages": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "with its sessions listed": lambda: certificate(sessions=uneven_sessions(12)),
    "of attendance": lambda: certificate(lines=0),
}
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

PEOPLE = 200


@pytest.fixture(scope="module")
def seal() -> PadesSealer:
    return sealer()


@pytest.fixture(scope="module")
def drawer(seal: PadesSealer) -> CertificateRenderer:
    return certificate_samples.renderer(seal_room=seal.room)


def sealed(
    drawn: Certificate, drawer: CertificateRenderer, seal: PadesSealer, folder: Path
) -> Exhibit:
    first = drawer.pages(drawn, specimen=False)[0]
    kids = (kid for element in first.body for kid in element.kids)
    code = next(kid.box for kid in kids if isinstance(kid, Symbol))
    folder.mkdir()
    path = folder / "sealed.pdf"
    path.write_bytes(seal.seal(drawer.draw(drawn), ISSUED))
    return Exhibit(path, drawn.recipient.name, drawn.token_url, code, first.height)


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", KINDS)
def test_no_referee_complains_of_a_certificate(
    kind: str, paper: Paper, layout: str,
    drawer: CertificateRenderer, seal: PadesSealer, tmp_path: Path,
) -> None:  # fmt: skip
    drawn = replace(KINDS[kind](), layout=layout, paper=paper)
    assert list(complaints(sealed(drawn, drawer, seal, tmp_path / "one"))) == []


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


def test_no_referee_complains_of_two_hundred_names_in_any_script(
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
