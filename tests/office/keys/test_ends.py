"""A key that was retired, and copied before: what a thief can still make with it, and we could."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep, time

import pytest

from cecert import Office, Outcome
from cecert.adapters.keys import Passphrases
from cecert.adapters.keys.open import open_token_keys
from cecert.adapters.keys.signatures import P256Signer, check_signature
from cecert.adapters.pades import sealed_with
from cecert.cli import main
from cecert.domain.cose.low_s import LowSSigner
from cecert.domain.token.claims import Claims, Credit, sign_token, token_url
from cecert.domain.token.verify import verify_token
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import ConfigurationError
from cecert.office.keys import keys
from cecert.office.keys import returned as keys_back
from cecert.testing import FixedClock

PASSPHRASE = "correct horse battery"
DAY = timedelta(days=1)


def opened(folder: Path, at: datetime, told: list[str] | None = None) -> Office:
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    warn = None if told is None else told.append
    office = Office.open(folder / "cecert.toml", actor="a test", environ=environ, warn=warn)
    office.clock = FixedClock(at)
    return office


def issue(folder: Path, name: str, config: Path | None = None) -> None:
    """Issue one certificate more, by the command, now."""
    text = (folder / "completions.csv").read_text("utf-8-sig")
    head, first, *_ = text.splitlines()
    cells = dict(zip(head.split(","), first.split(","), strict=False))
    cells |= {"name": name, "email": f"{name.lower()}@example.org", "participant_id": "",
              "licenses": "", "credentials": "ny-social-work"}  # fmt: skip
    line = ",".join(cells.get(each, "") for each in head.split(","))
    (folder / "more.csv").write_text(f"{head}\n{line}\n", "utf-8-sig")
    office = str(config or folder / "cecert.toml")
    lists = [str(folder / "course.toml"), str(folder / "more.csv")]
    assert main(["issue", *lists, "--config", office]) == 0


@pytest.fixture
def office_of_one(office_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    issue(office_folder, "Ana")
    return office_folder


def newest_issue(folder: Path) -> int:
    with opened(folder, datetime.now(UTC)) as office:
        return max(int(each.certificate.issued_at.timestamp()) for each in office.ledger.walk())


def trust_of(folder: Path) -> TrustFile:
    with opened(folder, datetime.now(UTC)) as office:
        return office.trust()


def forged(folder: Path, issued_at: int, trust: TrustFile) -> Outcome:
    """Return what becomes of a token that whoever copied the token key of *folder* makes."""
    _, key, _ = open_token_keys(folder, PASSPHRASE)
    day = datetime.fromtimestamp(issued_at, UTC).date()
    claims = Claims(
        issued_at, CertificateId(bytes(10)), "Mallory", "MBT", (day,), 100,
        (Credit(4, None, 100),), (1, 7),
    )  # fmt: skip
    link = token_url(
        "https://verify.example.edu/#", sign_token(claims, LowSSigner(P256Signer(key)))
    )
    return verify_token(link, trust, check_signature, issued_at + 3600).outcome


Act = Callable[[Office], object]

ACTS: dict[str, Act] = {
    "rotate": lambda office: keys.rotate(office, Passphrases(PASSPHRASE, PASSPHRASE)),
    "retire": lambda office: keys.retire(office, ["token-1", "status-1", "seal-1"], PASSPHRASE),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_copied_key_makes_nothing_valid_that_is_dated_after_its_retirement(
    office_of_one: Path, tmp_path: Path, act: str
) -> None:
    copied = Path(shutil.copytree(office_of_one / "keys", tmp_path / "copied"))
    at = datetime.now(UTC) + DAY
    retired = int(at.timestamp())
    assert forged(copied, retired + 601, trust_of(office_of_one)) is Outcome.VALID_STATUS_UNKNOWN
    with opened(office_of_one, at) as office:
        ACTS[act](office)
    trust = trust_of(office_of_one)
    assert forged(copied, retired + 600, trust) is Outcome.VALID_STATUS_UNKNOWN
    assert forged(copied, retired + 601, trust) is Outcome.KEY_NOT_VALID_AT_ISSUE
    assert [each.not_after for each in trust.keys[:2]] == [retired + 600] * 2
    assert trust.seals[0].not_after == retired + 600


def test_the_window_goes_on_to_the_newest_issue_that_the_ledger_holds(
    office_of_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine has its own copy, and a cecert that does not ask the ledger of keys."""
    monkeypatch.setattr(keys_back, "refuse_older_keys", lambda _: None)
    other = tmp_path / "other"
    other.mkdir()
    shutil.copytree(office_of_one / "keys", other / "keys")
    text = (office_of_one / "cecert.toml").read_text("utf-8")
    config = office_of_one / "other.toml"
    config.write_text(re.sub(r"\[keys\]\n(path = .*\n)?", f'[keys]\npath = "{other}/keys"\n', text))
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    with opened(office_of_one, long_ago) as office:
        keys.rotate(office, Passphrases(PASSPHRASE, PASSPHRASE))
    first = newest_issue(office_of_one)
    while time() < first + 1:  # an issue is of a second
        sleep(0.02)
    issue(office_of_one, "Late", config)
    late = newest_issue(office_of_one)
    before = trust_of(office_of_one)
    assert {before.keys[0].not_after, before.seals[0].not_after} != {late + 600}
    with opened(office_of_one, datetime.now(UTC)) as office:
        keys.sign(office, PASSPHRASE)
        documents = [office.archive.get(each.document) for each in office.ledger.walk()]
    trust = trust_of(office_of_one)
    assert trust.keys[0].not_after == late + 600
    assert {sealed_with(each) for each in documents} == {trust.seals[0].sha256}
    assert trust.seals[0].not_after == late + 600


