"""The logo in a mail: small, the same bytes each time, and refused where it is no picture."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from cecert.adapters.mail import mail_logo
from cecert.errors import ConfigurationError


def drawn(size: tuple[int, int], kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((2400, 600), (240, 60)),
        ((3000, 300), (240, 24)),
        ((100, 40), (100, 40)),
        ((1, 900), (1, 60)),
    ],
)
def test_a_logo_is_made_as_small_as_it_is_shown(
    size: tuple[int, int], shown: tuple[int, int], kind: str
) -> None:
    logo = mail_logo(drawn(size, kind))
    assert (logo.width, logo.height) == shown
    with Image.open(BytesIO(logo.data)) as opened:
        assert opened.format == "PNG"
        assert opened.width <= 2 * logo.width
        assert opened.height <= 2 * logo.height
    assert len(logo.data) < 150_000
    assert mail_logo(drawn(size, kind)).width == logo.width


@pytest.mark.parametrize(("mode", "ground"), [("RGB", "#FDFDFB"), ("RGBA", (0, 0, 0, 0))])
def test_margins_are_cut_off_as_on_the_certificate(mode: str, ground: object) -> None:
    image = Image.new(mode, (1200, 700), ground)  # type: ignore[arg-type]  # a colour
    image.paste("#1D3557", (300, 200, 900, 350))
    out = BytesIO()
    image.save(out, "PNG")
    logo = mail_logo(out.getvalue())
    assert (logo.width, logo.height) == (240, 60)
    with Image.open(BytesIO(logo.data)) as opened:
        assert opened.getpixel((1, 1)) == (0x1D, 0x35, 0x57, 255)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", drawn((40, 40))[:60], b"<svg/>"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ConfigurationError, match="the logo cannot be used"):
        mail_logo(data)
