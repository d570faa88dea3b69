"""The verifiers of today and of before, each asked for its answer to the same vectors."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.token.claims import Claims
from cecert.domain.token.verify import Verification, verify_token
from cecert.domain.trust.codec import open_trust_file, require_issued
from cecert.domain.trust.reattested_list import digests_offered
from cecert.domain.trust.status_list import StatusAnswer, newest_list, open_status_list
from cecert.domain.trust.trust_file import KeyState, TrustFile
from cecert.workflows.verify.log_source import log_teller

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "tokens.json"
LOG_VECTORS = ROOT / "tests" / "vectors" / "log.json"
VERIFIER = ROOT / "templates" / "verify" / "verifier.js"
OLD = ROOT / "tests" / "vectors" / "old"

Answer = tuple[str, list[str]]
"""Outcome and warnings."""


def opened(document: dict[str, Any], case: dict[str, Any]) -> TrustFile:
    """Open the trust file of a case as `cecert verify` does.

    Raises:
        KeysetInvalidError: If it cannot be used.
    """
    data, root = bytes.fromhex(document["trusts"][case["trust"]]), bytes.fromhex(document["root"])
    trust = open_trust_file(data, check_signature, root)
    require_issued(trust, case["now"])
    return trust


def verified(case: dict[str, Any], trust: TrustFile) -> Verification:
    """Verify the text of a case with its lists."""

    def status(claims: Claims) -> StatusAnswer:
        answer, _ = newest_list(
            map(bytes.fromhex, case["served"]),
            None if case["kept"] is None else bytes.fromhex(case["kept"]),
            claims.status[0],
            partial(open_status_list, trust=trust, check_signature=check_signature),
            case["now"],
        )
        return answer

    return verify_token(
        case["text"], trust, check_signature, case["now"], status,
        reattested=lambda _: _reattested(case, trust),
        logged=log_teller(
            trust, check_signature, LogFiles(case), StoppedClock(case["now"]), ask_hosts=True
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class LogFiles:
    """The files of the log of a case; most have none."""

    case: dict[str, Any]

    def files(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        del bases
        return [bytes.fromhex(self.case["log"][name])] if name in self.case.get("log", ()) else []

    def kept_head(self) -> bytes | None:
        kept = self.case.get("log_kept")
        return None if kept is None else bytes.fromhex(kept)

    def keep_head(self, data: bytes) -> None:
        del data

    def evidence(self) -> Sequence[bytes]:
        return ()

    def keep_evidence(self, data: bytes) -> None:
        del data


@dataclass(frozen=True)
class StoppedClock:
    """A clock that stands."""

    second: int

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.second, UTC)


def _reattested(case: dict[str, Any], trust: TrustFile) -> bytes:
    if case["reattested_list"] is None:
        return bytes.fromhex(case["reattested"])
    (key,) = (each for each in trust.keys if each.state is KeyState.COMPROMISED)
    return digests_offered([bytes.fromhex(case["reattested_list"])], key, trust, case["now"])


_RUN = """
async ({root, trusts, cases}) => {
  const v = cecertVerifier, answers = [], opened = new Map();
  const open = async (name, now) => {
    const key = `${name} ${now}`;
    if (!opened.has(key)) {
      const trust = await v.openTrust(v.fromHex(trusts[name]), root, now).catch((error) => error);
      opened.set(key, trust);
    }
    return opened.get(key);
  };
  for (const each of cases) {
    const trust = await open(each.trust, each.now);
    if (trust instanceof Error) { answers.push([trust.outcome || String(trust), []]); continue; }
    const lists = async () => ({
      served: each.served.map(v.fromHex), kept: each.kept === null ? null : v.fromHex(each.kept),
    });
    const vouched = async () => {
      if (each.reattested_list === null) return v.fromHex(each.reattested);
      try {
        return v.digestsIn(v.fromHex(each.reattested_list), each.now);
      } catch { return new Uint8Array(); }
    };
    const files = async (name) => (each.log && name in each.log ? [v.fromHex(each.log[name])] : []);
    const kept = each.log_kept ? v.fromHex(each.log_kept) : null;
    const log = (payload) => v.readLog(trust, payload, each.now, files, kept);
    const found = await v.verify(each.text, trust, each.now, lists, vouched, log)
      .catch((error) => ({outcome: `escaped: ${error}`, warnings: []}));
    answers.push([found.outcome, found.warnings]);
  }
  return answers;
}
"""


class Browsed(Protocol):
    """A page of a browser that has the script of the verifier."""

    def evaluate(self, expression: str, arg: Any) -> Any:  # noqa: ANN401  # JSON
        """Return what a function of the page answers to *arg*."""
        ...


def by_javascript(page: Browsed, document: dict[str, Any]) -> list[Answer]:
    """Return the answers of the script that *page* has."""
    return [(outcome, warnings) for outcome, warnings in page.evaluate(_RUN, document)]


def by_old_python(document: dict[str, Any]) -> Sequence[Answer]:
    """Return the answers of the modules under `tests/vectors/old`, which are called cecert too."""
    run = subprocess.run(
        [sys.executable, "-I", "-c", _ASK, str(OLD / "python")],
        input=json.dumps(document), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return [(outcome, warnings) for outcome, warnings in json.loads(run.stdout)]


# Isolated, Python finds the installed cecert first, so the old one goes before it.
_ASK = "import sys, runpy; sys.path.insert(0, sys.argv[1]); runpy.run_module('answer')"