def of_before(folder: Path) -> None:
    """Leave out when keys were retired, as cecerts of before did."""
    index = folder / "keys" / "keys.toml"
    text = re.sub(r"retired = .*\n", "", index.read_text("utf-8"))
    index.write_text(text.replace("format = 2", "format = 1"), "utf-8")


def test_keys_that_a_cecert_of_before_retired_end_with_their_newest_issue_or_their_successor(
    office_of_one: Path,
) -> None:
    issued, first = newest_issue(office_of_one), datetime.now(UTC) + DAY
    for number in range(2):
        with opened(office_of_one, first + number * DAY) as office:
            keys.rotate(office, Passphrases(PASSPHRASE, PASSPHRASE))
    of_before(office_of_one)
    with opened(office_of_one, first + 9 * DAY) as office:
        keys.sign(office, PASSPHRASE)
        keys.sign(office, PASSPHRASE)
    trust, second = trust_of(office_of_one), int((first + DAY).timestamp())
    ends = [each.not_after for each in trust.keys[:4]]
    assert ends == [issued + 600, int(first.timestamp()) + 600, second + 600, second + 600]
    assert [each.not_after for each in trust.seals[:2]] == [issued + 600, second + 600]
    windows = [each.not_after - each.not_before for each in trust.keys[4:]]
    windows.append(trust.seals[2].not_after - trust.seals[2].not_before)
    assert windows == [400 * 86_400] * 3


def test_while_the_ledger_cannot_be_read_a_key_is_retired_and_keeps_its_times(
    office_of_one: Path,
) -> None:
    before = trust_of(office_of_one)
    (office_of_one / "ledger.db").rename(office_of_one / "away.db")
    told: list[str] = []
    with opened(office_of_one, datetime.now(UTC) + DAY, told) as office:
        keys.retire(office, ["token-1"], PASSPHRASE)
    after = trust_of(office_of_one)
    assert after.keys[0].state.name == "RETIRED"
    assert after.keys[0].not_after == before.keys[0].not_after
    assert any("keys that are retired keep their times" in each for each in told)
    (office_of_one / "away.db").rename(office_of_one / "ledger.db")
    with opened(office_of_one, datetime.now(UTC) + 2 * DAY) as office:
        keys.sign(office, PASSPHRASE)
    assert trust_of(office_of_one).keys[0].not_after < before.keys[0].not_after


# What would unmake certificates


def without(folder: Path, name: str) -> None:
    """Take a key off the list, as an older backup of `keys.toml` would."""
    index = folder / "keys" / "keys.toml"
    head, *blocks = index.read_text("utf-8").split("\n[[key]]\n")
    left = [each for each in blocks if f'name = "{name}"' not in each]
    assert len(left) == len(blocks) - 1
    index.write_text("\n[[key]]\n".join([head, *left]), "utf-8")


def sooner(folder: Path, name: str) -> None:
    """Let a key have ended before it issued anything, by hand."""
    index = folder / "keys" / "keys.toml"
    head, *blocks = index.read_text("utf-8").split("\n[[key]]\n")
    changed = [
        re.sub(r"from = .*\nuntil = .*\n", "from = 2020-01-01T00:00:00Z\nuntil = "
               "2020-02-01T00:00:00Z\n", each) if f'name = "{name}"' in each else each
        for each in blocks
    ]  # fmt: skip
    index.write_text("\n[[key]]\n".join([head, *changed]), "utf-8")


@pytest.mark.parametrize("change", [without, sooner])
@pytest.mark.parametrize(
    ("name", "why"), [("token-2", "does not sign"), ("seal-2", "its seal does not count")]
)
@pytest.mark.parametrize("act", ["sign", *ACTS])
def test_a_key_that_certificates_rest_on_cannot_be_lost(
    office_of_one: Path, change: Callable[[Path, str], None], name: str, why: str, act: str
) -> None:
    with opened(office_of_one, datetime.now(UTC) - timedelta(hours=1)) as office:
        keys.rotate(office, Passphrases(PASSPHRASE, PASSPHRASE))
    issue(office_of_one, "Eve")
    change(office_of_one, name)
    before = {each: each.read_bytes() for each in (office_of_one / "keys").iterdir()}
    acts: dict[str, Act] = {**ACTS, "sign": lambda office: keys.sign(office, PASSPHRASE)}
    with (
        opened(office_of_one, datetime.now(UTC)) as office,
        pytest.raises(ConfigurationError, match="1 keys and seals of certificates") as refused,
    ):
        acts[act](office)
    (fault,) = refused.value.faults
    assert (fault.value, why in fault.problem) == ("Eve", True)
    assert "restore" in refused.value.hint
    assert {each: each.read_bytes() for each in (office_of_one / "keys").iterdir()} == before


def test_a_folder_of_keys_that_lost_one_is_not_succeeded(office_of_one: Path) -> None:
    without(office_of_one, "token-1")
    (office_of_one / "keys").rename(office_of_one / "lost")
    with (
        opened(office_of_one, datetime.now(UTC)) as office,
        pytest.raises(ConfigurationError, match="1 keys and seals of certificates"),
    ):
        keys.succeed(office, office_of_one / "lost", Passphrases(PASSPHRASE, PASSPHRASE))
    assert not (office_of_one / "keys").exists()
