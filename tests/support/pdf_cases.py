"""Certificates as files, asked of both verifiers: what `cecert verify` and the page answer."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from papers import papers

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.token.claims import Claims
from cecert.domain.trust.codec import open_trust_file
from cecert.domain.trust.status_list import StatusAnswer, newest_list, open_status_list
from cecert.domain.trust.trust_file import SealCert, Withdrawable
from cecert.workflows.verify.verify import Checked, verify

__all__ = [
    "PDF_VECTORS",
    "SCRIPTS",
    "Answer",
    "by_node",
    "expected",
    "pdf_of",
    "python_answer",
    "script",
]

ROOT = Path(__file__).parents[2]
PDF_VECTORS = ROOT / "tests" / "vectors" / "pdfs.json"
SCRIPTS = ("verifier.js", "qr.js", "pdf.js", "words.js", "document.js")

Answer = dict[str, Any]
"""Outcome, the verdict about the file, and of each certificate its outcome, page and checks."""


def script(*parts: str) -> str:
    """Return *parts* of the page's script; without any, all that judges a file."""
    folder = ROOT / "templates" / "verify"
    return "\n".join((folder / each).read_text("utf-8") for each in parts or SCRIPTS)


def pdf_of(document: Mapping[str, Any], case: Mapping[str, Any]) -> bytes:
    """Return the file of a case, put together from its pieces."""
    if "pdf" in case:
        return bytes(case["pdf"])
    bases = {name: b64decode(each) for name, each in document["bases"].items()}
    names, starts, lengths = (case["pieces"].split(" ")[each::3] for each in range(3))
    return b"".join(
        bases[name][int(start) : int(start) + int(length)]
        for name, start, length in zip(names, starts, lengths, strict=True)
    )


def python_answer(document: Mapping[str, Any], case: Mapping[str, Any]) -> Answer:
    """Return what `cecert verify` answers to a case."""
    return answer_of(verify(pdf_of(document, case), _verifier(document, case)))


def _verifier(document: Mapping[str, Any], case: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a Verifier
    data = bytes.fromhex(document["trusts"][case["trust"]])
    trust = open_trust_file(data, check_signature, bytes.fromhex(document["root"]))
    served = [] if case["status"] is None else [bytes.fromhex(document["lists"][case["status"]])]

    def status(claims: Claims) -> StatusAnswer:
        opening = _opening(trust)
        return newest_list(served, None, claims.status[0], opening, document["now"])[0]

    def reattested(key: Withdrawable) -> bytes:
        return bytes.fromhex(document["reattested"]) if isinstance(key, SealCert) else b""

    return replace(papers().verifier, trust=trust, status=status, reattested=reattested)


def _opening(trust: Any) -> Any:  # noqa: ANN401  # of a list
    return lambda data: open_status_list(data, trust=trust, check_signature=check_signature)


def answer_of(checked: Checked) -> Answer:
    """Return what was found as values of JSON."""
    assert checked.file is not None or not checked.answers
    return {
        "outcome": checked.outcome.value,
        "file": "NOT_CHECKED" if checked.file is None else checked.file.verdict.value,
        "answers": [
            {
                "outcome": each.outcome.value,
                "page": each.page,
                "checks": {check.question.value: check.code for check in each.checks},
            }
            for each in checked.answers or (checked,)
        ],
    }


ASKED = """
async ({ document, cases }) => {
  const v = cecertVerifier, answers = [], trusts = new Map();
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  for (const each of cases) {
    if (!trusts.has(each.trust)) {
      const data = v.fromHex(document.trusts[each.trust]);
      trusts.set(each.trust, await v.openTrust(data, document.root, document.now));
    }
    const trust = trusts.get(each.trust);
    const served = each.status === null ? [] : [v.fromHex(document.lists[each.status])];
    const lists = async () => ({ served, kept: null });
    const vouched = async () => v.fromHex(document.reattested);
    const one = (text) => v.verify(text, trust, document.now, lists, vouched);
    try {
      const found = await cecertDocument.verifyPdf(bytesOf(each.pdf), trust, one, vouched);
      const many = found.transcript && await v.verifyTranscript(
        found.transcript, bytesOf(each.pdf), found.text, trust, document.now, one, found.wordsOf);
      answers.push(many ? { file: many.file, listed: many.answers.map(({ outcome }) => outcome) }
        : !found.worst ? { outcome: "SCAN" } : {
        outcome: found.worst.outcome, file: found.verdict,
        answers: found.answers.map(({ outcome, page, checks }) => ({ outcome, page, checks })),
      });
    } catch (error) { answers.push({ outcome: `escaped: ${error.stack}` }); }
  }
  return answers;
}
"""


def expected(case: Mapping[str, Any]) -> Answer:
    """Return what the page is to answer: of a transcript it says less than the command."""
    answer: Answer = case["expect"]
    if not case["name"].startswith("a transcript"):
        return answer
    return {"file": answer["file"], "listed": [each["outcome"] for each in answer["answers"]]}


class Browsed(Protocol):
    """A page of a browser that has the script of the verifier."""

    def evaluate(self, expression: str, arg: Any) -> Any:  # noqa: ANN401  # JSON
        """Return what a function of the page answers to *arg*."""
        ...


def stated(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a document what a script needs besides the files."""
    return {name: document[name] for name in ("trusts", "root", "now", "lists", "reattested")}


_READ = "let text = ''; for await (const each of process.stdin) text += each;"


def _node() -> str:
    answer = f"JSON.stringify(await ({ASKED.strip()})(JSON.parse(text)))"
    return f"{script()}\n(async () => {{ {_READ} process.stdout.write({answer}); }})();"


def by_node(document: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Return what the page's script answers under Node to cases whose `pdf` is base64."""
    run = subprocess.run(
        ["node", "-e", _node()],
        input=json.dumps({"document": stated(document), "cases": list(cases)}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    answers: list[Answer] = json.loads(run.stdout)
    return answers
