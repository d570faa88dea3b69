"""Tokens as decimal digits, for the numeric mode of QR codes (docs/spec/token.md W3).

Seven bytes become 17 digits, as in CTAP 2.2: little-endian integers, zero-padded, a
shorter last group fewer digits. After `#` in a URL they stay on the phone.
"""

from __future__ import annotations

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
    groups = [data[start : start + GROUP] for start in range(0, len(data), GROUP)]
    return "".join([str(int.from_bytes(g, "little")).zfill(_DIGITS_OF[len(g)]) for g in groups])


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
        data = b"".join([
            int(digits[start : start + GROUP_DIGITS]).to_bytes(GROUP, "little")
            for start in range(0, whole, GROUP_DIGITS)
        ])  # fmt: skip
        if size is None:
            raise TruncatedError(f"a last group of {last} digits")
        return data + int(digits[whole:] or "0").to_bytes(size, "little")
    except OverflowError as error:
        raise MalformedError("a group of digits that is too large") from error
