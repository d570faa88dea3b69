"""A seal that bears a time stamp: one is told and not checked, anything else is refused."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from ssl import PEM_cert_to_DER_cert

import pytest
from asn1crypto import cms, core, x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from papers import School, papers, school
from pyhanko.sign.timestamps import DummyTimeStamper
from sampled import further
from seal_parts import der, seal_of, signature_of, with_unsigned_attributes
from seal_referee import status
from time_stamps import Authority

from cecert.adapters.document_reader import PadesSealReader
from cecert.adapters.document_reader.process import ReadingLimits
from cecert.adapters.document_reader.seals import finding_of
from cecert.domain.token.verify import Outcome, Warning_
from cecert.ports import SealState
from cecert.workflows.verify.verify import Checked, verify

pytestmark = pytest.mark.system
Cecert = Callable[..., tuple[int, str, str]]
finding = partial(finding_of, limits=ReadingLimits())
SPARE = 8000
"""Bytes left free in the seal's place, for two time stamps."""
STAMP = "signature_time_stamp_token"
UNCOVERED = "its signature was changed in a place that no signature covers"


@cache
def roomy() -> tuple[School, bytes]:
    """Return a school, and a certificate of it in whose seal there is room."""
    one = school()
    _, pdf = one.issue("Ana Ruiz", "ana.ruiz@example.org", SPARE)
    one.office.clock.forward(timedelta(hours=1))
    return one, pdf


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


def sealed() -> bytes:
    return roomy()[1]


