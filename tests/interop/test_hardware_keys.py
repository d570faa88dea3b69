"""A seal whose key is in hardware (PKCS #11), which SoftHSM plays."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from certificate_samples import ISSUED, certificate, renderer, signing_cert
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from key_work import derived
from real_office import a_list, office_folder, office_with_keys
from seal_chains import chain_of
from seal_referee import holds
from soft_token import PIN, SoftToken, soft_token

from cecert import Office
from cecert.adapters.keys.hardware import _held, open_hardware_seal
from cecert.adapters.pades import PadesSealer
from cecert.domain.decision.decide import Award, decide
from cecert.errors import ConfigurationError, KeyStoreError, SealError
from cecert.office.keys import keys
from cecert.ports import Drawing, HardwareKey
from cecert.testing import MemoryLedger
from cecert.workflows.issue.issue import issue

__all__ = ["derived", "office_folder", "office_with_keys", "soft_token"]
pytestmark = pytest.mark.system
Cecert = Callable[..., tuple[int, str, str]]
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def token(soft_token: SoftToken) -> SoftToken:
    """Return a token with an institution's key and chain, an RSA key, and one that is mixed up."""
    own, other = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    cert, between, root = chain_of(own.public_key(), datetime.now(UTC) - timedelta(days=1))
    soft_token.put("seal", own, ("seal", cert), ("authority", between), ("root", root))
    soft_token.put("large", other, ("large", signing_cert(other)))
    soft_token.put("mixed", ec.generate_private_key(ec.SECP256R1()), ("old", signing_cert(own)))
    return soft_token


def place(token: SoftToken, key: str, cert: str = "") -> HardwareKey:
    return HardwareKey(token.module, "office", key, cert or key)


def test_what_a_token_seals_holds_for_other_programs_and_its_chain_goes_along(
    token: SoftToken, tmp_path: Path
) -> None:
    drawing = renderer().draw(certificate())
    large = open_hardware_seal(place(token, "large"), PIN)
    pdf = PadesSealer(large.signer, large.signing_cert, large.chain).seal(drawing, ISSUED)
    assert holds(pdf)
    seal = open_hardware_seal(place(token, "seal"), PIN)
    assert [each.subject.rfc4514_string() for each in seal.chain] == ["CN=M"]
    now = datetime.now(UTC).replace(microsecond=0)
    sealer = PadesSealer(seal.signer, seal.signing_cert, seal.chain)
    one, other = (sealer.seal(drawing, now) for _ in range(2))
    assert one != other
    assert all(sealer.has_sealed(each, drawing, now) for each in (one, other))
    for name, each in (("rsa.pdf", pdf), ("ec.pdf", one)):
        (tmp_path / name).write_bytes(each)
        run = subprocess.run(
            ["pdfsig", "-nocert", tmp_path / name], capture_output=True, check=False, text=True
        )
        assert "Signature Validation: Signature is Valid." in run.stdout


def test_what_is_wrong_with_a_token_is_told_before_anything_is_sealed(token: SoftToken) -> None:
    cases = [
        (place(token, "seal"), "111111", "the PIN of the token office is wrong"),
        (place(token, "gone"), PIN, "has 0 private keys gone"),
        (place(token, "seal", "gone"), PIN, "has 0 certificates gone; it has these: authority"),
        (place(token, "mixed", "old"), PIN, "key mixed that is not the certificate old's"),
        (replace(place(token, "seal"), token="another"), PIN, "the token another is not there"),
        (replace(place(token, "seal"), module=__file__), PIN, "cannot be loaded"),
    ]
    for where, pin, told in cases:
        with pytest.raises(KeyStoreError, match=told):
            open_hardware_seal(where, pin)


def with_hardware(folder: Path, token: SoftToken, more: str = "") -> Path:
    """Let the office of a folder seal with the token; return its file."""
    file = folder / "cecert.toml"
    table = f'pkcs11 = {{module = "{token.module}", token = "office", key = "seal"{more}}}'
    text = file.read_text("utf-8").replace("[keys]\n", f"[keys]\n{table}\n")
    file.write_text(text, "utf-8")
    return file


class Pulled:
    """A renderer's page after whose *good* drawings somebody takes the token away."""

    def __init__(self, good: int) -> None:
        self.left = good

    def __call__(self, drawing: Drawing) -> Drawing:
        self.left -= 1
        if self.left < 0:
            for each in _held.values():
                each.session.close()
        return drawing


def test_an_office_issues_with_a_token_and_goes_on_after_it_was_taken_away_in_mid_batch(
    token: SoftToken, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.workflows.issue.run.GROUP", 3)
    pin = office_folder / "pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    file = with_hardware(office_folder, token, ', pin_file = "pin"')
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    with Office.open(file, environ=environ) as office:
        keys.sign(office, PASSPHRASE)
        assert office.seal_findings() == ()
        course = office.course(office_folder / "course.toml")
        records = office.completions(a_list(office_folder, 5), course).records
        found = [each for record in records for each in decide(record, course)]
        awards = [each for each in found if isinstance(each, Award)]
        desk = office.desk()
        sealed, pull = desk.sealer.seal, Pulled(4)
        monkeypatch.setattr(desk.sealer, "seal", lambda drawing, at: sealed(pull(drawing), at))
        told = "the token office did not sign: .* 5 certificates 3 were entered"
        with pytest.raises(SealError, match=told) as caught:
            issue(awards, desk)
        assert "run the command again" in caught.value.hint
        (first, *rest) = issue(awards, office.desk()).issued
        assert len(rest) == 1
        # A crash before the ledger knew of a file: it is taken over, though no signature is alike.
        few = [e for e in awards if e.record.name == first.certificate.recipient.name]
        again = issue(few, replace(office.desk(), ledger=MemoryLedger()))
        assert again.taken_over == {str(first.certificate.id)}
        assert again.issued[0].certificate == first.certificate
        checked = office.archive.get(first.document)
        assert checked.count(b"/ByteRange") == 1


def test_an_office_without_the_pin_is_told_which_variable_has_it(
    token: SoftToken, office_folder: Path
) -> None:
    file = with_hardware(office_folder, token)
    with Office.open(file, environ={"CECERT_KEY_PASSPHRASE": PASSPHRASE}) as office:
        (finding,) = office.seal_findings()
        assert "CECERT_PKCS11_PIN" in finding.message
        with pytest.raises(KeyStoreError, match="the token office needs its PIN"):
            office.desk()
    text = file.read_text("utf-8").replace(token.module, "nowhere.so")
    file.write_text(text.replace('path = "keys"', 'path = "keys"\nseal = "some.p12"'), "utf-8")
    with pytest.raises(ConfigurationError, match=r"pkcs11\.module.*is no file") as caught:
        Office.open(file)
    assert "a second seal beside pkcs11" in str(caught.value)
