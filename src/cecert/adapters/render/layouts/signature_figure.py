"""A signature on its line: the letters stand on the rule, which is drawn last."""

from __future__ import annotations

from collections.abc import Iterator

from cecert.adapters.render.layout.page import Box, Element, Picture
from cecert.adapters.render.layout.setting import LayoutContext, UndrawableError
from cecert.adapters.render.pdf.content import ARTIFACT
from cecert.adapters.render.text.fitting import fitted_picture
from cecert.domain.course.provider import Signatory
from cecert.errors import Fault

__all__ = ["signature_figure"]

BELOW_RULE = 1.0
"""Points from the rule down to the line on which the letters stand."""

LEAST_HEIGHT = 12
"""Points that a signature needs."""

LOWEST = 4.4
"""Points below the rule to which a descender may reach: the name's capitals begin there."""


def signature_figure(
    setting: LayoutContext, signatory: Signatory, left: float, right: float, rule: float
) -> Iterator[Element]:
    """Place a signature between the ends of its rule, and the rule.

    Args:
        setting: The certificate, its layout and its pictures.
        signatory: Who signs.
        left: Where the rule begins, in points.
        right: Where it ends.
        rule: How high it stands; what is left below `signature_top` is the signature's.

    Raises:
        UndrawableError: If that is too little.
    """
    grid = setting.layout.figures["grid"]
    align = grid["signature_align"]
    shape = setting.pictures.get(signatory.image)
    if shape is not None:
        most = min(grid["signature_picture"], right - left)
        high = min(grid["signature_height"], grid["signature_top"] - rule)
        if high < LEAST_HEIGHT:
            place = f"{setting.certificate.recipient.name}: signature"
            problem = "has no room above the words and the address below it"
            raise UndrawableError(Fault(place, signatory.name, problem, "shorten them"))
        width, height = fitted_picture(shape.size, most, high)
        bottom = max(rule - BELOW_RULE - shape.baseline * height, rule - LOWEST)
        x = left + (right - left - width) * align
        picture = Picture(signatory.image, Box(x, bottom, x + width, bottom + height))
        alt = setting.layout.words["alt_signature"].format(name=signatory.name)
        yield Element("Figure", (picture,), alt=alt)
    drawn = setting.rule(left, right, rule, 0.5, setting.layout.colours["ink"])
    yield Element(ARTIFACT, (drawn,))