def attribute(kind: str, *values: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": values})


def raw_attribute(*values: core.Asn1Value) -> core.Any:
    """Return the attribute of a time stamp with values that are none."""
    kind = core.ObjectIdentifier("1.2.840.113549.1.9.16.2.14")
    held = der(0x31, b"".join(each.dump() for each in values))
    return core.Any.load(der(0x30, kind.dump() + held))


def by_openssl(authority: Authority) -> cms.ContentInfo:
    return authority.stamped(signature_of(sealed()))


def by_openssl_without_certificates(authority: Authority) -> cms.ContentInfo:
    return authority.stamped(signature_of(sealed()), certificates=False)


def by_pyhanko(authority: Authority) -> cms.ContentInfo:
    key = load_pem_private_key((authority.folder / "tsa.key").read_bytes(), None)
    encoded = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pem = (authority.folder / "tsa.pem").read_text()
    certificate = x509.Certificate.load(PEM_cert_to_DER_cert(pem))
    stamper = DummyTimeStamper(certificate, PrivateKeyInfo.load(encoded))
    return asyncio.run(stamper.async_timestamp(sha256(signature_of(sealed())).digest(), "sha256"))


MAKERS = [by_openssl, by_openssl_without_certificates, by_pyhanko]


@pytest.mark.parametrize("maker", MAKERS)
def test_a_seal_with_one_time_stamp_is_as_whole_as_without_it(
    maker: Callable[[Authority], cms.ContentInfo], authority: Authority
) -> None:
    stamped = with_unsigned_attributes(sealed(), [attribute(STAMP, maker(authority))])
    found, plain = finding(stamped), finding(sealed())
    assert plain["state"] == "intact"
    assert found == {**plain, "time_stamp": True}


def test_openssl_and_pyhanko_find_the_time_stamp_that_the_tests_make_genuine(
    authority: Authority,
) -> None:
    stamp = by_openssl(authority)
    assert authority.vouches_for(stamp, signature_of(sealed()))
    found = status(with_unsigned_attributes(sealed(), [attribute(STAMP, stamp)]))
    assert found.timestamp_validity is not None
    assert found.timestamp_validity.intact
    assert found.timestamp_validity.valid


def other_attribute(_: Authority) -> Sequence[core.Asn1Value]:
    return [attribute("signing_time", cms.Time({"utc_time": core.UTCTime("201105150000Z")}))]


REFUSED: dict[str, Callable[[Authority], Sequence[core.Asn1Value]]] = {
    "an empty list": lambda _: [],
    "two attributes": lambda own: [attribute(STAMP, by_openssl(own)) for _ in range(2)],
    "two values": lambda own: [attribute(STAMP, by_openssl(own), by_openssl(own))],
    "no value": lambda _: [raw_attribute()],
    "another attribute": other_attribute,
    "another attribute beside": lambda own: [
        attribute(STAMP, by_openssl(own)), *other_attribute(own),
    ],
    "octets": lambda _: [raw_attribute(core.OctetString(b"not a time stamp"))],
    "an empty sequence": lambda _: [raw_attribute(core.Any.load(b"\x30\x00"))],
    "no signed data": lambda _: [
        attribute(STAMP, cms.ContentInfo({"content_type": "data", "content": b"x"}))
    ],
    "a signature of something else": lambda _: [attribute(STAMP, seal_of(sealed()))],
    "a stamp of nothing": lambda own: [attribute(STAMP, emptied(by_openssl(own)))],
}  # fmt: skip


def emptied(stamp: cms.ContentInfo) -> cms.ContentInfo:
    """Return *stamp* with nothing where it says what was stamped, and when."""
    said = stamp["content"]["encap_content_info"]["content"].parsed.dump()
    return cms.ContentInfo.load(stamp.dump().replace(said, b"\x04" + said[1:]))


@pytest.mark.parametrize("kind", REFUSED)
def test_anything_but_one_time_stamp_is_refused(kind: str, authority: Authority) -> None:
    found = finding(with_unsigned_attributes(sealed(), REFUSED[kind](authority)))
    assert found["state"] == "broken"
    assert found["time_stamp"] is False


def test_what_was_refused_before_is_refused_in_the_same_words(authority: Authority) -> None:
    for kind in ("an empty list", "another attribute", "two attributes"):
        found = finding(with_unsigned_attributes(sealed(), REFUSED[kind](authority)))
        assert found["detail"] == UNCOVERED, kind


@pytest.mark.parametrize(("anywhere", "in_the_seal"), [(10, 40), *further([(60, 250)])])
def test_a_time_stamp_covers_up_no_change(
    authority: Authority, anywhere: int, in_the_seal: int
) -> None:
    stamped = with_unsigned_attributes(sealed(), [attribute(STAMP, by_openssl(authority))])
    signer = seal_of(stamped)["content"]["signer_infos"][0]
    stamp = signer["unsigned_attrs"][0]["values"][0].dump().hex().encode()
    within = range(stamped.index(stamp), stamped.index(stamp) + len(stamp))
    chance = random.Random(3)  # the same positions in every run
    start = stamped.index(b"<3082")
    everywhere, seal = (
        [at for at in places if at not in within]
        for places in (range(len(stamped)), range(start, stamped.index(b">", start)))
    )
    for at in [*chance.sample(everywhere, anywhere), *chance.sample(seal, in_the_seal)]:
        changed = bytearray(stamped)
        changed[at] ^= 1 << chance.randrange(8)
        assert finding(bytes(changed))["state"] != "intact", at


def test_bytes_after_a_time_stamped_seal_are_refused(authority: Authority) -> None:
    stamped = with_unsigned_attributes(sealed(), [attribute(STAMP, by_openssl(authority))])
    end = stamped.index(b"0>", stamped.index(b"<3082"))
    assert finding(stamped[:end] + b"1" + stamped[end + 1 :])["detail"] == UNCOVERED
    assert finding(stamped + b"\n")["state"] == "broken"


def judged(pdf: bytes) -> Checked:
    one, _ = roomy()
    return verify(pdf, one.verifier(papers().process))


def test_the_answer_warns_of_a_time_stamp_that_was_not_checked(authority: Authority) -> None:
    stamped = with_unsigned_attributes(sealed(), [attribute(STAMP, by_openssl(authority))])
    before, after = judged(sealed()), judged(stamped)
    assert after.outcome is before.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert after.checks == before.checks
    assert before.verification.warnings == ()
    assert after.verification.warnings == (Warning_.TIME_STAMP_NOT_CHECKED,)
    reader = PadesSealReader(papers().process)
    assert reader.inspect(stamped).state is SealState.INTACT
    assert reader.inspect(stamped).time_stamp


def test_a_time_stamp_in_the_seal_is_a_warning_and_no_fault(cecert: Cecert, tmp_path: Path) -> None:
    (tmp_path / "authority").mkdir()
    one = school()
    trust = str(tmp_path / "trust.cose")
    Path(trust).write_bytes(one.trust_bytes())
    _, pdf = one.issue("Ana Ruiz", "ana.ruiz@example.org", 4000)
    stamp = Authority.made(tmp_path / "authority").stamped(signature_of(pdf))
    attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [stamp]})
    path = str(tmp_path / "ana.pdf")
    Path(path).write_bytes(with_unsigned_attributes(pdf, [attribute]))
    status, out, _ = cecert("verify", path, "--trust", trust, "--offline", "--json")
    (result,) = json.loads(out)["results"]
    assert status == 3
    assert result["checks"]["seal"] == "INTACT"
    assert "time stamp not checked" in result["warnings"]["TIME_STAMP_NOT_CHECKED"]
    _, _, err = cecert("verify", path, "--trust", trust, "--offline")
    assert ": time stamp not checked" in err
