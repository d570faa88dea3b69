"""`keys`: what the office does, and what its old certificates are worth afterwards."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from cecert import Office, Outcome, verify
from cecert.adapters.keys.signatures import check_signature
from cecert.domain.trust.codec import open_trust_file
from cecert.domain.trust.trust_file import TrustFile

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def trust() -> TrustFile:
    return open_trust_file(Path("keys/trust.cose").read_bytes(), check_signature)


FROM_AFAR = ("--trust", "keys/trust.cose")
"""As somebody verifies who has no ledger."""


def outcomes(cecert: Run, *options: str) -> set[str]:
    """What becomes of every certificate there is, offline and without the ledger."""
    paths = [str(each) for each in sorted(Path("certificates").glob("*/*.pdf"))]
    _, out, _ = cecert("verify", *paths, "--offline", "--json", *FROM_AFAR, *options)
    return {str(each["outcome"]) for each in json.loads(out)["results"]}


def listed(cecert: Run) -> dict[str, str]:
    _, out, _ = cecert("keys", "list", "--json")
    return {each["key"]: each["state"] for each in json.loads(out)["keys"]}


def issue_one_more(cecert: Run, name: str) -> None:
    row = f"{name},{name.lower()}@example.org,ny-social-work"
    text = Path("completions.csv").read_text("utf-8-sig")
    head, first, *_ = text.splitlines()
    cells = dict(zip(head.split(","), first.split(","), strict=False))
    given = dict(zip(("name", "email", "credentials"), row.split(","), strict=True))
    cells |= given | {"participant_id": "", "licenses": ""}
    line = ",".join(cells.get(each, "") for each in head.split(","))
    Path("completions.csv").write_text(text.rstrip("\n") + f"\n{line}\n", "utf-8-sig")
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert status == 0, err
    assert "1 issued" in err


def test_the_list_names_each_key_and_the_root(cecert: Run) -> None:
    status, out, err = cecert("keys", "list")
    assert status == 0
    assert out.splitlines()[0] == "key\tpurpose\tstate\tfrom\tuntil\tkid"
    assert f"root thumbprint: {trust().root.thumbprint.hex()}" in err
    _, out, _ = cecert("keys", "list", "--json")
    answer = json.loads(out)
    assert answer["root"] == trust().root.thumbprint.hex()
    assert answer["keys"][1]["kid"] == trust().keys[0].kid.hex()


def test_the_trust_file_says_what_the_office_may_certify(cecert: Run) -> None:
    del cecert
    found = trust()
    assert found.issuer == "smith-ssw"
    assert sorted(found.credits) == [1, 2, 3, 4]
    assert found.credits[1][0].provider == "0169"
    assert found.credits[3][0].provider == "Amego Prepare"
    assert [each.codes for each in found.keys] == [(1, 2, 3, 4), ()]
    assert len(found.seals) == 1
    assert Path("keys/trust.cose").stat().st_mode & 0o777 == 0o600


def test_old_certificates_verify_after_any_number_of_rotations(cecert: Run) -> None:
    for number in (2, 3):
        status, out, err = cecert("keys", "rotate")
        assert (status, out.split()) == (0, [f"{each}-{number}" for each in (
            "token", "status", "seal",
        )]), err  # fmt: skip
        issue_one_more(cecert, f"Rotation{'ABCD'[number]}")
    assert len(list(Path("certificates").glob("*/*.pdf"))) == 7
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    assert cecert("audit")[0] == 0
    assert [each.state.name for each in trust().keys] == [
        "RETIRED", "RETIRED", "RETIRED", "RETIRED", "ACTIVE", "ACTIVE",
    ]  # fmt: skip
    status, _, _ = cecert("publish", "site")
    lists = [word for each in Path("site/status").iterdir() for word in ("--status", str(each))]
    assert outcomes(cecert, *lists) == {"VALID"}


def test_each_signing_goes_up(cecert: Run) -> None:
    sequences = [trust().sequence]
    for _ in range(2):
        assert cecert("keys", "sign")[0] == 0
        sequences.append(trust().sequence)
    assert sequences == sorted(set(sequences))


def test_a_damaged_trust_file_is_told_and_signed_anew(cecert: Run) -> None:
    Path("keys/trust.cose").write_bytes(b"nothing")
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert status == 2
    assert "trust.cose cannot be used: the trust file is damaged" in err
    assert "cecert keys sign makes it anew" in err
    assert cecert("keys", "sign")[0] == 0
    Path("keys/trust.cose").unlink()
    assert "cannot be read" in cecert("issue", "course.toml", "completions.csv")[2]


def test_a_trust_file_that_cannot_be_written_is_told(cecert: Run) -> None:
    Path("keys/trust.cose").unlink()
    Path("keys/trust.cose").mkdir()
    status, _, err = cecert("keys", "sign")
    assert status == 2
    assert "trust.cose cannot be written: Is a directory" in err


def test_a_wrong_passphrase_and_none_change_nothing(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {each: each.read_bytes() for each in Path("keys").iterdir()}
    for arguments in (["rotate"], ["sign"], ["retire", "seal-1"], ["compromise", "token-1"]):
        monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "wrong")
        status, out, err = cecert("keys", *arguments)
        assert (status, out) == (2, "")
        assert "does not open" in err
        monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
        status, out, err = cecert("keys", *arguments)
        assert (status, out) == (2, "")
        assert "CECERT_KEY_PASSPHRASE" in err
    assert {each: each.read_bytes() for each in Path("keys").iterdir()} == before


@pytest.mark.parametrize(("mode", "warned"), [(0o644, 1), (0o600, 0)])
def test_a_passphrase_that_others_may_read_is_used_and_warned_of(
    cecert: Run, monkeypatch: pytest.MonkeyPatch, mode: int, warned: int
) -> None:
    passphrase = os.environ["CECERT_KEY_PASSPHRASE"]
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    path = Path("passphrase.txt")
    path.write_text(f"{passphrase}\n")
    path.chmod(mode)
    text = Path("cecert.toml").read_text("utf-8")
    assert text.count("[keys]\n") == 1
    Path("cecert.toml").write_text(
        text.replace("[keys]\n", '[keys]\npassphrase_file = "passphrase.txt"\n'), "utf-8"
    )
    for words in (("issue", "course.toml", "completions.csv"), ("keys", "sign")):
        status, out, err = cecert(*words, "--json")
        assert (status, type(json.loads(out))) == (0, dict), err
        told = [each for each in err.splitlines() if "holds a secret" in each]
        assert len(told) == warned
        assert all(each.startswith("cecert: warning: ") for each in told)
        assert passphrase not in out + err
    assert "holds a secret" not in cecert("keys", "list")[2]  # it needs none


def test_a_root_passphrase_of_its_own_is_asked_of_keys_only(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in Path("keys").iterdir():
        each.unlink()
    Path("keys").rmdir()
    monkeypatch.setenv("CECERT_ROOT_PASSPHRASE", "for the root alone")
    assert cecert("keys", "init")[0] == 0
    monkeypatch.delenv("CECERT_ROOT_PASSPHRASE")
    issue_one_more(cecert, "Eve")
    assert cecert("keys", "rotate")[0] == 2
    monkeypatch.setenv("CECERT_ROOT_PASSPHRASE", "for the root alone")
    for name in ("root-1.pem", "seal-ca-1.pem", "id-1.root.pem"):  # taken off the machine
        Path("keys", name).rename(name)
    issue_one_more(cecert, "Adam")
    assert "root-1.pem is missing" in cecert("keys", "rotate")[2]
    for name in ("root-1.pem", "seal-ca-1.pem", "id-1.root.pem"):
        Path(name).rename(Path("keys", name))
    assert cecert("keys", "rotate")[0] == 0


def test_keys_need_a_passphrase_worth_the_name(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in Path("keys").iterdir():
        each.unlink()
    monkeypatch.setenv("CECERT_ROOT_PASSPHRASE", "short")
    status, _, err = cecert("keys", "init")
    assert (status, "5 characters, 8 are the least" in err) == (2, True)
    assert list(Path("keys").iterdir()) == []


# Approvals


def without_approval(credential: str) -> None:
    path = Path("cecert.toml")
    block = r"\[\[approval\]\]\n(?:(?!\n\n).)*?" + f'credential = "{credential}"' + r".*?\n\n"
    text, count = re.subn(block, "", path.read_text("utf-8"), count=1, flags=re.DOTALL)
    assert count == 1
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("arguments", [["sign"], ["rotate"], ["retire", "seal-1"],
                                       ["compromise", "seal-1"]])  # fmt: skip
def test_an_approval_that_certificates_rest_on_cannot_be_left_out(
    cecert: Run, arguments: list[str]
) -> None:
    before = {each: each.read_bytes() for each in Path("keys").iterdir()}
    without_approval("ny-social-work")
    status, out, err = cecert("keys", *arguments)
    assert (status, out) == (2, "")
    assert "2 credits of certificates that stand would not verify any more" in err
    assert "rests on New York, social work 0169" in err
    assert "an [[approval]] stays in cecert.toml when it ends" in err
    assert {each: each.read_bytes() for each in Path("keys").iterdir()} == before


def test_an_approval_nobody_needs_can_go(cecert: Run) -> None:
    with sqlite3.connect("ledger.db") as ledger:
        (ids,) = zip(*ledger.execute(
            "SELECT certificate_id FROM credit_line WHERE credential='apa-psychology'"
        ), strict=True)  # fmt: skip
    for each in ids:
        assert cecert("revoke", each, "--reason-class", "wrong-person", "--reason", "x")[0] == 0
    without_approval("apa-psychology")
    assert cecert("keys", "sign")[0] == 0
    assert sorted(trust().credits) == [1, 2, 4]


def test_a_change_of_approval_is_issued_under_only_when_signed(cecert: Run) -> None:
    text = Path("cecert.toml").read_text("utf-8").replace('"#0169"', '"#0170"')
    Path("cecert.toml").write_text(text, "utf-8")
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert status == 2
    assert "trust file: ny-social-work: '0170' is not covered on every session date" in err


# Withdrawal


def test_a_stolen_token_key_ends_and_honest_holders_keep_their_certificates(cecert: Run) -> None:
    status, out, err = cecert("keys", "compromise", "token-1", "--reason", "laptop stolen")
    assert (status, out) == (0, "token-2\n"), err
    assert "token-1 is withdrawn; 5 genuine certificates that it signed still verify" in err
    assert listed(cecert)["token-1"] == "compromised"
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    assert cecert("audit")[0] == 0
    issue_one_more(cecert, "Eve")
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    with sqlite3.connect("ledger.db") as ledger:
        found = list(ledger.execute("SELECT kind, key, actor, reason FROM event WHERE reason<>''"))
    assert ("key-compromised", "token-1", "Mary", "laptop stolen") in found
    _, out, _ = cecert("keys", "events")
    assert "\tkey-compromised\ttoken-1\tMary\tlaptop stolen\n" in out
    assert "\tkey-made\ttoken-2\tMary\t\n" in out


def test_the_list_of_genuine_certificates_is_published_and_found_by_strangers(
    cecert: Run,
) -> None:
    kid = trust().keys[0].kid.hex()
    assert cecert("keys", "compromise", kid)[0] == 0
    assert cecert("publish", "site")[0] == 0
    published = Path("site/status") / f"{kid}.reattested"
    assert published.read_bytes() == Path("keys", published.name).read_bytes()
    away = ["--trust", "site/trust/smith-ssw.cose"]
    assert outcomes(cecert, *away) == {"KEY_REVOKED"}
    assert outcomes(cecert, *away, "--status", str(published)) == {"VALID_STATUS_UNKNOWN"}
    bundle = outcomes(cecert, *away, "--status", "site/bundle.zip")
    assert bundle == {"VALID"}
    # What was logged before needs no list: the log alone vouches for it.
    with ZipFile("site/bundle.zip") as whole, ZipFile("log.zip", "w") as log:
        for name in whole.namelist():
            if name.startswith("log/"):
                log.writestr(name, whole.read(name))
    assert outcomes(cecert, *away, "--status", "log.zip") == {"VALID_STATUS_UNKNOWN"}
    (before,) = trust().logged
    assert (before.kid.hex(), before.origin) == (kid, trust().logs[-1].origin)
    assert before.size < int(Path("site/log/checkpoint").read_text().splitlines()[1])
    assert cecert("keys", "sign")[0] == 0
    assert trust().logged == (before,)


def test_a_withdrawal_that_was_cut_off_is_finished_by_running_it_again(cecert: Run) -> None:
    assert cecert("keys", "compromise", "token-1")[0] == 0
    (path,) = Path("keys").glob("*.reattested")
    path.unlink()
    assert outcomes(cecert) == {"KEY_REVOKED"}
    assert "cecert keys compromise token-1 makes it anew" in cecert("audit")[2]
    path.write_bytes(b"damaged")
    assert "makes it anew" in cecert("audit")[2]
    status, out, err = cecert("keys", "compromise", "token-1")
    assert (status, out) == (0, ""), err
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}


def test_status_lists_of_a_stolen_status_key_count_no_more(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    old = ["--status", *map(str, Path("site/status").glob("*.st"))]
    assert outcomes(cecert, *old) == {"VALID"}
    assert cecert("keys", "compromise", "status-1")[0] == 0
    assert outcomes(cecert, *old) == {"VALID_STATUS_UNKNOWN"}
    assert cecert("publish", "site")[0] == 0
    assert outcomes(cecert, *old) == {"VALID"}


def test_files_of_a_stolen_seal_are_vouched_for_and_what_the_thief_seals_is_not(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = Path(shutil.copytree(".", tmp_path / "thief"))
    status, out, err = cecert("keys", "compromise", "seal-1")
    assert (status, out) == (0, "seal-2\n")
    assert "seal-1 is withdrawn; 5 genuine PDFs of its time still verify" in err
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    assert cecert("audit")[0] == 0
    known = {each.name for each in Path("certificates").glob("*/*")}
    monkeypatch.chdir(thief)
    issue_one_more(cecert, "Mallory")
    (forged,) = (each for each in Path("certificates").glob("*/*") if each.name not in known)
    monkeypatch.chdir(tmp_path / "office")
    _, out, _ = cecert("verify", str(thief / forged), "--offline", "--json")
    assert json.loads(out)["outcome"] == "NOT_LOGGED", "he has the token key too"
    away = ("--trust", "keys/trust.cose", "--status", "nothing", "--offline", "--json")
    Path("nothing").write_bytes(b"")
    _, out, _ = cecert("verify", str(thief / forged), *away)
    assert json.loads(out)["outcome"] == "SEAL_UNKNOWN"
    issue_one_more(cecert, "Eve")
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}


def test_strangers_find_the_list_of_sealed_files_beside_the_status_lists(cecert: Run) -> None:
    assert cecert("keys", "compromise", "seal-1")[0] == 0
    assert cecert("publish", "site")[0] == 0
    (published,) = Path("site/status").glob("*.reattested")
    away = ["--trust", "site/trust/smith-ssw.cose"]
    assert outcomes(cecert, *away) == {"SEAL_UNKNOWN"}
    assert outcomes(cecert, *away, "--status", str(published)) == {"VALID_STATUS_UNKNOWN"}
    assert outcomes(cecert, *away, "--status", "site/bundle.zip") == {"VALID"}
    assert cecert("keys", "rotate")[0] == 0  # the next signing vouches on
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}


def test_a_seal_that_a_cecert_of_before_withdrew_is_vouched_for_by_running_it_again(
    cecert: Run,
) -> None:
    assert cecert("keys", "compromise", "seal-1")[0] == 0
    index = Path("keys/keys.toml")
    index.write_text(re.sub(r"reattested = .*\n", "", index.read_text("utf-8")), "utf-8")
    assert cecert("keys", "sign")[0] == 0
    assert outcomes(cecert) == {"SEAL_UNKNOWN"}
    assert cecert("keys", "compromise", "seal-1")[0] == 0
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}


def test_a_stolen_seal_whose_list_is_lost_spoils_the_pdf_and_not_the_code(cecert: Run) -> None:
    assert cecert("keys", "compromise", "seal-1")[0] == 0
    (path,) = Path("keys").glob("*.reattested")
    path.unlink()
    assert outcomes(cecert) == {"SEAL_UNKNOWN"}
    assert "cecert keys compromise seal-1 makes it anew" in cecert("audit")[2]
    with sqlite3.connect("ledger.db") as ledger:
        ((snapshot,),) = list(ledger.execute("SELECT snapshot FROM certificate LIMIT 1"))
    url = json.loads(snapshot)["certificate"]["token_url"]
    assert cecert("verify", url, "--offline", *FROM_AFAR)[0] == 3


@pytest.mark.parametrize("name", ["root-1", "id-1", "nothing", "", "../keys"])
def test_what_cannot_be_withdrawn_is_refused(cecert: Run, name: str) -> None:
    before = {each: each.read_bytes() for each in Path("keys").iterdir()}
    status, out, err = cecert("keys", "compromise", "token-1", name)
    assert (status, out) == (2, "")
    assert "nothing was changed" in err
    assert {each: each.read_bytes() for each in Path("keys").iterdir()} == before


def test_a_retired_key_issues_nothing_and_is_warned_of(cecert: Run) -> None:
    status, out, err = cecert("keys", "retire", "token-1")
    assert (status, out) == (0, "token-1\n")
    assert "warning: there is no active token key: cecert keys rotate" in err
    assert "no active token key" in cecert("issue", "course.toml", "completions.csv")[2]
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    assert cecert("keys", "rotate")[0] == 0
    issue_one_more(cecert, "Eve")


# Lost and replaced


def test_a_lost_daily_passphrase_is_replaced_and_ids_stay(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CECERT_ROOT_PASSPHRASE", os.environ["CECERT_KEY_PASSPHRASE"])
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "another one altogether")
    assert cecert("keys", "rotate")[0] == 2
    status, _, err = cecert("keys", "rotate", "--new-passphrase")
    assert status == 0, err
    monkeypatch.delenv("CECERT_ROOT_PASSPHRASE")
    _, _, err = cecert("issue", "course.toml", "completions.csv")
    assert "0 issued, 2 denied, 5 already issued" in err
    issue_one_more(cecert, "Eve")
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}


def test_a_lost_root_is_succeeded_and_old_certificates_verify_under_the_new_one(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_root = trust().root
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "everything else was lost")
    Path("keys").rename("keys-lost")
    status, out, err = cecert("keys", "init", "--after", "keys-lost")
    assert status == 0, err
    assert out.strip().endswith("keys/trust.cose")
    assert "the old id key does not open" in err
    assert trust().root != old_root
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    assert cecert("audit")[0] == 0
    _, _, err = cecert("issue", "course.toml", "completions.csv")
    assert "0 issued, 2 denied, 5 already issued" in err
    issue_one_more(cecert, "Eve")
    assert cecert("keys", "compromise", "token-1")[0] == 0
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}


def test_where_the_old_id_key_opens_it_goes_on(cecert: Run) -> None:
    Path("keys").rename("keys-old")
    status, _, err = cecert("keys", "init", "--after", "keys-old")
    assert status == 0
    assert "warning" not in err


# Keys that end


def test_an_institution_s_seal_is_used_only_when_it_is_signed_in(
    cecert: Run, tmp_path: Path
) -> None:
    del tmp_path
    text = Path("cecert.toml").read_text("utf-8")
    make_pkcs12(Path("institution.p12"), 1)
    Path("cecert.toml").write_text(add_seal(text), "utf-8")
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert status == 2
    assert "the trust file does not list the seal" in err
    assert cecert("keys", "sign")[0] == 0
    issue_one_more(cecert, "Eve")
    make_pkcs12(Path("institution.p12"), 2)
    assert cecert("keys", "sign")[0] == 0
    issue_one_more(cecert, "Adam")
    assert outcomes(cecert) == {"VALID_STATUS_UNKNOWN"}
    assert listed(cecert)["institution-seal-1"] == "retired"


def test_status_needs_no_passphrase_to_warn_of_keys(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pkcs12(Path("institution.p12"), 1)
    text = Path("cecert.toml").read_text("utf-8")
    Path("cecert.toml").write_text(add_seal(text), "utf-8")
    assert cecert("keys", "sign")[0] == 0
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    status, _, err = cecert("status")
    assert status == 0
    assert "warning: institution-seal-1 ends on" in err  # in 30 days
    index = Path("keys/keys.toml")
    text = index.read_text("utf-8")
    token = text.index('name = "token-1"')
    end = text[token:].split("until = ")[1].splitlines()[0]
    soon = datetime.now(UTC) + timedelta(days=20)
    index.write_text(text.replace(end, f"{soon:%Y-%m-%dT%H:%M:%SZ}"), "utf-8")
    _, _, err = cecert("status")
    assert "warning: token-1 end" in err
    assert "warning: status-1 end" in err


@pytest.mark.parametrize("command", ["keys list", "status", "issue course.toml completions.csv"])
@pytest.mark.parametrize(("days", "warned"), [(59, True), (61, False)])
def test_the_end_of_the_signing_certificate_is_warned_of_sixty_days_ahead(
    cecert: Run, command: str, days: int, *, warned: bool
) -> None:
    end = make_pkcs12(Path("institution.p12"), 1, days)
    Path("cecert.toml").write_text(add_seal(Path("cecert.toml").read_text("utf-8")), "utf-8")
    assert cecert("keys", "sign")[0] == 0
    status, _, err = cecert(*command.split())
    assert status == 0, err
    assert (f"warning: institution-seal-1 ends on {end:%Y-%m-%d}" in err) is warned
    assert ("institution-seal-1 ends" in err) is warned


def test_a_signing_certificate_that_ended_refuses_before_the_first_certificate(
    cecert: Run,
) -> None:
    before = sorted(Path("certificates").glob("*/*.pdf"))
    make_pkcs12(Path("institution.p12"), 1, 30)
    Path("cecert.toml").write_text(add_seal(Path("cecert.toml").read_text("utf-8")), "utf-8")
    assert cecert("keys", "sign")[0] == 0
    end = make_pkcs12(Path("institution.p12"), 1, -1)
    text = Path("completions.csv").read_text("utf-8-sig")
    Path("completions.csv").write_text(text.replace("Ana", "Anabel"), "utf-8-sig")
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert status == 2
    assert f"the seal's signing certificate cannot be used: it ended on {end:%Y-%m-%d}" in err
    assert sorted(Path("certificates").glob("*/*.pdf")) == before


def add_seal(text: str) -> str:
    assert text.count("[keys]\n") == 1
    return text.replace("[keys]\n", '[keys]\nseal = "institution.p12"\n')


def make_pkcs12(path: Path, serial: int, days: int = 30) -> datetime:
    """Write an institution's seal that ends in so many days; return when."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Institution")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial)
    now = datetime.now(UTC)
    builder = builder.not_valid_before(now - timedelta(days=1))
    end = now + timedelta(days=days, hours=1)
    own = builder.not_valid_after(end).sign(key, SHA256())
    encryption = BestAvailableEncryption(os.environ["CECERT_KEY_PASSPHRASE"].encode())
    path.write_bytes(serialize_key_and_certificates(b"s", key, own, None, encryption))
    return end


