"""Filling a letterhead: each place gets its words, as large as they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.adapters.render.layout import rosette
from cecert.adapters.render.layout.first_page import symbol_figure
from cecert.adapters.render.layout.page import Box, Drawn, Element, Page, Picture
from cecert.adapters.render.layout.setting import LayoutContext, UndrawableError, paragraph
from cecert.adapters.render.layout.specimen import SPECIMEN_ID, across
from cecert.adapters.render.layout.words import LayoutWords, words_of
from cecert.adapters.render.layouts.letterhead_credits import credit_elements
from cecert.adapters.render.layouts.letterhead_file import Letterhead, Place
from cecert.adapters.render.pdf.plate import GROUND
from cecert.adapters.render.qr import POINTS
from cecert.adapters.render.text.breaking import DoesNotFitError, broken
from cecert.adapters.render.text.fitting import fitted_picture, spaced
from cecert.adapters.render.text.italics import italic_sessions, italic_title, unmarked
from cecert.adapters.render.text.shaping import Style
from cecert.domain.certificate.misprints import STATEMENT_OF
from cecert.domain.certificate.phrases import short_session_phrases
from cecert.domain.course.provider import Signatory
from cecert.domain.values.wording import dates_phrase
from cecert.errors import Fault

__all__ = ["compose_letterhead", "letterhead_seal"]

LEAST_SIZE = 7.5
LEADING = 1.2
ALL_SESSIONS = 10_000
"""Lines of sessions at most: a letterhead has no second page for them."""

STYLES = {
    "heading": "heading", "recipient_name": "name", "course_title": "title", "clause": "clause",
    "licenses": "licenses", "provider_name": "provider", "provider_office": "office",
    "signatory_name": "signatory", "signatory_title": "signatory_title", "note": "note",
    "provider_address": "address", "certificate_id": "id", "statements": "statement",
    "second_signatory_name": "signatory", "second_signatory_title": "signatory_title",
}  # fmt: skip
"""Style of each place; all others are set as the course's facts."""

SHARES = {1: 0.5, 2: 1.0}
"""Of the room left over that goes to the left of a text, by its alignment."""

WHATS = {
    "recipient_name": "recipient name", "course_title": "course title", "licenses": "licenses",
    "certificate_id": "id",
}  # fmt: skip

SIGNATORIES = ("", "second_")
"""How the places of each signatory begin."""

SEAL = 38.0
"""Points of the rosette as it is drawn, before it is made as large as its place."""


def compose_letterhead(setting: LayoutContext, letterhead: Letterhead) -> tuple[Page, ...]:
    """Compose the page of a certificate on a letterhead.

    Raises:
        UndrawableError: If a text does not fit its place, or has no glyph.
    """
    _require_places(setting, letterhead)
    words = words_of(setting.certificate, setting.layout.words, ALL_SESSIONS)
    texts = _texts(setting, words)
    if "dates" in texts and "dates" in letterhead.places:
        texts["dates"] = _dates(setting, letterhead.places["dates"], texts["dates"])
    if (replaces := texts.get("replaces")) and "replaces" not in letterhead.places:
        number, place = texts["certificate_id"], letterhead.places["certificate_id"]
        texts["certificate_id"] = _with_replaced(number, replaces, setting, place)
    elements: list[Element] = []
    for name, place in letterhead.places.items():
        if name == "qr":
            elements.append(_code(setting, place))
        elif name == "credits":
            elements += _credits(setting, place, _told_elsewhere(setting, letterhead))
        elif name.endswith("signature"):
            elements += _signature(setting, place, name)
        elif paragraphs := texts.get(name):
            elements += _filled(setting, name, place, paragraphs)
    box = Box(0, 0, letterhead.width, letterhead.height)
    behind = (Drawn(f"/{GROUND} Do".encode(), box), *(across(setting) if setting.specimen else ()))
    return (Page(letterhead.width, letterhead.height, behind, tuple(elements)),)


