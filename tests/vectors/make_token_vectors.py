"""Writes `tokens.json`: tokens, trust files and status lists with the outcome of each.

Run by `make vectors`. The keys are throw-away: SHA-256 of a label, as those of the
public vectors. Python's and the verify page's verifier are run on the same file, so
every case says all that either needs: the text, the trust file, the time, the lists.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from cecert.adapters.keys.signatures import Ed25519Signer, P256Signer
from cecert.domain.cose import cose
from cecert.domain.cose.cbor import Value, decode, encode
from cecert.domain.cose.digits import digits_of_bytes
from cecert.domain.cose.low_s import is_low, other_form
from cecert.domain.token.claims import Claims, Credit, payload_of_claims, sign_token
from cecert.domain.trust.codec import sign_trust_file
from cecert.domain.trust.reattested_list import ReattestedList, sign_reattested_list
from cecert.domain.trust.status_list import Status, StatusList, bits_of, sign_status_list
from cecert.domain.trust.trust_file import KeyState, KeyUse, Scope, SealCert, TrustedKey, TrustFile
from cecert.domain.values.certificate_id import CertificateId

PREFIX = "https://verify.example.edu/#1"
ISSUED = 1_604_588_400
"""November 5, 2020, 15:00 UTC; the keys sign from 2020-01-01 for 400 days."""
FIRST = 1_577_836_800
LAST = FIRST + 400 * 86_400
NOW = ISSUED + 86_400
LIST_ID = 3
SLOT = 91_235
ID = CertificateId(bytes.fromhex("1cca0dd1d29bffbae470"))
OTHER_ID = CertificateId(bytes.fromhex("885e7162479f39473ef3"))


def p256(label: str) -> P256Signer:
    scalar = int.from_bytes(sha256(label.encode()).digest())
    return P256Signer(ec.derive_private_key(scalar, ec.SECP256R1()))


def ed(label: str) -> Ed25519Signer:
    seed = sha256(label.encode()).digest()
    return Ed25519Signer(ed25519.Ed25519PrivateKey.from_private_bytes(seed))


TOKEN, TOKEN_ED = p256("cecert test p256"), ed("cecert test ed25519")
ROOT, STATUS = p256("cecert test root"), p256("cecert test status")
OLD, STOLEN, STRANGER = (p256(f"cecert test {each}") for each in ("old", "stolen", "stranger"))

CLAIMS = Claims(
    issued_at=ISSUED,
    certificate_id=ID,
    recipient="Ana Ruiz",
    title="Mentalization Based Treatment",
    session_dates=(date(2020, 10, 22), date(2020, 10, 29)),
    hours=600,
    credits=(Credit(1, "0169", 600), Credit(2, None, 600), Credit(3, "Amego Prepare", 450)),
    status=(LIST_ID, SLOT),
    delivery=2,
)


def scope(number: str, label: str, first: date = date(2020, 1, 1)) -> tuple[Scope, ...]:
    return (Scope(number, label, first, date(2022, 12, 31)),)


def token_key(signer: cose.TokenSigner, **changes: Any) -> TrustedKey:  # noqa: ANN401  # of any type, that is the point
    key = TrustedKey(signer.public_key, FIRST, LAST, KeyUse.TOKEN, (1, 2, 3))
    return replace(key, **changes)


TRUST = TrustFile(
    issuer="smith-ssw",
    sequence=FIRST,
    issued_at=FIRST,
    refresh_by=LAST,
    name="Smith College School for Social Work",
    credits={
        1: scope("0169", "New York, social work"),
        2: scope("", "Massachusetts, social work"),
        3: scope("Amego Prepare", "Psychology"),
    },
    hosts=("verify.example.edu", "mirror.example.org"),
    status_bases=("https://verify.example.edu/status/",),
    keys=(
        token_key(TOKEN),
        token_key(TOKEN_ED),
        token_key(OLD, not_before=FIRST - 86_400, not_after=ISSUED, state=KeyState.RETIRED),
        token_key(STOLEN, state=KeyState.COMPROMISED),
        TrustedKey(STATUS.public_key, FIRST, LAST, KeyUse.STATUS),
    ),
    root=ROOT.public_key,
    seals=(SealCert(sha256(b"cecert test seal").digest(), FIRST, LAST),),
)


def url(token: bytes, prefix: str = PREFIX) -> str:
    return prefix + digits_of_bytes(token)


def signed(payload: bytes, signer: cose.TokenSigner = TOKEN, purpose: bytes = cose.TOKEN) -> str:
    return url(cose.seal_envelope(payload, purpose, signer))


def claimed(signer: cose.TokenSigner = TOKEN, **changes: Any) -> str:  # noqa: ANN401  # of any type, that is the point
    return url(sign_token(replace(CLAIMS, **changes), signer))


def header(protected: dict[int, Any], signer: cose.TokenSigner = TOKEN) -> bytes:
    """Return a token with any protected header, its signature genuine."""
    shield, payload = encode(protected), payload_of_claims(CLAIMS)
    signature = signer.sign(cose.signed_message(shield, cose.TOKEN, payload))
    return b"\xd2\x84" + encode(shield) + b"\xa0" + encode(payload) + encode(signature)


def statuses(*marks: tuple[int, Status], **changes: Any) -> bytes:  # noqa: ANN401  # of any type, that is the point
    issued = changes.pop("issued_at", NOW - 3600)
    signer = changes.pop("signer", STATUS)
    listed = StatusList(
        issuer="smith-ssw",
        list_id=LIST_ID,
        sequence=issued,
        issued_at=issued,
        expires_at=issued + 35 * 86_400,
        ttl=3600,
        bits=bits_of(dict(marks)),
    )
    return sign_status_list(replace(listed, **changes), signer)


GOOD_LIST = statuses()
REVOKED_LIST = statuses((SLOT, Status.REVOKED))


def packed_list(slots: bytes) -> bytes:
    """Return a list, truly signed, with any bytes in the place of its slots."""
    payload: dict[int, Value] = {
        1: "smith-ssw", 2: LIST_ID, 3: NOW, 4: NOW, 5: NOW + 86_400, 6: 3600, 7: 2, 8: slots,
    }  # fmt: skip
    return cose.seal_envelope(encode(payload), cose.STATUS, STATUS)


def body(**changes: Any) -> dict[int, Any]:  # noqa: ANN401  # of any type, that is the point
    labels = {
        "name": 1, "title": 2, "dates": 3, "hours": 4, "credits": 5, "status": 6, "delivery": 7,
        "replaces": 8, "digest": 9, "instructor": 10, "test": 11, "later": 12,
    }  # fmt: skip
    values: dict[int, Any] = {
        1: "Ana Ruiz", 2: "MBT", 3: [18_557, 7], 4: 600, 5: [[1, "0169"]], 6: [LIST_ID, SLOT],
    }  # fmt: skip
    for name, value in changes.items():
        values[labels[name]] = value
    return {label: value for label, value in values.items() if value is not None}


def top(content: Any, **changes: Any) -> bytes:  # noqa: ANN401  # of any type, that is the point
    values: dict[int, Any] = {6: ISSUED, 7: ID.value, -65537: content}
    values |= {int(label[1:]): value for label, value in changes.items()}
    return encode({label: value for label, value in values.items() if value is not None})


@dataclass(frozen=True)
class Case:
    """One row: what is verified with what, and what must come out."""

    name: str
    text: str
    expect: str
    trust: str = "school"
    now: int = NOW
    served: tuple[bytes, ...] = (GOOD_LIST,)
    kept: bytes | None = None
    warnings: tuple[str, ...] = ()
    reattested: bytes = b""
    reattested_list: bytes | None = None

    def document(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "text": self.text,
            "trust": self.trust,
            "now": self.now,
            "served": [each.hex() for each in self.served],
            "kept": None if self.kept is None else self.kept.hex(),
            "reattested": self.reattested.hex(),
            "reattested_list": None if self.reattested_list is None else self.reattested_list.hex(),
            "expect": self.expect,
            "warnings": list(self.warnings),
        }


def _forged_trust(trust: TrustFile) -> bytes:
    """Return a trust file that says it is of our root, and is signed by nobody it names."""
    data = bytearray(sign_trust_file(trust, ROOT))
    data[-1] ^= 1
    return bytes(data)


def _payload_trust(payload: dict[int, Any]) -> bytes:
    return cose.seal_envelope(encode(payload), cose.KEYS, ROOT)


def _with_keys(change: Callable[[list[dict[int, Any]]], None]) -> bytes:
    """Return the trust file with its list of keys changed before it is signed."""
    payload = decode(cose.open_envelope(sign_trust_file(TRUST, ROOT)).payload)
    change(payload[6])
    return _payload_trust(payload)


def _labelled(labels: dict[int, Any]) -> bytes:
    """Return the trust file with further labels."""
    payload = decode(cose.open_envelope(sign_trust_file(TRUST, ROOT)).payload)
    return _payload_trust({**payload, **labels})


def _same_kid(keys: list[dict[int, Any]]) -> None:
    keys[1] = {**keys[1], 1: keys[0][1], 2: STRANGER.public_key.value, 3: -9}
    keys[0], keys[1] = keys[1], keys[0]


REATTESTED = sha256(payload_of_claims(CLAIMS)).digest()[:16] + bytes(16)


def vouched(issued_at: int) -> bytes:
    """Return the list of the stolen key, as it is published."""
    listed = ReattestedList("smith-ssw", STOLEN.public_key.kid, issued_at, REATTESTED)
    return sign_reattested_list(listed, STATUS)


def trusts() -> dict[str, bytes]:
    school = sign_trust_file(TRUST, ROOT)
    vouching = replace(
        TRUST,
        keys=(
            token_key(STOLEN, state=KeyState.COMPROMISED, reattested=sha256(REATTESTED).digest()),
        ),
    )
    return {
        "school": school,
        "old": sign_trust_file(replace(TRUST, refresh_by=NOW - 1), ROOT),
        "300 seconds ahead": sign_trust_file(replace(TRUST, issued_at=NOW + 300), ROOT),
        "301 seconds ahead": sign_trust_file(replace(TRUST, issued_at=NOW + 301), ROOT),
        "low s since a second before": sign_trust_file(
            replace(TRUST, low_s_since=ISSUED - 1), ROOT
        ),
        "low s since that second": sign_trust_file(replace(TRUST, low_s_since=ISSUED), ROOT),
        "link prefixes": sign_trust_file(
            replace(TRUST, link_prefixes=(PREFIX[:-1], "http://127.0.0.1:8000/ce/#")), ROOT
        ),
        "no link prefixes at all": sign_trust_file(replace(TRUST, link_prefixes=()), ROOT),
        "label 67 is text": _labelled({67: "x"}),
        "label 68 is no list": _labelled({68: PREFIX[:-1]}),
        "label 68 has a number": _labelled({68: [PREFIX[:-1], 1]}),
        "label 70 is no list": _labelled({70: 1}),
        "label 70 has a short digest": _labelled({70: [[bytes(32), bytes(31)]]}),
        "label 70 names a seal alone": _labelled({70: [[bytes(32)]]}),
        "a seal withdrawn and vouched for": sign_trust_file(
            replace(
                TRUST,
                seals=(replace(TRUST.seals[0], state=KeyState.COMPROMISED, reattested=bytes(32)),),
            ),
            ROOT,
        ),
        "a label of later": _labelled({69: [1]}),
        "a next root": _labelled({7: STRANGER.public_key.thumbprint}),
        "signed by the next root": sign_trust_file(
            replace(TRUST, root=STRANGER.public_key, issued_at=FIRST + 1), STRANGER
        ),
        "two keys with one kid": _with_keys(_same_kid),
        "vouching": sign_trust_file(vouching, ROOT),
        "approved later": sign_trust_file(
            replace(
                TRUST,
                credits={**TRUST.credits, 1: scope("0169", "New York", date(2020, 10, 23))},
            ),
            ROOT,
        ),
        "signed by nobody": _forged_trust(TRUST),
        "signed by a stranger": cose.seal_envelope(
            cose.open_envelope(school).payload, cose.KEYS, STRANGER
        ),
        "cut": school[:-10],
        "a window of two years": _with_keys(lambda keys: keys[0].update({5: LAST + 86_400})),
    }


def token_cases() -> list[Case]:
    """Rows about the token alone."""
    good = claimed()
    digits = good.partition("#1")[2]
    full = url(sign_token(replace(CLAIMS, credits=CLAIMS.credits[:1]), TOKEN))
    return [
        Case("genuine, P-256", good, "VALID"),
        Case("genuine, Ed25519", claimed(TOKEN_ED), "VALID"),
        Case("genuine, as bare digits", "1" + digits, "VALID"),
        Case("genuine, with white space around", f"  {good}\n", "VALID"),
        Case("genuine, on the mirror", f"https://mirror.example.org/v/#1{digits}", "VALID"),
        Case("genuine, on a foreign host", f"https://verify-example.test/#1{digits}", "VALID",
             warnings=("HOST_MISMATCH",)),
        Case("genuine, the trust file old", good, "VALID", trust="old", warnings=("KEYSET_OLD",)),
        Case("genuine, two trusted keys with its kid", good, "VALID",
             trust="two keys with one kid"),
        Case("genuine, all optional claims", claimed(
            replaces=OTHER_ID, record_digest=bytes(16), instructor="Joan Lesser, Ph.D., LICSW"
        ), "VALID"),
        Case("genuine, a name in Devanagari with a joiner", claimed(recipient="क्‍ष नाम"), "VALID"),
        Case("a sample", claimed(specimen=True), "VALID", warnings=("SPECIMEN",)),
        Case("a Cyrillic letter in a Latin word", claimed(recipient="\u0410na Ruiz"), "VALID",
             warnings=("MIXED_SCRIPT",)),
        Case("empty", "", "NO_TOKEN"),
        Case("the bare host", "https://verify.example.edu/#", "NO_TOKEN"),
        Case("a link of another product", "https://shop.example.com/item/4711?c=1", "NO_TOKEN",
             warnings=("HOST_MISMATCH",)),
        Case("words", "see my certificate", "NO_TOKEN"),
        Case("a certificate number", "3K50-VMEJ-KFZV-NS3G", "NO_TOKEN"),
        Case("another product's fragment", "https://app.example.com/#/login", "MALFORMED",
             warnings=("HOST_MISMATCH",)),
        Case("version 2", f"https://verify.example.edu/#2{digits}", "UNSUPPORTED_VERSION"),
        Case("version 9, bare", "9123", "UNSUPPORTED_VERSION"),
        Case("version 0", f"https://verify.example.edu/#0{digits}", "MALFORMED"),
        Case("version 2 and letters", "https://verify.example.edu/#2x", "MALFORMED"),
        Case("a version and nothing", "https://verify.example.edu/#1", "TRUNCATED"),
        Case("garbage", f"{PREFIX}not digits at all", "MALFORMED"),
        Case("Arabic-Indic digits", PREFIX + digits.translate(
            {0x30 + each: 0x660 + each for each in range(10)}), "MALFORMED"),
        Case("superscript digits", f"{PREFIX}²{digits[1:]}", "MALFORMED"),
        Case("one digit cut off", good[:-1], "TRUNCATED"),
        Case("cut at a group", full[: len(PREFIX) + 17 * 20], "TRUNCATED"),
        Case("60 digits cut off", signed(payload_of_claims(replace(
            CLAIMS, recipient="Margaret O\u2019Connell-Hughes, LICSW", delivery=None,
            credits=(*CLAIMS.credits[:2], Credit(3, "Amego Prepare", 600)))))[:-60],
             "MALFORMED"),
        Case("one digit added", good + "0", "TRUNCATED"),
        Case("a group that is too large", PREFIX + "9" * 17, "MALFORMED"),
        Case("2 000 digits", PREFIX + "1" * 2000, "TOO_LARGE"),
        Case("421 bytes", PREFIX + digits_of_bytes(bytes(421)), "TOO_LARGE"),
    ]  # fmt: skip


def envelope_cases() -> list[Case]:
    """Rows about the COSE_Sign1, its key and its signature."""
    token = sign_token(CLAIMS, TOKEN)
    kid = TOKEN.public_key.kid
    payload = payload_of_claims(CLAIMS)
    shield = encode({1: -9, 4: kid})
    smuggled = token.replace(encode(shield) + b"\xa0", encode(shield) + b"\xa1\x05\x40", 1)
    tail = encode(payload) + token[-66:]
    return [
        Case("a byte after the end", url(token + b"\0"), "MALFORMED"),
        Case("without its tag", url(token[1:]), "MALFORMED"),
        Case("with the tag of a CWT", url(b"\xd8\x3d" + token), "MALFORMED"),
        Case("something in the unprotected header", url(smuggled), "MALFORMED"),
        Case("an array of three", url(b"\xd2\x83" + token[2:]), "MALFORMED"),
        Case("a protected header that is no map", url(
            b"\xd2\x84" + encode(encode([1])) + b"\xa0" + tail), "MALFORMED"),
        Case("a protected header that is cut", url(
            b"\xd2\x84" + encode(shield[:-1]) + b"\xa0" + tail), "MALFORMED"),
        Case("a protected header with a tail", url(
            b"\xd2\x84" + encode(shield + b"\0") + b"\xa0" + tail), "MALFORMED"),
        Case("a third protected label", url(header({1: -9, 4: kid, 5: b""})), "MALFORMED"),
        Case("a kid of 7 bytes", url(header({1: -9, 4: kid[:7]})), "MALFORMED"),
        Case("no kid", url(header({1: -9})), "MALFORMED"),
        Case("a payload that is text", url(
            b"\xd2\x84" + encode(shield) + b"\xa0" + encode("x") + token[-66:]), "MALFORMED"),
        Case("a signature of 63 bytes", url(
            token[:-66] + encode(token[-63:])), "MALFORMED"),
        Case("a float where a string should be", url(
            b"\xd2\x84" + encode(shield) + b"\xa0" + b"\xf9\0\0"), "MALFORMED"),
        Case("ends inside the payload", url(token[:90]), "TRUNCATED"),
        Case("one byte", url(b"\xd2"), "TRUNCATED"),
        Case("algorithm ES256", url(header({1: -7, 4: kid})), "ALG_NOT_ALLOWED"),
        Case("algorithm HMAC 256", url(header({1: 5, 4: kid})), "ALG_NOT_ALLOWED"),
        Case("Ed25519 in the header of a P-256 key", url(header({1: -19, 4: kid})),
             "ALG_KEY_MISMATCH"),
        Case("signed by a status key", signed(payload, STATUS), "ALG_KEY_MISMATCH"),
        Case("a key nobody lists", signed(payload, STRANGER), "UNKNOWN_KEY"),
        Case("a stranger under a trusted kid", url(header({1: -9, 4: kid}, STRANGER)),
             "BAD_SIGNATURE"),
        Case("a signature made for a status list", signed(payload, TOKEN, cose.STATUS),
             "BAD_SIGNATURE"),
        Case("one bit of the name changed", url(token.replace(b"Ana", b"Ana"[:2] + b"c")),
             "BAD_SIGNATURE"),
        Case("a signature of zeros", url(token[:-64] + bytes(64)), "BAD_SIGNATURE"),
        Case("the other root of the same signature", url(_other_root(token)), "VALID"),
    ]  # fmt: skip


def _other_root(token: bytes) -> bytes:
    """Return the token with n - s for s: ECDSA accepts both, and both are the same claim."""
    return token[:-64] + other_form(token[-64:])


def _in_form(token: bytes, *, low: bool) -> str:
    return url(token if is_low(token[-64:]) is low else _other_root(token))


def form_cases() -> list[Case]:
    """Rows about the two forms of an ECDSA signature."""
    token = sign_token(CLAIMS, TOKEN)
    low, high = _in_form(token, low=True), _in_form(token, low=False)
    before, same = "low s since a second before", "low s since that second"
    return [
        Case("the lower form", low, "VALID"),
        Case("the higher form", high, "VALID"),
        Case("the lower form, low s since before", low, "VALID", trust=before),
        Case("the higher form, low s since before", high, "BAD_SIGNATURE", trust=before),
        Case("the higher form, low s since its issue", high, "VALID", trust=same),
        Case("Ed25519, low s since before", claimed(TOKEN_ED), "VALID", trust=before),
        Case("label 67 is text", low, "KEYSET_INVALID", trust="label 67 is text"),
    ]


def host_cases() -> list[Case]:
    """Rows about where the link leads."""
    digits = claimed().partition("#")[2]
    elsewhere, published = ("HOST_MISMATCH",), "link prefixes"
    genuine = [
        "https://verify.example.edu/", "HTTPS://Verify.Example.EDU/", "https://verify.example.edu",
        "https://verify.example.edu/any/path", "https://verify.example.edu?q=1",
        "https://mirror.example.org/", "",
    ]  # fmt: skip
    odd = [
        "https://evil.example\\@verify.example.edu/", "https://evil.example\\.verify.example.edu/",
        "https://verify.example.edu\\@evil.example/", "https://verify.example.edu@evil.example/",
        "https://me@verify.example.edu/", "https://verify.example.edu:443/",
        "https://verify.example.edu:8443/", "http://verify.example.edu/", "verify.example.edu/",
        "//verify.example.edu/", "https:/verify.example.edu/", "https:///verify.example.edu/",
        "https://verify.example.edu./", "https://verify.example.edu.evil.example/",
        "https://evil.example/verify.example.edu/", "javascript://verify.example.edu/",
        "https://verify.e\u212aample.edu/", "https://[::1]/", "https://", "x",
        "https://verify.example.edu\n/", "\ufeffhttps://verify.example.edu/",
    ]  # fmt: skip
    cases = [Case(f"led by {each!r}", f"{each}#{digits}", "VALID") for each in genuine]
    cases += [Case(f"led by {each!r}", f"{each}#{digits}", "VALID", warnings=elsewhere)
              for each in odd]  # fmt: skip
    prefixed = {
        "https://verify.example.edu/": (), "HTTPS://VERIFY.example.edu/": (), "": (),
        "http://127.0.0.1:8000/ce/": (), "http://127.0.0.1:8000/CE/": elsewhere,
        "http://127.0.0.1:8001/ce/": elsewhere, "https://mirror.example.org/": elsewhere,
        "https://verify.example.edu": elsewhere, "https://verify.example.edu/any": elsewhere,
        "https://evil.example\\@verify.example.edu/": elsewhere,
    }  # fmt: skip
    cases += [
        Case(f"led by {each!r}, with link prefixes", f"{each}#{digits}", "VALID", trust=published,
             warnings=warnings) for each, warnings in prefixed.items()
    ]  # fmt: skip
    return [
        *cases,
        Case("no prefix is published", claimed(), "VALID", trust="no link prefixes at all",
             warnings=elsewhere),
        Case("no prefix is published, bare digits", digits, "VALID",
             trust="no link prefixes at all"),
        Case("white space as Python has it around", f"\x1f\x85{claimed()}\x85\x1c", "VALID"),
        Case("a link without a code, on the host", "https://verify.example.edu/", "NO_TOKEN"),
        Case("a link without a code, elsewhere", "http://verify.example.edu/", "NO_TOKEN",
             warnings=elsewhere),
        Case("label 68 is no list", claimed(), "KEYSET_INVALID", trust="label 68 is no list"),
        Case("label 68 has a number", claimed(), "KEYSET_INVALID", trust="label 68 has a number"),
        *(Case(each, claimed(), "KEYSET_INVALID", trust=each) for each in (
            "label 70 is no list", "label 70 has a short digest", "label 70 names a seal alone")),
        Case("a seal withdrawn and vouched for", claimed(), "VALID",
             trust="a seal withdrawn and vouched for"),
        Case("a label of later", claimed(), "VALID", trust="a label of later"),
        Case("a next root is named", claimed(), "KEYSET_INVALID", trust="a next root"),
        Case("signed by the root that was named", claimed(), "KEYSET_INVALID",
             trust="signed by the next root"),
    ]  # fmt: skip


def claim_cases() -> list[Case]:
    """Rows whose signature holds and whose claims break a rule."""
    plain = top(body())
    bad: dict[str, bytes] = {
        "a payload that is no map": encode([1]),
        "a payload that is empty": b"",
        "a fourth label": top(body(), _8=1),
        "no body": top(None),
        "an id of 9 bytes": top(body(), _7=bytes(9)),
        "an instant before 1970": top(body(), _6=-1),
        "an integer longer than it need be": plain.replace(b"\x19\x02\x58", b"\x1a\0\0\x02\x58"),
        "an indefinite length": plain.replace(b"\x82\x19", b"\x9f\x19", 1),
        "a key twice": plain.replace(b"\xa6\x01", b"\xa7\x01\x60\x01", 1),
        "keys out of order": b"\xa3\x07"
        + encode(ID.value)
        + b"\x06"
        + encode(ISSUED)
        + encode(-65537)
        + encode(body()),
        "a bidirectional override": top(body(name="Ana \u202eRuiz")),
        "a zero-width joiner between Latin letters": top(body(name="Ana\u200dRuiz")),
        "a name that is not composed": top(body(name="Nu\u0303ez")),
        "a space at the end": top(body(name="Ana Ruiz ")),
        "a line break": top(body(title="MBT\nand more")),
        "an unassigned character": top(body(name="Ana\u0378")),
        "a private character": top(body(name="Ana\ue000")),
        "a lone surrogate": plain.replace(b"\x68Ana Ruiz", b"\x68A\xed\xa0\x80Ruiz", 1),
        "an empty name": top(body(name="")),
        "a name of 81 characters": top(body(name="a" * 81)),
        "a name of 122 bytes": top(body(name="\u00e9" * 61)),
        "a title of 161 characters": top(body(title="a" * 161)),
        "an instructor of 81 bytes": top(body(instructor="a" * 81)),
        "a name that is a number": top(body(name=5)),
        "no dates": top(body(dates=[])),
        "13 dates": top(body(dates=[18_557, *[1] * 12])),
        "a date twice": top(body(dates=[18_557, 0])),
        "dates backwards": top(body(dates=[18_557, -1])),
        "a date beyond the calendar": top(body(dates=[1 << 40])),
        "a date that is text": top(body(dates=["2020-10-22"])),
        "no hours": top(body(hours=None)),
        "hours of nothing": top(body(hours=0, credits=[[1, "0169"]])),
        "hours that are no line's": top(body(hours=600, credits=[[1, "0169", 500]])),
        "hours that are a sum": top(body(hours=1200, credits=[[1, "0169", 600], [2, 600]])),
        "2881 hundredths on one date, in person": top(body(dates=[18_557], hours=2881, delivery=1)),
        "2881 hundredths on one date, live": top(body(dates=[18_557], hours=2881, delivery=2)),
        "5761 hundredths on two dates, live": top(body(hours=5761, delivery=2)),
        "34561 hundredths on twelve dates, in person": top(
            body(dates=[18_557, *[1] * 11], hours=34_561, delivery=1)
        ),
        "an hour beyond all numbers, live": top(body(hours=1 << 60, delivery=2)),
        "no credit": top(body(credits=[])),
        "7 credits": top(body(credits=[[each] for each in range(1, 8)])),
        "a credit of nothing": top(body(credits=[[]])),
        "a credit whose code is text": top(body(credits=[["NY"]])),
        "a credit of four parts": top(body(credits=[[1, "0169", 600, 1]])),
        "credit code 0": top(body(credits=[[0]])),
        "credit code 256": top(body(credits=[[256]])),
        "a credit line without hours": top(body(credits=[[1, "0169"], [2, 0]])),
        "a line that says the hours again": top(body(credits=[[1, "0169", 600]])),
        "an empty provider number": top(body(credits=[[1, ""]])),
        "a provider number of 81 bytes": top(body(credits=[[1, "a" * 81]])),
        "a slot beyond the list": top(body(status=[3, 131_072])),
        "a negative list": top(body(status=[-1, 0])),
        "a status of three": top(body(status=[3, 1, 1])),
        "delivery 5": top(body(delivery=5)),
        "delivery as text": top(body(delivery="online")),
        "a replaced id of 9 bytes": top(body(replaces=bytes(9))),
        "a record digest of 15 bytes": top(body(digest=bytes(15))),
        "a test flag of 2": top(body(test=2)),
        "a test flag that is a list": top(body(test=[1])),
        "an unknown claim": top(body(later=1)),
        "claims six deep": top(body(credits=[[[[[1]]]]])),
        "a float": plain.replace(b"\x19\x02\x58", b"\xf9\x5c\xb0", 1),
    }
    return [Case(f"signed: {name}", signed(payload), "BAD_CLAIMS") for name, payload in bad.items()]


def hour_cases() -> list[Case]:
    """Rows about hours that the session dates hold, or need not."""
    one = (date(2020, 10, 22),)
    twelve = tuple(date(2020, 10, day) for day in range(1, 13))
    rows = {
        "2880 hundredths on one date, in person": (one, 2880, 1),
        "2880 hundredths on one date, live": (one, 2880, 2),
        "5760 hundredths on two dates, live": (CLAIMS.session_dates, 5760, 2),
        "34560 hundredths on twelve dates, in person": (twelve, 34_560, 1),
        "10000 hundredths on one date, self-study": (one, 10_000, 3),
        "10000 hundredths on one date, mixed": (one, 10_000, 4),
        "10000 hundredths on one date, no delivery said": (one, 10_000, None),
    }
    return [
        Case(name, claimed(session_dates=dates, hours=hours, delivery=delivery,
                           credits=(Credit(1, "0169", hours),)), "VALID")
        for name, (dates, hours, delivery) in rows.items()
    ]  # fmt: skip


def many_dates_cases() -> list[Case]:
    """Rows about the second version, which is for more than 12 session dates and nothing else."""

    def of(count: int, version: str, **changes: Any) -> str:  # noqa: ANN401  # of any type, that is the point
        days = tuple(date(2020, 9, 1) + timedelta(days=each) for each in range(count))
        code = claimed(session_dates=days, **changes).removeprefix(PREFIX)
        return f"{PREFIX[:-1]}{version}{code}"

    return [
        Case("12 dates in version 1", of(12, "1"), "VALID"),
        Case("12 dates in version 2", of(12, "2"), "UNSUPPORTED_VERSION"),
        Case("13 dates in version 2", of(13, "2"), "VALID"),
        Case("13 dates in version 1", of(13, "1"), "BAD_CLAIMS"),
        Case("60 dates in version 2", of(60, "2"), "VALID"),
        Case("13 dates in version 3", of(13, "3"), "UNSUPPORTED_VERSION"),
        Case("13 dates in version 2, a stolen key", of(13, "2", signer=STOLEN), "KEY_REVOKED"),
        Case("61 dates in version 2", signed(top(body(dates=[18_557, *[1] * 60]))).replace(
            PREFIX, f"{PREFIX[:-1]}2"), "BAD_CLAIMS"),
        Case("37441 hundredths on 13 dates", signed(top(body(
            dates=[18_557, *[1] * 12], hours=37_441, delivery=1))).replace(
            PREFIX, f"{PREFIX[:-1]}2"), "BAD_CLAIMS"),
    ]  # fmt: skip


def rule_cases() -> list[Case]:
    """Rows about time, keys and scopes."""
    return [
        Case("issued this second", claimed(issued_at=NOW), "VALID"),
        Case("issued 300 seconds ahead", claimed(issued_at=NOW + 300), "VALID"),
        Case("issued 301 seconds ahead", claimed(issued_at=NOW + 301), "ISSUED_IN_FUTURE"),
        Case("this clock 300 days behind", claimed(), "ISSUED_IN_FUTURE", now=NOW - 300 * 86_400),
        Case("this clock a year behind, and before the trust file", claimed(), "KEYSET_INVALID",
             now=NOW - 365 * 86_400),
        Case("the trust file 300 seconds ahead", claimed(), "VALID", trust="300 seconds ahead"),
        Case("the trust file 301 seconds ahead", claimed(), "KEYSET_INVALID",
             trust="301 seconds ahead"),
        Case("a stolen key whose published list vouches", claimed(STOLEN), "VALID_STATUS_UNKNOWN",
             trust="vouching", served=(), reattested_list=vouched(NOW + 300)),
        Case("a stolen key whose published list is of a time to come", claimed(STOLEN),
             "KEY_REVOKED", trust="vouching", served=(), reattested_list=vouched(NOW + 301)),
        Case("this clock a year ahead", claimed(), "VALID_STATUS_STALE",
             now=NOW + 365 * 86_400, warnings=("KEYSET_OLD",)),
        Case("at the key's first second", claimed(issued_at=FIRST), "VALID"),
        Case("a second before its key", claimed(issued_at=FIRST - 1), "KEY_NOT_VALID_AT_ISSUE"),
        Case("at a retired key's last second", claimed(OLD), "VALID"),
        Case("a second after a retired key", claimed(OLD, issued_at=ISSUED + 1),
             "KEY_NOT_VALID_AT_ISSUE"),
        Case("a stolen key", claimed(STOLEN), "KEY_REVOKED"),
        Case("a stolen key, and a list nobody signed", claimed(STOLEN), "KEY_REVOKED",
             reattested=REATTESTED),
        Case("a stolen key that vouches for the token", claimed(STOLEN), "VALID_STATUS_UNKNOWN",
             trust="vouching", reattested=REATTESTED, served=()),
        Case("a stolen key that vouches, its list not had", claimed(STOLEN), "KEY_REVOKED",
             trust="vouching"),
        Case("a stolen key that vouches for another token", claimed(STOLEN, recipient="Eve"),
             "KEY_REVOKED", trust="vouching", reattested=REATTESTED),
        Case("a credit the school does not have", claimed(
            credits=(Credit(5, "1234", 600),)), "CREDIT_NOT_AUTHORISED"),
        Case("a number that is not the school's", claimed(
            credits=(Credit(1, "0170", 600),)), "CREDIT_NOT_AUTHORISED"),
        Case("no number where there is one", claimed(
            credits=(Credit(1, None, 600),)), "CREDIT_NOT_AUTHORISED"),
        Case("approved after the first session", claimed(), "CREDIT_NOT_AUTHORISED",
             trust="approved later"),
        Case("held after the approval", claimed(
            session_dates=(date(2022, 12, 31), date(2023, 1, 1))), "CREDIT_NOT_AUTHORISED"),
        Case("held on its last day", claimed(session_dates=(date(2022, 12, 31),)), "VALID"),
        Case("the trust file signed by nobody", claimed(), "KEYSET_INVALID",
             trust="signed by nobody"),
        Case("the trust file signed by a stranger", claimed(), "KEYSET_INVALID",
             trust="signed by a stranger"),
        Case("the trust file cut", claimed(), "KEYSET_INVALID", trust="cut"),
        Case("a key with a window of two years", claimed(), "KEYSET_INVALID",
             trust="a window of two years"),
    ]  # fmt: skip


def status_cases() -> list[Case]:
    """Rows about status lists."""
    good = claimed()
    expired = statuses(expires_at=NOW - 1)
    revoked_expired = statuses((SLOT, Status.REVOKED), expires_at=NOW - 1)
    older = statuses(issued_at=NOW - 86_400)
    bomb = zlib.compress(bytes(10 << 20), 9)
    neighbour = claimed(status=(LIST_ID, SLOT - 1))
    bad = ("BAD_STATUS_LIST",)
    return [
        Case("revoked", good, "REVOKED", served=(REVOKED_LIST,)),
        Case("revoked, the list expired", good, "REVOKED", served=(revoked_expired,)),
        Case("the neighbour of a revoked one", neighbour, "VALID", served=(REVOKED_LIST,)),
        Case("the same, the list expired", neighbour, "VALID_STATUS_STALE",
             served=(revoked_expired,)),
        Case("valid at the list's last second", good, "VALID", served=(statuses(expires_at=NOW),)),
        Case("expired", good, "VALID_STATUS_STALE", served=(expired,)),
        Case("replaced", good, "SUPERSEDED", served=(statuses((SLOT, Status.SUPERSEDED)),)),
        Case("the one that replaces it", claimed(
            replaces=OTHER_ID, certificate_id=OTHER_ID, status=(LIST_ID, 5)), "VALID",
             served=(statuses((SLOT, Status.SUPERSEDED)),)),
        Case("a status of a later kind", good, "UNKNOWN_STATUS",
             served=(statuses((SLOT, Status.RESERVED)),)),
        Case("no list", good, "VALID_STATUS_UNKNOWN", served=()),
        Case("another list", good, "VALID_STATUS_UNKNOWN", served=(statuses(list_id=4),)),
        Case("the list of another school", good, "VALID_STATUS_UNKNOWN",
             served=(statuses(issuer="other"),), warnings=bad),
        Case("a list signed by a token key", good, "VALID_STATUS_UNKNOWN",
             served=(statuses(signer=TOKEN),), warnings=bad),
        Case("a list signed by a stranger", good, "VALID_STATUS_UNKNOWN",
             served=(statuses(signer=STRANGER),), warnings=bad),
        Case("a list issued before its key", good, "VALID_STATUS_UNKNOWN",
             served=(statuses(issued_at=FIRST - 1),), warnings=bad),
        Case("a list with one bit changed", good, "VALID_STATUS_UNKNOWN",
             served=(GOOD_LIST[:-1] + bytes([GOOD_LIST[-1] ^ 1]),), warnings=bad),
        Case("a list cut", good, "VALID_STATUS_UNKNOWN", served=(GOOD_LIST[:100],), warnings=bad),
        Case("a token in the place of a list", good, "VALID_STATUS_UNKNOWN",
             served=(sign_token(CLAIMS, TOKEN),), warnings=bad),
        Case("a list of 10 MB inflated", good, "VALID_STATUS_UNKNOWN",
             served=(packed_list(bomb),), warnings=bad),
        Case("a list one byte short", good, "VALID_STATUS_UNKNOWN",
             served=(packed_list(zlib.compress(bytes(32_767), 9)),), warnings=bad),
        Case("a list with a tail", good, "VALID_STATUS_UNKNOWN",
             served=(packed_list(zlib.compress(bytes(32_768), 9) + b"x"),), warnings=bad),
        Case("slots that are not compressed", good, "VALID_STATUS_UNKNOWN",
             served=(packed_list(b"junk"),), warnings=bad),
        Case("a bad list and a good one", good, "VALID", served=(b"junk", GOOD_LIST)),
        Case("two hosts, the newer says revoked", good, "REVOKED", served=(older, REVOKED_LIST)),
        Case("an older list than the kept one", good, "REVOKED", served=(older,),
             kept=REVOKED_LIST, warnings=("STATUS_ROLLBACK",)),
        Case("a newer list than the kept one", good, "VALID", served=(GOOD_LIST,), kept=older),
        Case("nothing but the kept one", good, "VALID", served=(), kept=GOOD_LIST),
        Case("a bad list and the kept one", good, "VALID", served=(b"junk",), kept=GOOD_LIST,
             warnings=bad),
        Case("the kept one damaged", good, "VALID", served=(GOOD_LIST,), kept=b"junk"),
    ]  # fmt: skip


def clock_cases() -> list[Case]:
    """Rows about lists of a clock that was ahead, and lists that go back."""
    good = claimed()
    ahead = statuses(issued_at=NOW + 60 * 86_400)
    again = statuses((SLOT, Status.REVOKED), issued_at=NOW, sequence=NOW + 60 * 86_400 + 1)
    later = statuses(issued_at=NOW - 3600, sequence=NOW - 3600)
    counted_on = statuses(issued_at=NOW - 3 * 86_400, sequence=NOW + 60 * 86_400 + 1)
    bad, back = ("BAD_STATUS_LIST",), ("STATUS_ROLLBACK",)
    hour, day = statuses(issued_at=NOW - 2 * 3600), 86_400
    return [
        Case("a list 300 seconds ahead", good, "VALID", served=(statuses(issued_at=NOW + 300),)),
        Case("a list 301 seconds ahead", good, "VALID_STATUS_UNKNOWN",
             served=(statuses(issued_at=NOW + 301),), warnings=bad),
        Case("a list 60 days ahead", good, "VALID_STATUS_UNKNOWN", served=(ahead,), warnings=bad),
        Case("a list 60 days ahead says revoked", good, "VALID_STATUS_UNKNOWN",
             served=(statuses((SLOT, Status.REVOKED), issued_at=NOW + 60 * 86_400),),
             warnings=bad),
        Case("a list 60 days ahead was kept", good, "VALID_STATUS_UNKNOWN", served=(), kept=ahead,
             warnings=bad),
        Case("a list 60 days ahead and the true one", good, "REVOKED",
             served=(ahead, REVOKED_LIST)),
        Case("a list 60 days ahead was kept, the true one comes", good, "REVOKED",
             served=(REVOKED_LIST,), kept=ahead),
        Case("a list 60 days ahead was kept, and the list issued again comes", good, "REVOKED",
             served=(again,), kept=ahead),
        Case("the list issued again was kept, the one ahead comes", good, "REVOKED",
             served=(ahead,), kept=again, warnings=bad),
        Case("rolled back by an hour", good, "VALID", served=(hour,), kept=GOOD_LIST,
             warnings=back),
        Case("rolled back by a day", good, "VALID", served=(statuses(issued_at=NOW - 3600 - day),),
             kept=GOOD_LIST, warnings=back),
        Case("rolled back by a day and a second", good, "VALID_STATUS_STALE",
             served=(statuses(issued_at=NOW - 3601 - day),), kept=GOOD_LIST, warnings=back),
        Case("rolled back by two days", good, "VALID_STATUS_STALE",
             served=(statuses(issued_at=NOW - 3600 - 2 * day),), kept=GOOD_LIST, warnings=back),
        Case("revoked, and rolled back by two days", good, "REVOKED",
             served=(statuses(issued_at=NOW - 3600 - 2 * day),), kept=REVOKED_LIST,
             warnings=back),
        Case("replaced, and rolled back by two days", good, "SUPERSEDED",
             served=(statuses(issued_at=NOW - 3600 - 2 * day),),
             kept=statuses((SLOT, Status.SUPERSEDED)), warnings=back),
        Case("a later list whose sequence is lower", good, "VALID_STATUS_STALE", served=(later,),
             kept=counted_on, warnings=back),
    ]  # fmt: skip


def pdf_with(*attached: str, uri: str = "") -> bytes:
    """Return a PDF with an attachment as certificates have it, stored as it is, and a link."""
    files = "".join(f"(cecert-token.txt) {5 + 2 * at} 0 R " for at in range(len(attached)))
    annotation = f"/Annots [<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI({uri})>>>>]"
    objects = [
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[" + files + "]>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]{annotation if uri else ''}>>",
        "<<>>",
    ]
    for at, text in enumerate(attached):
        name = "/F(cecert-token.txt)/UF(cecert-token.txt)"
        objects += [
            f"<</Type/Filespec{name}/EF<</F {6 + 2 * at} 0 R>>>>",
            f"<</Type/EmbeddedFile/Length {len(text)}>>\nstream\n{text}\nendstream",
        ]
    pdf, places = b"%PDF-1.7\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    return pdf + f"{end}startxref\n{len(pdf)}\n%%EOF\n".encode()


def pdf_cases() -> list[dict[str, Any]]:
    """Rows about the link in a PDF: what is found in its attachment is then a case like any."""
    good = claimed()
    digits = good.partition("#")[2]
    links = [
        good, f"http://verify.example.edu/#{digits}", f"verify.example.edu/#{digits}",
        f"https://evil.example\\@verify.example.edu/#{digits}", f"#{digits}",
        f"https://verify.example.edu:8443/#{digits}",
    ]  # fmt: skip
    rows: list[tuple[str, bytes, str | None]] = [
        (f"attached: {each.partition('#')[0]!r}", pdf_with(each), each) for each in links
    ]
    rows += [
        ("attached, and as a link of the page", pdf_with(good, uri=good), good),
        ("attached twice, the same", pdf_with(good, good), good),
        ("nothing attached", pdf_with(), None),
    ]
    return [{"name": name, "pdf": pdf.hex(), "link": link} for name, pdf, link in rows]


def document() -> dict[str, Any]:
    """Return the whole file."""
    cases = [
        *token_cases(), *envelope_cases(), *claim_cases(), *rule_cases(), *status_cases(),
        *clock_cases(), *form_cases(), *host_cases(), *hour_cases(),
        *many_dates_cases(),
    ]  # fmt: skip
    return {
        "about": "Made by make_token_vectors.py. Each case: verify `text` at `now` (seconds UTC)"
        " with the trust file `trust`, the status lists `served` and the one `kept` before; of a"
        " withdrawn key, with the digests `reattested` or the published `reattested_list`;"
        " the outcome must be `expect`, with exactly these `warnings`. Of each PDF the link must"
        " be `link`.",
        "root": ROOT.public_key.thumbprint.hex(),
        "trusts": {name: data.hex() for name, data in trusts().items()},
        "cases": [each.document() for each in cases],
        "pdfs": pdf_cases(),
    }


if __name__ == "__main__":
    text = json.dumps(document(), indent=1, ensure_ascii=True)
    Path(__file__).with_name("tokens.json").write_text(text + "\n", encoding="utf-8")
