"""What is wrong with an office after two commands: nothing should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from matrix_office import ASKED, MatrixOffice, Said

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.domain.token.outcome import Outcome
from cecert.domain.trust.codec import open_trust_file
from cecert.office.papers.records import audit_desk
from cecert.office.verify.verify import open_verifier
from cecert.ports import Entry
from cecert.workflows.audit.audit import AuditKind
from cecert.workflows.audit.audit import audit as run_audit
from cecert.workflows.verify.verify import verify

__all__ = [
    "audited",
    "finish",
    "judged",
    "judged_audit",
    "judged_decisions",
    "judged_site",
    "renew_keys",
]


def judged_audit(said: Said, name: str, other: str) -> Iterator[str]:
    """Yield what an audit said that ran meanwhile, and that passes."""
    if name != "audit":
        return
    if said.status not in {0, 1} and other != "succeed":  # whose keys are moved away
        yield f"the audit meanwhile was refused: {said.words}"
    for line in said.words.splitlines():
        kind = line.partition(":")[0]
        # A site may be behind, and a file lies in the archive before it is entered.
        if kind in {it.value for it in AuditKind} - {"site", "orphan"}:
            yield f"the audit meanwhile: {line}"


def judged_decisions(office: MatrixOffice, pair: list[str]) -> Iterator[str]:
    path = office.folder / "overrides.toml"
    found = path.read_text("utf-8").count("[[override]]") if path.exists() else 0
    decided = pair.count("override") + pair.count("decide")
    if found != decided:
        yield f"overrides: {found} are in the file, {decided} were decided"
    evidence = json.loads((office.folder / "completions.evidence.json").read_bytes())
    listed = (office.folder / "completions.csv").read_bytes()
    if sha256(listed).hexdigest() != evidence["completions"]["sha256"]:
        yield "the list and its evidence are of two runs"


def audited(office: MatrixOffice, first: Said, second: Said) -> Iterator[str]:
    """Yield what an audit says that neither the two mean nor one of them has told."""
    told = "did not come to its end" in first.words + second.words
    with office.opened() as opened:
        for each in run_audit(audit_desk(opened)).findings:
            if each.kind is AuditKind.SITE:  # not yet published
                continue
            if not (told and each.kind is AuditKind.KEY):
                yield f"audit: {each.kind.value}: {each.place}: {each.sentence}"


def finish(office: MatrixOffice, first: str, second: str) -> Iterator[str]:
    """Run both again, and what a person runs until nothing is left to do; yield refusals."""
    for name in dict.fromkeys((first, second)):
        if name not in _NOT_AGAIN:
            office.run(name)
    renew_keys(office)
    for name in ("resolve", "retry"):
        office.run(name)
    decided = ("collect",) if {"override", "decide"} & {first, second} else ()
    for name in (*decided, "issue", "deliver", "publish"):
        said = office.run(name)
        if said.status:
            yield f"finally, {name} exits with {said.status}: {said.words}"


def renew_keys(office: MatrixOffice) -> None:
    """Rotate the keys if one of a kind is missing, as `cecert status` says then."""
    with office.opened() as opened:
        if any("no active" in each for each in opened.key_warnings()):
            office.run("rotate")


_NOT_AGAIN = frozenset({"audit", "issue", "deliver", "publish", "succeed"})
"""Changes nothing, or is run afterwards anyway."""


def judged(office: MatrixOffice, pair: set[str]) -> Iterator[str]:
    """Yield what is not as the list, the ledger and the two commands mean it."""
    with office.opened() as opened:
        entries = list(opened.ledger.entries())
        rows = list(opened.outbox.rows())
        lying = sorted(opened.archive.names())
        trust_file = opened.trust_path.read_bytes()
    if lying != sorted(each.document for each in entries):
        yield f"archive: {lying}"
    yield from _judged_people(entries, pair)
    yield from _judged_mails(office, entries, rows, pair)
    yield from judged_site(office, entries, trust_file)


def _judged_people(entries: list[Entry], pair: set[str]) -> Iterator[str]:
    standing = [e.email for e in entries if e.state is CertificateState.STANDING]
    expected = {"a@example.org", "d@example.org"}
    if "revoke" not in pair:
        expected |= {"b@example.org", "c@example.org"}
    elif "correct" in pair:  # whichever came first
        expected |= {"c@example.org"} & set(standing)
    if {"override", "decide"} & pair:
        expected.add(ASKED)
    if sorted(standing) != sorted(expected):
        yield f"people: {sorted(standing)} hold one, not {sorted(expected)}"


def _judged_mails(
    office: MatrixOffice, entries: list[Entry], rows: list[OutboxRow], pair: set[str]
) -> Iterator[str]:
    taken = office.taken_ids()
    if strange := taken.keys() - {each.message_id for each in rows}:
        yield f"mails: {strange} were sent and nobody was promised them"
    standing = {e.certificate.id for e in entries if e.state is CertificateState.STANDING}
    told = set()
    for row in rows:
        count = taken[row.message_id]
        if "bounces" in pair and row.key == f"{office.before['a@example.org']}:issue":
            told.add(row.certificate_id)
            if row.state is MailState.BOUNCED and not count:
                continue
        if row.state in _NEVER_SENT and row.certificate_id not in standing and not count:
            continue  # its certificate ended before a person sent it again
        is_old = row.key in {f"{office.before[each]}:issue" for each in _MAILED}
        expected = int(row.state is MailState.SENT and not is_old)
        if row.state not in {MailState.SENT, MailState.CANCELLED} or count != expected:
            yield f"mails: {row.key} is {row.state.value} and was taken {count} times"
        if row.state is MailState.SENT:
            told.add(row.certificate_id)
    if silent := standing - told:
        yield f"mails: nobody mailed {sorted(map(str, silent))}"


_NEVER_SENT = {MailState.FAILED, MailState.UNCERTAIN}

_MAILED = ("a@example.org", "b@example.org", "z@example.org")


def judged_site(office: MatrixOffice, entries: list[Entry], trust_file: bytes) -> Iterator[str]:
    site = office.folder / "site"
    (trust,) = (site / "trust").iterdir()
    if trust.read_bytes() != trust_file:
        yield "site: another trust file than the office's"
    lists = [str(each) for each in (site / "status").iterdir()]
    root = open_trust_file(trust_file, check_signature).root.thumbprint.hex()
    verifier = open_verifier(trust, root=root, status=lists, offline=True)
    for entry in entries:
        found = verify((office.folder / "certificates" / entry.document).read_bytes(), verifier)
        if found.verification.outcome is not _OUTCOMES[entry.state]:
            yield (
                f"site: {entry.certificate.id} of {entry.email} is {entry.state.value}, and"
                f" {found.verification.outcome.value}: {found.verification.detail}"
            )


_OUTCOMES = {
    CertificateState.STANDING: Outcome.VALID,
    CertificateState.REVOKED: Outcome.REVOKED,
    CertificateState.SUPERSEDED: Outcome.SUPERSEDED,
}
