"""How a token becomes a QR symbol: error correction, version and size (docs/spec/token.md W4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cecert.errors import TokenError

__all__ = ["SYMBOL_MILLIMETRES", "QrShape", "qr_shape"]

SYMBOL_MILLIMETRES = 36
"""Edge of the printed symbol, without its quiet zone."""

QUIET_MODULES = 4

# ISO/IEC 18004:2015 table 7: data bits of versions 10 to 17.
_CAPACITY = {
    "M": {1: 128, 2: 224, 3: 352, 4: 512, 5: 688, 6: 864, 7: 992, 8: 1232, 9: 1456, 10: 1728,
          11: 2032, 12: 2320, 13: 2672, 14: 2920, 15: 3320, 16: 3624, 17: 4056},
    "Q": {1: 104, 2: 176, 3: 272, 4: 384, 5: 496, 6: 608, 7: 704, 8: 880, 9: 1056, 10: 1232,
          11: 1440, 12: 1648, 13: 1952, 14: 2088},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QrShape:
    """A kind of symbol.

    Attributes:
        level: Of error correction, `M` or `Q`.
        version: 1 to 17.
        modules: Along an edge.
    """

    level: str
    version: int
    modules: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "modules", 17 + 4 * self.version)


def qr_shape(prefix: str, digits: str) -> QrShape:
    """Choose the symbol for a byte segment *prefix* and a numeric segment *digits*.

    Level Q up to version 14, where a stain costs least; else M up to 17, the finest
    whose modules stay above 0.42 mm.

    >>> qr_shape("https://verify.example.edu/#", "1" + "0" * 436)
    QrShape(level='Q', version=13)

    Raises:
        TokenError: If no symbol of that size holds it.
    """
    for level, capacities in (("Q", _CAPACITY["Q"]), ("M", _CAPACITY["M"])):
        for version, capacity in capacities.items():
            if _bits(prefix, digits, version) <= capacity:
                return QrShape(level, version)
    raise TokenError(
        f"the code has {len(prefix) + len(digits)} characters, more than a symbol of "
        f"{SYMBOL_MILLIMETRES} mm can hold and still be scanned",
        hint="shorten the course title, the recipient name or the verify url",
    )


def _bits(prefix: str, digits: str, version: int) -> int:
    # ISO/IEC 18004:2015 table 3: the length fields grow from version 10 on.
    byte_length, numeric_length = (8, 10) if version < 10 else (16, 12)  # noqa: PLR2004
    whole, rest = divmod(len(digits), 3)
    payload = 8 * len(prefix.encode()) + 10 * whole + (0, 4, 7)[rest]
    return 4 + byte_length + 4 + numeric_length + payload
