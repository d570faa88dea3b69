"""A time stamp is judged: of what, when, by whom, and whether that authority is trusted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import new
from typing import Any

from asn1crypto import cms, pem, tsp, x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from cecert.errors import ConfigurationError, Fault

__all__ = ["TimeStamp", "info_of", "judged_stamp", "read_roots", "reply_of"]

# Without a handler of theirs, what they find of a stranger's certificate goes to stderr.
for _logger in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_logger).addHandler(logging.NullHandler())

DIGESTS = frozenset({"sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a time stamp proves.

    Attributes:
        at: When it was made, by the authority's clock, UTC.
        authority: Name of who made it.
    """

    at: datetime
    authority: str


def read_roots(text: bytes, place: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM file.

    Args:
        text: The file.
        place: Where it is named, for the fault.

    Raises:
        ConfigurationError: If there is none in it, or something else.
    """
    try:
        found = [der for _, _, der in pem.unarmor(text, multiple=True)]
        roots = tuple(x509.Certificate.load(each, strict=True) for each in found)
        for each in roots:
            _ = each.subject.native
    except (ValueError, TypeError):
        roots = ()
    if not roots:
        fault = Fault(place, "", "is no file of certificates, as PEM")
        raise ConfigurationError("the authorities of time stamps cannot be read", (fault,))
    return roots


def judged_stamp(
    token: bytes, stamped: bytes, roots: Sequence[x509.Certificate]
) -> TimeStamp | str:
    """Return what a time stamp proves of some bytes, or why it proves nothing.

    Its authority's certificate must have been in force at the instant it names; whether it was
    revoked is not asked.

    Args:
        token: The time stamp, DER, from anybody.
        stamped: What it is said to be of: the value of a signature, or a text.
        roots: Certificates of authorities that are trusted.
    """
    try:
        return _judged(cms.ContentInfo.load(token, strict=True), stamped, roots)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # pyHanko raises anything at all over damage
        return f"cannot be read ({type(error).__name__})"


def _judged(
    token: cms.ContentInfo, stamped: bytes, roots: Sequence[x509.Certificate]
) -> TimeStamp | str:
    info = info_of(token)
    imprint = info["message_imprint"]
    kind = imprint["hash_algorithm"]["algorithm"].native
    if kind not in DIGESTS:
        return f"uses {kind}, which proves nothing"
    if imprint["hashed_message"].native != new(kind, stamped).digest():
        return "is of something else"
    at: datetime = info["gen_time"].native.astimezone(UTC)
    context = ValidationContext(
        trust_roots=list(roots), other_certs=list(roots), moment=at, allow_fetching=False
    )
    checking = validate_tst_signed_data(
        token["content"], context, lambda kind: new(kind, stamped).digest()
    )
    found: dict[str, Any] = asyncio.run(checking)
    if not (found["intact"] and found["valid"]):
        return "does not hold: its signature is wrong"
    signer: x509.Certificate = found["signing_cert"]
    name = _name_of(signer)
    if why := _unfit(signer):
        return f"is by {name}, whose certificate {why}"
    if found.get("trust_problem_indic") is not None or not found.get("validation_path"):
        return f"is by {name}, whom no authority of tsa_roots vouches for"
    return TimeStamp(at, name)


def info_of(token: cms.ContentInfo) -> tsp.TSTInfo:
    """Return what a time stamp says; nothing of it is known to be true.

    Raises:
        ValueError: If it is none.
    """
    held = token["content"]["encap_content_info"]
    if held["content_type"].native != "tst_info":
        raise ValueError("no time stamp")
    return tsp.TSTInfo.load(bytes(held["content"]), strict=True)


def reply_of(token: bytes) -> bytes:
    """Return a time stamp as the answer of an authority, which other programs read from a file."""
    found = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
    return bytes(tsp.TimeStampResp(found).dump())


def _unfit(cert: x509.Certificate) -> str:
    """Say why a certificate is not one for time stamps alone (RFC 3161, 2.3); "" if it is."""
    extension = next(
        (e for e in cert["tbs_certificate"]["extensions"]
         if e["extn_id"].native == "extended_key_usage"),
        None,
    )  # fmt: skip
    if extension is None:
        return "does not say that it is for time stamps"
    if extension["extn_value"].parsed.native != ["time_stamping"]:
        return "is not for time stamps alone"
    return "" if extension["critical"].native else "does not insist on being for time stamps"


def _name_of(cert: x509.Certificate) -> str:
    names = cert.subject.native
    name = str(names.get("common_name") or names.get("organization_name") or "somebody")
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