def _require_places(setting: LayoutContext, letterhead: Letterhead) -> None:
    """Refuse a letterhead that names who signs, and has no place for the other who does."""
    signatories, places = setting.certificate.signatories, letterhead.places
    named = [each for each in SIGNATORIES if f"{each}signatory_name" in places]
    if named and len(signatories) > len(named):
        left_out = signatories[len(named)]
        problem = "signs too, and the letterhead has no place for it"
        hint = "give it the place second_signatory_name" if len(named) == 1 else ""
        place = f"{setting.certificate.recipient.name}: signatory"
        raise UndrawableError(Fault(place, left_out.name, problem, hint))


def _texts(setting: LayoutContext, words: LayoutWords) -> dict[str, list[str]]:
    """Return the paragraphs of each place; none for what the certificate does not say."""
    certificate = setting.certificate
    provider, recipient = certificate.provider, certificate.recipient
    lines = certificate.credit_lines
    found = {
        "heading": [words.heading],
        "recipient_name": [recipient.name],
        "licenses": [" \N{MIDDLE DOT} ".join(each.printed for each in recipient.licenses)],
        "clause": [words.clause],
        "course_title": [italic_title(certificate.course)],
        "facts": [" \N{MIDDLE DOT} ".join(words.how)],
        "dates": list(words.sessions),
        "credit_date": [words.credit_date],
        "issued": [words.issued],
        "replaces": [words.replaces],
        "statements": [each.statement for each in lines if each.statement],
        "note": [" ".join(words.note_sentences)],
        "provider_name": [provider.name],
        "provider_office": [provider.office],
        "provider_address": [provider.address, " \N{MIDDLE DOT} ".join(words.contact)],
        "certificate_id": [SPECIMEN_ID if setting.specimen else certificate.id.text],
        "verify_host": [words.host],
    }
    for which, signatory in zip(SIGNATORIES, certificate.signatories, strict=False):
        found[f"{which}signatory_name"] = [signatory.name]
        found[f"{which}signatory_title"] = [_position(signatory)]
    return {name: kept for name, parts in found.items() if (kept := [p for p in parts if p])}


def _position(signatory: Signatory) -> str:
    return ", ".join(each for each in (signatory.title, signatory.whom) if each)


def _told_elsewhere(setting: LayoutContext, letterhead: Letterhead) -> Iterator[str]:
    """Yield the facts of credits that their own place need not say."""
    if "statements" in letterhead.places:
        yield "statement"
    # A page without the provider's name in words has it here alone.
    if not setting.certificate.names_awarders and "provider_name" in letterhead.places:
        yield "awarded by"


def _credits(setting: LayoutContext, place: Place, left_out: Iterator[str]) -> list[Element]:
    words = ", ".join(each.credential for each in setting.certificate.credit_lines)
    style, name = setting.layout.styles["cell"], setting.certificate.recipient.name
    with setting.naming("place credits", words):
        try:
            return credit_elements(setting, place.box, style, frozenset(left_out))
        except DoesNotFitError as low:
            problem = (
                f"need {low.needed:.0f} pt of height at the least size allowed,"
                f" have {low.available:.0f} pt"
            )
            fault = Fault(f"{name}: place credits", words, problem, "make the place higher")
            raise UndrawableError(fault) from None


def letterhead_seal(setting: LayoutContext, letterhead: Letterhead) -> Drawn:
    """Return the seal's field: the rosette in its place, or nothing to see without one."""
    place = letterhead.places.get("seal")
    if place is None:
        return Drawn(b"", Box(0, 0, 0, 0))
    box = place.box
    size = min(box.right - box.left, box.top - box.bottom)
    x, y = (box.left + box.right - size) / 2, (box.bottom + box.top - size) / 2
    motif = rosette.plain_rosette(SEAL, setting)
    # A field's picture begins at its own corner.
    scaled = motif.placed(f"{size / SEAL:.4f} 0 0 {size / SEAL:.4f} 0 0")
    return scaled.drawn(Box(x, y, x + size, y + size))