def test_a_program_that_opens_the_office_is_told_the_same(cecert: Run) -> None:
    assert cecert("keys", "compromise", "token-1")[0] == 0
    with Office.open("cecert.toml") as office:
        verifier = office.verifier()
        documents = [each.read_bytes() for each in Path("certificates").glob("*/*.pdf")]
    found = {verify(each, verifier).outcome for each in documents}
    assert found == {Outcome.VALID_STATUS_UNKNOWN}


def test_each_act_answers_in_json(cecert: Run) -> None:
    acts = {
        "sign": {"trust_file": str(Path("keys/trust.cose").absolute()),
                 "root": trust().root.thumbprint.hex()},
        "rotate": {"made": ["token-2", "status-2", "seal-2"]},
        "compromise token-1": {"made": [], "genuine": {"token-1": 5}},
        "retire seal-2": {"retired": ["seal-2"]},
    }  # fmt: skip
    for act, expected in acts.items():
        status, out, err = cecert("keys", *act.split(), "--json")
        assert status == 0, err
        assert json.loads(out) == expected
    Path("keys").rename("keys-old")
    status, out, _ = cecert("keys", "init", "--after", "keys-old", "--json")
    assert json.loads(out)["root"] == trust().root.thumbprint.hex()


# At a terminal


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person answers when asked, in order; the environment knows no passphrase."""
    answers: list[str] = []
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: answers.pop(0))
    return answers


def test_a_person_types_the_passphrase_of_new_keys_twice(cecert: Run, typed: list[str]) -> None:
    Path("keys").rename("keys-old")
    typed += ["a good one, long", "a good 0ne, long"]
    status, _, err = cecert("keys", "init")
    assert (status, "the two passphrases differ; no keys were made" in err) == (2, True)
    typed += ["a good one, long"] * 2
    assert cecert("keys", "init")[0] == 0
    typed += ["a good one, long"]
    assert cecert("keys", "sign")[0] == 0
    typed += ["a good one, long"]
    assert cecert("keys", "rotate")[0] == 0
    assert typed == []


# Saved trust files


def test_a_saved_trust_file_is_not_rolled_back(cecert: Run) -> None:
    """With the old one a token key that was stolen since would be good again."""
    old = Path("old.cose")
    old.write_bytes(Path("keys/trust.cose").read_bytes())
    pdf = str(min(Path("certificates").glob("*/*.pdf")))
    words = ("verify", pdf, "--offline", "--trust")
    assert cecert(*words, str(old))[0] == 3
    assert cecert("keys", "sign")[0] == 0
    assert cecert(*words, str(old))[0] == 3  # nobody has shown the newer one yet
    assert cecert(*words, "keys/trust.cose")[0] == 3
    status, out, err = cecert(*words, str(old))
    assert status == 7
    assert "a newer one of the same root was seen before" in err
    assert "hint: get the newest from the provider's site; if the office is yours, cecert keys" in (
        err
    )
    assert "VALID" not in out
    status, out, _ = cecert(*words, str(old), "--json")
    assert (status, json.loads(out)["outcome"]) == (7, "KEYSET_INVALID")
    assert cecert(*words, "keys/trust.cose")[0] == 3


def test_the_trust_files_of_two_roots_do_not_bar_each_other(cecert: Run) -> None:
    pdf = str(min(Path("certificates").glob("*/*.pdf")))
    old = Path("old.cose")
    old.write_bytes(Path("keys/trust.cose").read_bytes())
    Path("keys").rename("keys-old")
    assert cecert("keys", "init", "--after", "keys-old")[0] == 0
    for _ in range(2):
        for each in ("keys/trust.cose", str(old)):
            assert cecert("verify", pdf, "--offline", "--trust", each)[0] == 3


def test_an_office_restored_from_a_backup_signs_a_newer_trust_file(cecert: Run) -> None:
    pdf = str(min(Path("certificates").glob("*/*.pdf")))
    words = ("verify", pdf, "--offline", "--config", "cecert.toml")
    backup = Path("keys/trust.cose").read_bytes()
    assert cecert("keys", "sign")[0] == 0
    assert cecert(*words)[0] == 0
    Path("keys/trust.cose").write_bytes(backup)
    assert cecert(*words)[0] == 7
    assert cecert("keys", "sign")[0] == 0
    assert cecert(*words)[0] == 0
