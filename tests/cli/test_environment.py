"""Secrets in the environment: read by the command, and by nothing that it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cecert.adapters.document_reader.confinement import held
from cecert.adapters.keys.hardware import PIN
from cecert.cli import main
from cecert.cli._environment import SECRETS, environment, secrets_taken
from cecert.office.holders.keys import (
    KEY_PASSPHRASE,
    ROOT_PASSPHRASE,
    SEAL_PASSPHRASE,
    TIMESTAMP_PASSWORD,
)
from cecert.office.holders.settings import LEDGER_URL, ZOOM_SECRET
from cecert.office.hooks import HOOKS_SECRET
from cecert.office.mail.mail import SMTP_PASSWORD


def test_every_variable_that_holds_a_secret_is_known() -> None:
    assert set(SECRETS) == {
        KEY_PASSPHRASE, ROOT_PASSPHRASE, SEAL_PASSPHRASE, SMTP_PASSWORD, LEDGER_URL,
        ZOOM_SECRET, HOOKS_SECRET, PIN, TIMESTAMP_PASSWORD,
    }  # fmt: skip


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_for_the_command_alone_while_it_runs(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("CECERT_ACTOR", "Mary")
    for _ in range(2):
        with secrets_taken():
            assert name not in os.environ
            assert environment()[name] == "secret"
            assert environment()["CECERT_ACTOR"] == os.environ["CECERT_ACTOR"] == "Mary"
            assert held().hidden is (sys.platform == "linux")
        assert os.environ[name] == "secret"


def test_the_environment_comes_back_when_a_command_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_PASSPHRASE, "secret")
    assert main(["issue", "nowhere.toml", "nowhere.csv", "--config", "nowhere"]) == 2
    assert os.environ[KEY_PASSPHRASE] == "secret"


# Notes what is in the environment whenever a file of the office is opened.
WATCHED = """
import os, sys
seen = []
def hear(event, words):
    if event == "open" and str(words[0]).endswith(".toml"):
        seen.append([each for each in os.environ if each.startswith("CECERT_")])
sys.addaudithook(hear)
from cecert.adapters.keys.hardware import PIN
from cecert.cli import main
status = main(sys.argv[1:])
print(status, len(seen) > 0, sorted({each for names in seen for each in names}))
"""


def test_commands_that_need_the_passphrase_have_it_and_their_process_has_not(
    issued_office: Path,
) -> None:
    for words in (["keys", "list"], ["keys", "sign"], ["publish", "site"], ["keys", "rotate"]):
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, *words], cwd=issued_office, capture_output=True,
            text=True, check=True, env={**os.environ, "XDG_CONFIG_HOME": str(issued_office)},
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == "0 True ['CECERT_ACTOR']", done.stderr