def _with_replaced(
    number: list[str], replaces: list[str], setting: LayoutContext, place: Place
) -> list[str]:
    """Return what stands in the id's place: what it replaces too, where that fits.

    Letterheads of before have no place for it, and a correction must not fail for that.
    """
    try:
        _fit([*number, *replaces], setting.layout.styles[STYLES["certificate_id"]], place.box)
    except DoesNotFitError:
        return number
    return [*number, *replaces]


def _dates(setting: LayoutContext, place: Place, sessions: list[str]) -> list[str]:
    """Return when it met in as many words as its place holds: each session, or each date.

    There is no second page to list them on, and whoever verifies compares every date.
    """
    course, style = italic_sessions(setting.certificate.course), setting.layout.styles["facts"]
    days = dates_phrase(course.days)
    counted = setting.layout.words["counted_dates"].format(count=len(course.sessions), dates=days)
    for each in (sessions, short_session_phrases(course)):
        try:
            _fit(each, style, place.box)
        except DoesNotFitError:
            continue
        return each
    return [counted] if len(course.sessions) > 1 else sessions


def _filled(
    setting: LayoutContext, name: str, place: Place, paragraphs: Sequence[str]
) -> Iterator[Element]:
    style = setting.layout.styles[STYLES.get(name, "facts")]
    lines_of = enumerate(setting.certificate.credit_lines)
    stated = [index for index, each in lines_of if each.statement]
    orders = stated if name == "statements" else range(len(paragraphs))
    with setting.naming(f"place {name}", " / ".join(paragraphs)):
        style, lines = _fit(paragraphs, style, place.box)
    leading = style.size * LEADING
    height = leading * sum(map(len, lines))
    y = place.box.top - (place.box.top - place.box.bottom - height) / 2 - 0.92 * style.size
    role = {"heading": "H1"}.get(name, "P")
    for order, texts in zip(orders, lines, strict=True):
        inks = []
        what = f"{STATEMENT_OF}{order}" if name == "statements" else WHATS.get(name, name)
        for text in spaced(texts):
            x = _aligned(style, text.rstrip(), place)
            inks.append(setting.left(style, text, x, y, what))
            y -= leading
        whole = (
            unmarked(" ".join(paragraphs))[0] if name in ("recipient_name", "course_title") else ""
        )
        yield paragraph(role, inks, whole, own=True)


def _fit(paragraphs: Sequence[str], style: Style, box: Box) -> tuple[Style, list[tuple[str, ...]]]:
    """Return the largest type, and the lines, that a box holds.

    Raises:
        DoesNotFitError: If the least type does not hold them.
    """
    width, height = box.right - box.left, box.top - box.bottom
    size = min(style.size, height / LEADING)
    while size >= LEAST_SIZE:
        smaller = style.at(size)
        try:
            lines = [broken(text, smaller, width) for text in paragraphs]
        except DoesNotFitError:
            lines = []
        if lines and sum(map(len, lines)) * size * LEADING <= height + 0.01:
            return smaller, lines
        size -= 0.25
    raise DoesNotFitError(max(map(style.at(LEAST_SIZE).width, paragraphs)), width)


def _aligned(style: Style, text: str, place: Place) -> float:
    room = place.box.right - place.box.left - style.width(text)
    return place.box.left + room * SHARES.get(place.align, 0.0)


def _code(setting: LayoutContext, place: Place) -> Element:
    box = place.box
    x, y = (box.left + box.right - POINTS) / 2, (box.bottom + box.top - POINTS) / 2
    return symbol_figure(setting, x, y)


def _signature(setting: LayoutContext, place: Place, name: str) -> Iterator[Element]:
    signatories = zip(SIGNATORIES, setting.certificate.signatories, strict=False)
    for which, signatory in signatories:
        if name == f"{which}signature" and signatory.image in setting.pictures:
            box = place.box
            size = (box.right - box.left, box.top - box.bottom)
            width, height = fitted_picture(setting.pictures[signatory.image].size, *size)
            x = box.left + (size[0] - width) * SHARES.get(place.align, 0.0)
            picture = Picture(signatory.image, Box(x, box.bottom, x + width, box.bottom + height))
            yield Element(
                "Figure",
                (picture,),
                alt=setting.layout.words["alt_signature"].format(name=signatory.name),
            )
