"""The status of badges: a bit for each slot of our own status lists (Bitstring Status List 1.0).

A badge stands in the slot of its certificate, so both lists say the same of it; replaced is
revoked here, because hardly any reader knows another word.
"""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cecert.domain.badge.proof import instant
from cecert.domain.badge.terms import CREDENTIALS
from cecert.domain.certificate.certificate import StatusSlot
from cecert.domain.trust.status_list import SLOTS

__all__ = ["encoded_list", "list_name", "status_credential", "status_entry", "withdrawn_slots"]

_PURPOSE = "revocation"


def list_name(list_id: int) -> str:
    """Return the name of a list's file in the site."""
    return f"status/{list_id}.badges.json"


def status_entry(site: str, slot: StatusSlot) -> dict[str, Any]:
    """Return where a badge's status stands.

    Args:
        site: Address of the verify page, ending in `/`.
        slot: The certificate's.
    """
    address = f"{site}{list_name(slot.list_id)}"
    return {
        "id": f"{address}#{slot.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": _PURPOSE,
        "statusListIndex": str(slot.index),
        "statusListCredential": address,
    }


def status_credential(
    issuer: str, address: str, slots: Iterable[int], valid: tuple[datetime, datetime], ttl: int
) -> dict[str, Any]:
    """Return the credential of a list, unsigned.

    Args:
        issuer: The DID that signs it.
        address: Where it is published.
        slots: Those of badges that do not stand.
        valid: From when until when it says so, aware.
        ttl: Seconds a reader may keep it.
    """
    first, last = valid
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": instant(first),
        "validUntil": instant(last),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": _PURPOSE,
            "encodedList": encoded_list(slots),
            "ttl": ttl * 1000,
        },
    }


def encoded_list(slots: Iterable[int]) -> str:
    """Return a list in which *slots* are set: base64url of gzip, the first slot the highest bit."""
    bits = bytearray(SLOTS // 8)
    for each in slots:
        bits[each >> 3] |= 0x80 >> (each & 7)
    # No clock and no name in it: the same slots give the same bytes.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(bytes(bits)) + packer.flush()
    return "u" + urlsafe_b64encode(packed).decode().rstrip("=")


def withdrawn_slots(credential: Mapping[str, Any]) -> frozenset[int]:
    """Return the slots that are set in a list's credential.

    Raises:
        ValueError: If it holds no list.
    """
    try:
        text = credential["credentialSubject"]["encodedList"]
        packed = urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
        bits = zlib.decompressobj(31).decompress(packed, SLOTS // 8)
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise ValueError("holds no list of slots") from error
    return frozenset(
        8 * place + bit
        for place, byte in enumerate(bits)
        if byte
        for bit in range(8)
        if byte & 0x80 >> bit
    )
