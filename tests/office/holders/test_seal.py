"""The seal's certificate, looked into by `lint` and before the first certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from certificate_samples import signing_cert
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from typer.testing import CliRunner

from cecert.cli._commands import whole_app
from cecert.domain.values.findings import Severity
from cecert.errors import KeyStoreError
from cecert.office import Office
from cecert.testing import FixedClock

PASSPHRASE = "correct horse battery"
KEY = ec.derive_private_key(0xCECE27, ec.SECP256R1())
ENDED = "ended on 2021-09-01"


def opened(folder: Path, passphrase: str = PASSPHRASE) -> Office:
    environ = {"CECERT_KEY_PASSPHRASE": passphrase} if passphrase else {}
    return Office.open(folder / "cecert.toml", actor="a test", environ=environ)


def with_institution(folder: Path) -> None:
    """Let the office seal with an institution's certificate that ended in 2021."""
    secret = BestAvailableEncryption(PASSPHRASE.encode())
    bundle = serialize_key_and_certificates(b"seal", KEY, signing_cert(KEY), None, secret)
    (folder / "institution.p12").write_bytes(bundle)
    file = folder / "cecert.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("[keys]\n", '[keys]\nseal = "institution.p12"\n'), "utf-8")


def told(office: Office) -> list[tuple[Severity, str, str]]:
    return [(each.severity, each.place, each.message) for each in office.seal_findings()]


def test_the_seal_that_keys_init_makes_gives_no_finding(office_folder: Path) -> None:
    assert told(opened(office_folder)) == []


def test_an_office_without_keys_has_no_seal_to_look_into(office_folder: Path) -> None:
    (office_folder / "keys").rename(office_folder / "gone")
    assert told(opened(office_folder)) == []


def test_an_office_whose_seal_was_retired_has_none_to_look_into(office_folder: Path) -> None:
    index = office_folder / "keys" / "keys.toml"
    before, seal, after = index.read_text("utf-8").partition('purpose = "seal"\n')
    index.write_text(before + seal + after.replace('"active"', '"retired"', 1), "utf-8")
    assert told(opened(office_folder)) == []


def test_the_end_of_the_seal_is_told_sixty_days_ahead(office_folder: Path) -> None:
    office = opened(office_folder)
    office.clock = FixedClock(datetime.now(UTC) + timedelta(days=345))
    ((severity, place, message),) = told(office)
    assert (severity, place) == (Severity.WARNING, "seal-1")
    assert message.startswith("ends on ")


def test_a_seal_that_ended_is_refused_before_the_first_certificate(office_folder: Path) -> None:
    with opened(office_folder) as office:
        office.clock = FixedClock(datetime.now(UTC) + timedelta(days=401))
        with pytest.raises(KeyStoreError, match="cannot be used: it ended on") as refused:
            office.desk()
    assert "cecert keys rotate" in refused.value.hint
    assert list((office_folder / "certificates").glob("*/*")) == []


def test_an_institution_s_seal_that_ended_is_an_error_of_lint_and_refuses_to_issue(
    office_folder: Path,
) -> None:
    with_institution(office_folder)
    office = opened(office_folder)
    assert (Severity.ERROR, "institution.p12", ENDED) in told(office)
    config = ["--config", str(office_folder / "cecert.toml")]
    linted = CliRunner().invoke(whole_app(), ["lint", *config])
    assert linted.exit_code == 1
    assert ENDED in linted.output
    lists = [str(office_folder / "course.toml"), str(office_folder / "completions.csv")]
    issued = CliRunner().invoke(whole_app(), ["issue", *lists, *config])
    assert issued.exit_code != 0
    assert ENDED in str(issued.exception)
    assert list((office_folder / "certificates").glob("*/*")) == []


def test_a_seal_that_does_not_open_is_an_error(office_folder: Path) -> None:
    with_institution(office_folder)
    ((severity, _, message),) = told(opened(office_folder, "another passphrase"))
    assert severity is Severity.ERROR
    assert "does not open" in message


def test_a_seal_whose_passphrase_nobody_gave_is_a_warning(office_folder: Path) -> None:
    with_institution(office_folder)
    unread = "was not looked into: that needs CECERT_SEAL_PASSPHRASE or CECERT_KEY_PASSPHRASE"
    assert told(opened(office_folder, "")) == [(Severity.WARNING, "institution.p12", unread)]


OWN = "the institution chose this one"


def with_passphrase_of_its_own(folder: Path, told: str = "") -> None:
    """Let the office seal with a file that another passphrase opens than the keys'."""
    with_institution(folder)
    secret = BestAvailableEncryption(OWN.encode())
    bundle = serialize_key_and_certificates(b"seal", KEY, signing_cert(KEY), None, secret)
    (folder / "institution.p12").write_bytes(bundle)
    if told:
        (folder / "seal-passphrase").write_text(f"{told}\n")
        (folder / "seal-passphrase").chmod(0o600)
        file = folder / "cecert.toml"
        extra = '\n[seal]\npassphrase_file = "seal-passphrase"\n'
        file.write_text(file.read_text("utf-8") + extra, "utf-8")


def test_a_seal_has_a_passphrase_of_its_own_in_the_environment(office_folder: Path) -> None:
    with_passphrase_of_its_own(office_folder)
    path = office_folder / "cecert.toml"
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE, "CECERT_SEAL_PASSPHRASE": OWN}
    opened_seal = Office.open(path, environ=environ).institution_seal()
    assert opened_seal is not None
    assert opened_seal.signing_cert == signing_cert(KEY)
    with pytest.raises(KeyStoreError, match="does not open") as refused:
        opened(office_folder).institution_seal()
    assert refused.value.hint == "check CECERT_KEY_PASSPHRASE"
    environ["CECERT_SEAL_PASSPHRASE"] = "a typing error"
    with pytest.raises(KeyStoreError, match="does not open") as refused:
        Office.open(path, environ=environ).institution_seal()
    assert refused.value.hint == "check CECERT_SEAL_PASSPHRASE"


def test_a_seal_s_passphrase_stands_in_a_file_of_its_own(office_folder: Path) -> None:
    with_passphrase_of_its_own(office_folder, OWN)
    office = opened(office_folder)
    assert office.institution_seal() is not None
    assert (Severity.ERROR, "institution.p12", ENDED) in told(office)
    # What is in the environment goes before a file.
    environ = {"CECERT_SEAL_PASSPHRASE": "another"}
    with pytest.raises(KeyStoreError, match="does not open"):
        Office.open(office_folder / "cecert.toml", environ=environ).institution_seal()


def test_without_one_of_its_own_the_keys_passphrase_opens_the_seal(office_folder: Path) -> None:
    with_institution(office_folder)
    assert opened(office_folder).institution_seal() is not None


def test_a_person_is_asked_for_the_seal_s_where_nobody_knows_it(office_folder: Path) -> None:
    with_passphrase_of_its_own(office_folder)
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return OWN

    office = Office.open(office_folder / "cecert.toml", environ={}, ask=answer)
    assert office.institution_seal() is not None
    assert asked == ["passphrase of the seal: "]


def test_a_seal_that_is_fit_lets_the_office_issue(office_folder: Path) -> None:
    with opened(office_folder) as office:
        assert office.desk().renderer is not None
