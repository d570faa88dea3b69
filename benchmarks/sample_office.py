"""An office to measure with: the demo's, with its signature picture and a logo.

It runs nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import permutations, product
from pathlib import Path
from time import perf_counter
from typing import Any

from PIL import Image, ImageDraw

from cecert import Award, CompletionRecord, Office, decide
from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.storage.archive import FolderArchive
from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.course.course import Course
from cecert.office import create_office
from cecert.workflows.issue.compose import Composer, Draft, signed, tried_out
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import participants_of, plan_certificates

PASSPHRASE = "correct horse battery"
ASKED = ("ny-social-work", "ma-social-work", "apa-psychology")

_LATIN = (
    "Ana Margaret Lucía John Zoë Marguerite Søren Ewa Þórdís Chloë Ngọc Jürgen Siobhán Renée Åsa",
    "Ruiz Hughes Fernández Public Ågren Adeyemi Żółkiewska Jónsdóttir O'Brien Nguyễn Müller Núñez",
)
_OTHERS = (
    ("דניאל שרה נועה אברהם", "כהן לוי מזרחי פרידמן"),
    ("فاطمة محمد ليلى يوسف", "الزهراء العلوي حداد منصور"),
    ("Ελένη Γιώργος Μαρία Νίκος", "Παπαδοπούλου Γεωργίου Νικολάου Ιωάννου"),
    ("Екатерина Иван Ольга Сергей", "Щербакова Петров Ковалёва Жуков"),
    ("लक्ष्मी राम सीता अर्जुन", "शर्मा गुप्ता त्रिपाठी मिश्रा"),
)
_INITIALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def latin_names() -> Iterator[str]:
    """Yield 121,680 names that differ."""
    for one, other, given, family in product(_INITIALS, _INITIALS, *map(str.split, _LATIN)):
        yield f"{given} {one}. {other}. {family}"


def names_of_any_script() -> Iterator[str]:
    """Yield 720 names that differ, of five scripts in turn."""
    scripts = [
        [" ".join((*given, *family)) for given, family in product(_two(first), _two(last))]
        for first, last in _OTHERS
    ]
    for names in zip(*scripts, strict=True):
        yield from names


def _two(words: str) -> list[tuple[str, str]]:
    return list(permutations(words.split(), 2))


def logo() -> bytes:
    """Draw a college's shield of two colours, as PNG."""
    image = Image.new("RGB", (360, 420), "white")
    pen = ImageDraw.Draw(image)
    pen.polygon([(10, 10), (350, 10), (350, 250), (180, 410), (10, 250)], fill="#1f3a5f")
    pen.polygon([(40, 40), (320, 40), (320, 240), (180, 370), (40, 240)], fill="white")
    pen.rectangle((165, 70, 195, 330), fill="#1f3a5f")
    pen.rectangle((80, 150, 280, 180), fill="#1f3a5f")
    content = BytesIO()
    image.quantize(4).save(content, "PNG", optimize=True)
    return content.getvalue()


@dataclass(frozen=True, slots=True)
class Sample:
    """A desk to issue at, and a course that is over."""

    folder: Path
    desk: IssuingDesk
    course: Course

    def award(self, name: str, number: int) -> list[Award]:
        """Return what the participant of that number has earned."""
        day = self.course.credit_date
        record = CompletionRecord(
            name=name,
            email=f"p{number}@example.org",
            credentials=ASKED,
            fee_paid=True,
            visible=True,
            attended=frozenset({"day-1", "day-2"}),
            evaluation=day,
            attestation=day,
        )
        return [each for each in decide(record, self.course) if isinstance(each, Award)]

    def awards(self, names: Sequence[str]) -> list[Award]:
        """Return what people of *names* have earned."""
        return [each for number, name in enumerate(names) for each in self.award(name, number)]

    def certificate(self, name: str, number: int = 0) -> Certificate:
        """Return the certificate of one of them, its token signed."""
        people = participants_of(self.award(name, number))
        (planned,) = plan_certificates(people, []).certificates
        draft = tried_out(Composer(self.desk, "by hand").compose(planned), self.desk)
        assert isinstance(draft, Draft), draft
        return signed(draft, StatusSlot(1, number), self.desk)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Make an office in *folder*, with keys."""
    place = folder / "office"
    create_office(place)
    (place / "logo.png").write_bytes(logo())
    settings = place / "cecert.toml"
    text = settings.read_text()
    settings.write_text(text.replace("[certificate]\n", '[certificate]\nlogo = "logo.png"\n'))
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    with Office.open(settings, actor="benchmark", environ=environ) as office:
        office.make_keys(PASSPHRASE)
        yield Sample(folder, office.desk(), office.course(place / "course.toml"))


@contextmanager
def empty_desk(taken: Sample, name: str) -> Iterator[IssuingDesk]:
    """Give the desk of *taken* an empty ledger and an empty archive on the disk."""
    url = f"sqlite:///{taken.folder / name}.db"
    create_ledger(url)
    with open_database(url, taken.desk.provider.id) as database:
        archive = FolderArchive(taken.folder / name)
        yield replace(taken.desk, ledger=database.ledger, archive=archive)


STAGES: Mapping[str, tuple[str, str]] = {
    "trial": ("renderer", "lay_out"),
    "seal": ("sealer", "seal"),
    "archive": ("archive", "put"),
    "enter": ("ledger", "enter"),
    "slots": ("ledger", "free_slots"),
}
"""Parts of `issue` that are calls of a port: stage, port, method."""

AFTER_TRIAL = {"draw": "draw"}
"""What is called of a page that was laid out, and the stage it is."""


class Timed:
    """A port whose calls are timed."""

    def __init__(self, port: object, spent: dict[str, float], stages: Mapping[str, str]) -> None:
        self._port, self._spent, self._stages = port, spent, stages

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._port, name)
        stage = self._stages.get(name)
        return call if stage is None else self._timed(call, stage)

    def _timed(self, call: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            start = perf_counter()
            made = call(*arguments)
            self._spent[stage] += perf_counter() - start
            return Timed(made, self._spent, AFTER_TRIAL) if stage == "trial" else made

        return timed


def timed_desk(desk: IssuingDesk, spent: dict[str, float]) -> IssuingDesk:
    """Return the desk with its ports timed into *spent*."""
    ports = {port for port, _ in STAGES.values()}
    wrapped: dict[str, Any] = {
        port: Timed(
            getattr(desk, port),
            spent,
            {method: stage for stage, (of, method) in STAGES.items() if of == port},
        )
        for port in ports
    }
    return replace(desk, **wrapped)


def tell_shares(issued: int, total: float, spent: Mapping[str, float]) -> None:
    """Print where the time of `issue` went."""
    rest = total - sum(spent.values())
    shares = sorted(spent.items(), key=lambda item: -item[1])
    for stage, seconds in [*shares, ("rest", rest)]:
        print(f"  {stage:8} {seconds / total:5.0%}  {1000 * seconds / issued:7.3f} ms each")
