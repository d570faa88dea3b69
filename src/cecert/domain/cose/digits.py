"""Tokens as decimal digits, for the numeric mode of QR codes (docs/spec/token.md W3).

Seven bytes become 17 digits, as in CTAP 2.2: little-endian integers, zero-padded, a
shorter last group fewer digits. After `#` in a URL they stay on the phone.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct

from cecert.domain.cose.cbor import MalformedError, TruncatedError

__all__ = ["bytes_of_digits", "digits_of_bytes"]

GROUP, GROUP_DIGITS = 7, 17

_DIGITS_OF = {0: 0, 1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15, 7: 17}
_BYTES_OF = {digits: size for size, digits in _DIGITS_OF.items()}


def digits_of_bytes(data: bytes) -> str:
    """Return *data* as decimal digits.

    >>> digits_of_bytes(bytes([0xd2, 0x84, 1]))
    '00099538'
    """
    whole = len(data) // GROUP
    # An eighth byte of zeros to each group: so all of them are read at once.
    eights = bytearray(8 * whole)
    for at in range(GROUP):
        eights[at::8] = data[at : whole * GROUP : GROUP]
    numbers, form = _groups(whole)
    last = data[whole * GROUP :]
    end = f"{int.from_bytes(last, 'little'):0{_DIGITS_OF[len(last)]}}" if last else ""
    return form % numbers.unpack(eights) + end


@lru_cache(maxsize=64)  # a token has at most 420 bytes
def _groups(count: int) -> tuple[Struct, str]:
    """Return what reads so many groups of eight bytes, and how they are written as digits."""
    return Struct(f"<{count}Q"), f"%0{GROUP_DIGITS}d" * count


def bytes_of_digits(digits: str) -> bytes:
    """Return the bytes that `digits_of_bytes` wrote as *digits*.

    Raises:
        MalformedError: If anything but ASCII digits stands there, or a group is too large.
        TruncatedError: If the last group has a length that no bytes have.
    """
    if not digits:
        raise TruncatedError("no digits at all")
    if not (digits.isascii() and digits.isdecimal()):
        raise MalformedError("something other than the digits 0 to 9")
    last = len(digits) % GROUP_DIGITS
    whole = len(digits) - last
    size = _BYTES_OF.get(last)
    try:
        data = _bytes_of_groups(digits[:whole])
        if size is None:
            raise TruncatedError(f"a last group of {last} digits")
        return data + int(digits[whole:] or "0").to_bytes(size, "little")
    except OverflowError as error:
        raise MalformedError("a group of digits that is too large") from error


def _bytes_of_groups(digits: str) -> bytes:
    """Return the bytes of whole groups.

    Raises:
        OverflowError: If one of them is too large.
    """
    starts = range(0, len(digits), GROUP_DIGITS)
    numbers = [int(digits[start : start + GROUP_DIGITS]) for start in starts]
    eights = _groups(len(numbers))[0].pack(*numbers)
    # The eighth byte of each group is more than a group may say.
    if any(eights[GROUP::8]):
        raise OverflowError("a group of more than 7 bytes")
    data = bytearray(GROUP * len(numbers))
    for at in range(GROUP):
        data[at::GROUP] = eights[at::8]
    return bytes(data)
