"""Files that a release of before drew and sealed are taken over as they are, by a real office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from seal_chains import chain_of

from cecert import Office
from cecert.domain.decision.decide import Award, decide
from cecert.office.keys import keys
from cecert.testing import MemoryLedger
from cecert.workflows.issue.issue import issue

PASSPHRASE = "correct horse battery"


def own_seal(folder: Path) -> None:
    """Leave the seal as `keys init` made it."""
    del folder


def institution(folder: Path) -> None:
    """Let an institution's certificate seal, with one between it and its root."""
    own = ec.generate_private_key(ec.SECP256R1())
    cert, between, root = chain_of(own.public_key(), datetime.now(UTC) - timedelta(days=1))
    secret = BestAvailableEncryption(PASSPHRASE.encode())
    bundle = serialize_key_and_certificates(b"seal", own, cert, [between, root], secret)
    (folder / "institution.p12").write_bytes(bundle)
    file = folder / "cecert.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("[keys]\n", '[keys]\nseal = "institution.p12"\n'), "utf-8")
    with Office.open(file, environ={"CECERT_KEY_PASSPHRASE": PASSPHRASE}) as office:
        keys.sign(office, PASSPHRASE)


@pytest.mark.parametrize(
    ("seal", "which"), [(own_seal, 0), (institution, 1)], ids=["own, alone", "chain, sorted"]
)
def test_what_a_release_of_before_sealed_is_taken_over_byte_for_byte(
    office_folder: Path, seal: Callable[[Path], None], which: int
) -> None:
    seal(office_folder)
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    with Office.open(office_folder / "cecert.toml", environ=environ) as office:
        course = office.course(office_folder / "course.toml")
        records = office.completions(office_folder / "completions.csv", course).records
        found = [each for record in records[:1] for each in decide(record, course)]
        awards = [each for each in found if isinstance(each, Award)]
        desk = office.desk()
        maker = desk.former()[which]
        then = replace(desk, renderer=maker.renderer, sealer=maker.sealer, ledger=MemoryLedger())
        (before,) = issue(awards, then).issued
        report = issue(awards, desk)
        (again,) = report.issued
        assert report.taken_over == {str(before.certificate.id)}
        assert (again.document, again.certificate) == (before.document, before.certificate)
        (today,) = issue(awards, replace(desk, ledger=MemoryLedger())).issued
        assert today.document == before.document
