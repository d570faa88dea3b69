"""Changes are posted by a command, to the address that the office's file names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hook_server import SECRET, receiver, unsigned
from running import free_ports

from cecert.domain.mail.message import MailState
from cecert.office.keys.events import _KINDS
from cecert.ports.pages import CHANGE_KINDS

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def hooks(*lines: str) -> None:
    """Write `[hooks]` at the end of the office's file, in the place of one that is there."""
    path = Path("cecert.toml")
    before = path.read_text("utf-8").partition("\n[hooks]\n")[0]
    path.write_text("\n".join([before, "[hooks]", *lines, ""]), "utf-8")


def test_what_happened_is_posted_and_what_is_not_taken_exits_1(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cecert("hooks", "run")[0] == 2
    Path("hooks.secret").write_text(f"{SECRET}\n", "utf-8")
    Path("hooks.secret").chmod(0o600)
    with receiver() as server:
        hooks(f'url = "{server.url}"', 'secret_file = "hooks.secret"')
        status, _, err = cecert("hooks", "run")
        assert (status, "cecert hooks begin" in err) == (2, True)
        assert cecert("hooks", "begin", "--all")[0] == 0
        status, out, err = cecert("hooks", "run", "--json")
        document = json.loads(out)
        assert (status, document["posted"], document["why"]) == (0, len(server.taken), "")
        told = json.loads(cecert("changes", "--json")[1])
        assert [each["data"] for each in server.taken] == told["changes"]
        assert document["cursor"] == told["cursor"]
        assert {unsigned(*each) for each in server.asked} == {""}
        assert cecert("hooks", "run")[::2] == (0, "cecert: 0 changes posted\n")
    hooks(f'url = "http://localhost:{free_ports(1)[0]}/"', 'kinds = ["exported"]')
    monkeypatch.setenv("CECERT_HOOKS_SECRET", SECRET)
    assert cecert("export", "ledger")[0] == 0
    monkeypatch.setattr("time.sleep", lambda _: None)
    status, _, err = cecert("hooks", "run")
    assert status == 1
    assert "not taken in 1 run, the next change: it cannot be reached: Connection refused" in err
    assert "--now tries at once" in err
    status, _, err = cecert("hooks", "run")
    assert (status, "nothing was posted: tried again from" in err) == (1, True)
    assert cecert("hooks", "begin")[0] == 0
    assert cecert("hooks", "run")[::2] == (0, "cecert: 0 changes posted\n")


@pytest.mark.parametrize(
    ("lines", "secret", "why"),
    [
        (['url = "http://lms.example.edu/"'], SECRET, "is not an https address"),
        (['url = "http://127.0.0.1.example.edu/"'], SECRET, "is not an https address"),
        (['url = "ftp://lms.example.edu/"'], SECRET, "is not an https address"),
        (['url = "https://lms.example.edu/?key=1"'], SECRET, "no user, query or fragment"),
        (['url = "https://me:pass@lms.example.edu/"'], SECRET, "no user, query or fragment"),
        (['url = "https://[lms/"'], SECRET, "is no address"),
        (['url = "https://a.test/"', 'secret = "x"'], SECRET, "would put a secret into the file"),
        (['url = "https://a.test/"', 'secret_file = "none"'], SECRET, "is no file"),
        (['url = "https://a.test/"', 'kinds = ["revokd"]'], SECRET, "did you mean revoked?"),
        (['url = "https://a.test/"'], "", "there is no secret"),
        (['url = "https://a.test/"'], "whsec_c2hvcnQ=", "holds 5 bytes, not 24 to 64"),
        (["kinds = []"], SECRET, "hooks.url"),
    ],
)
def test_a_receiver_that_cannot_be_used_is_told_and_its_secret_is_not(
    cecert: Run, monkeypatch: pytest.MonkeyPatch, lines: list[str], secret: str, why: str
) -> None:
    hooks(*lines)
    monkeypatch.setenv("CECERT_HOOKS_SECRET", secret)
    status, out, err = cecert("hooks", "begin")
    assert (status, out) == (2, "")
    assert why in err
    assert not secret or secret not in err
    assert not Path("hooks.jsonl").exists()


def test_a_hook_may_ask_for_every_kind_of_change_that_there_is() -> None:
    states = {each.value for each in MailState} - {"sending", "committing"}
    assert states | _KINDS < CHANGE_KINDS
