"""Pictures, forms and the seal's appearance as objects (ISO 32000-1, 8.9 and 8.10).

Their Type is optional there, and left out.
"""

from __future__ import annotations

from cecert.adapters.render.layout.page import Box, Drawn, Form
from cecert.adapters.render.layout.pictures import PrintPicture
from cecert.adapters.render.pdf.objects import Name, Objects, Ref, Stream, Value

__all__ = ["add_picture", "appearance", "form_object"]


def add_picture(picture: PrintPicture, objects: Objects) -> Ref:
    """Add a picture, with its transparency where it has one."""
    mask: dict[str, Value] = {}
    if picture.alpha:
        grey, bits = Name("DeviceGray"), picture.alpha_bits
        mask["SMask"] = objects.add(_image(picture, picture.alpha, bits, grey))
    kind: Value = Name("DeviceRGB")
    if picture.palette:
        last = len(picture.palette) // 3 - 1
        kind = [Name("Indexed"), kind, last, picture.palette]
    predicted = {
        "Predictor": 15, "Colors": picture.colours, "BitsPerComponent": 8,
        "Columns": picture.width,
    }  # fmt: skip
    return objects.add(_image(picture, picture.data, 8, kind, DecodeParms=predicted, **mask))


def form_object(form: Form) -> Stream:
    """Return a drawing that is placed many times."""
    return Stream.packed(
        form.operators,
        Subtype=Name("Form"),
        BBox=_sides(form.box),
        Resources={},
    )


def appearance(drawn: Drawn, objects: Objects) -> Stream:
    """Return the seal's picture; its own coordinates begin at its lower left corner."""
    size = Box(0, 0, drawn.box.right - drawn.box.left, drawn.box.top - drawn.box.bottom)
    forms = {form.name: objects.add(form_object(form)) for form in drawn.forms}
    return Stream.packed(
        drawn.operators,
        Subtype=Name("Form"),
        BBox=_sides(size),
        Resources={"XObject": forms},
    )


def _sides(box: Box) -> list[float]:
    return [round(each, 3) for each in (box.left, box.bottom, box.right, box.top)]


def _image(picture: PrintPicture, data: bytes, bits: int, kind: Value, **more: Value) -> Stream:
    entries = {
        "Subtype": Name("Image"), "Width": picture.width, "Height": picture.height,
        "BitsPerComponent": bits, "ColorSpace": kind, "Filter": Name("FlateDecode"),
        **more,
    }  # fmt: skip
    return Stream(entries, data)
