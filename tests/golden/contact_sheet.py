"""Draws pages to be looked at: every regime in every layout on one sheet, and hard pages of each.

    python tests/golden/contact_sheet.py FOLDER

writes `sheet.pdf`, six certificates a page, and a PDF of each. A person then looks at them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    ROOT,
    ZONE,
    certificate,
    equal_sessions,
    renderer,
    uneven_sessions,
)
from PIL import Image, ImageDraw
from shipped import LAYOUTS, REGIMES, looking_like, office_of, opened

from cecert.adapters.render.contact_sheet import contact_sheet
from cecert.domain.certificate.certificate import Certificate, SessionTimes
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Signatory
from cecert.domain.people.person import License
from cecert.domain.values.emphasis import emphasised
from cecert.workflows.preview import preview_certificate

SIGNATURE = (ROOT / "templates" / "office" / "signature.png").read_bytes()


def logo() -> bytes:
    """Return a disc that is nobody's sign."""
    drawn = Image.new("RGBA", (600, 600))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((6, 6, 594, 594), fill="#1D3557")
    pen.ellipse((70, 70, 530, 530), outline="white", width=10)
    pen.polygon([(300, 150), (450, 430), (150, 430)], fill="white")
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def boards(layout: str) -> Iterator[tuple[str, bytes]]:
    """Draw a certificate of each shipped regime."""
    for name, regime in REGIMES.items():
        with TemporaryDirectory() as folder:
            made = looking_like(office_of(Path(folder) / "office", [regime]), layout, "letter")
            with opened(made) as office:
                reading = office.course_reading(made / "course.toml")
                if reading.course is None:
                    raise SystemExit("\n".join(map(str, reading.errors)))
                drawn = preview_certificate(
                    reading.course, "Ana Ruiz", office.preview_desk(),
                    (License("CT", "LCSW", "001234"),),
                )  # fmt: skip
                yield name, office.renderer().draw(drawn).pdf


def hard(drawn: Certificate, **changes: object) -> Certificate:
    """Return a certificate with another course."""
    return replace(drawn, course=replace(drawn.course, **changes))  # type: ignore[arg-type]


def conference() -> Certificate:
    """Return one that names the sessions somebody attended."""
    titles = ("Opening Keynote: Attachment", "On *Beloved*", "Ethics of Record Keeping",
              "Grief in Families and What Comes After It", "Closing Panel")  # fmt: skip
    day = datetime(2020, 4, 3, 9, tzinfo=ZONE)
    sessions = []
    for number, typed in enumerate(titles):
        title, start = emphasised(typed), day + timedelta(hours=2 * number)
        times = SessionTimes(start, start + timedelta(minutes=75), title.plain, title.italics)
        sessions.append(times)
    return hard(
        certificate(title="Spring Conference", sessions=sessions, lines=2),
        format=CourseFormat.CONFERENCE, location="Seelye Hall",
    )  # fmt: skip


def self_study() -> Certificate:
    """Return one that was completed on a day of its own."""
    drawn = certificate(lines=1)
    return hard(drawn, format=CourseFormat.SELF_STUDY, sessions=(), location="",
                completed_on=drawn.credit_date)  # fmt: skip


def overnight() -> Certificate:
    """Return one that crosses midnight, and the end of daylight saving time."""
    starts = [datetime(2020, 10, 22, 22, tzinfo=ZONE), datetime(2020, 10, 31, 22, tzinfo=ZONE)]
    return certificate(sessions=[SessionTimes(e, e + timedelta(hours=5)) for e in starts])


def signed_by_two() -> Certificate:
    """Return one that another organisation signs too."""
    drawn = certificate()
    first = replace(drawn.signatories[0], image="signature")
    second = Signatory(
        "Alex Whitfield, Psy.D.", "Director of Continuing Education", "signature",
        organisation="Amego Prepare", credentials=("type-2",), contact="ce@amego.example",
    )  # fmt: skip
    return replace(drawn, signatories=(first, second))


HARD: dict[str, Callable[[], Certificate]] = {
    "long": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "six-credits": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "arabic": lambda: certificate("Ahmed Al-Rashid (أحمد عبد الرحمن الراشد)", lines=2),
    "hebrew": lambda: certificate("דניאל בן-ציון כהן", lines=1),
    "thai": lambda: certificate("สมชาย ใจดี ศรีสุวรรณ", lines=0),
    "six-sessions": lambda: certificate(sessions=uneven_sessions(6)),
    "two-signatures": signed_by_two,
    "conference": conference,
    "self-study": self_study,
    "overnight": overnight,
    "sixty-dates": lambda: certificate(sessions=uneven_sessions(60)),
    "sixty-equal": lambda: certificate(sessions=equal_sessions(60)),
}


def pages() -> Iterator[tuple[str, bytes]]:
    """Draw them all."""
    drawer = renderer(logo=logo(), pictures={"signature": SIGNATURE})
    for layout in LAYOUTS:
        for name, pdf in boards(layout):
            yield f"{layout}-{name}", pdf
    for layout in LAYOUTS:
        for name, make in HARD.items():
            drawn = make()
            signed = tuple(replace(e, image="signature") for e in drawn.signatories)
            yield (
                f"{layout}-{name}",
                drawer.draw(replace(drawn, layout=f"{layout}/1", signatories=signed)).pdf,
            )


def main(folder: Path) -> None:
    """Write them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = dict(pages())
    for name, pdf in documents.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    (folder / "sheet.pdf").write_bytes(contact_sheet([*documents.values()]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
