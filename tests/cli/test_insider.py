"""An insider with a database shell: the script of the issue and nine variants, found by `audit`.

The office has published, so what is rewritten is held against itself, the log in the ledger,
the checkpoint that was kept, and the site.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.cli.test_log import WHY, by_hand

from cecert.adapters.site import SiteFolder
from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.office import Office
from cecert.office.log.log import log_keys
from cecert.workflows.audit.published_log import site_log_faults

Run = Callable[..., tuple[int, str, str]]
Rewriting = Callable[[sqlite3.Connection], None]

pytestmark = pytest.mark.usefixtures("issued_office")

REVOKED = "(SELECT certificate_id FROM event WHERE kind = 'revoked')"
THIRD = "(SELECT id FROM certificate WHERE number = 3)"


def statements(*each: str) -> Rewriting:
    def run(shell: sqlite3.Connection) -> None:
        for one in each:
            shell.execute(one)

    return run


def as_the_script_does(shell: sqlite3.Connection) -> None:
    """Take the revocation back, delete another with its file, say who issued what and when."""
    file = shell.execute("SELECT document FROM certificate WHERE number = 3").fetchone()[0]
    for each in (
        f"UPDATE certificate SET state = 'standing' WHERE id = {REVOKED}",
        f"UPDATE credit_line SET standing = 1 WHERE certificate_id = {REVOKED}",
        "DELETE FROM event WHERE kind = 'revoked'",
        "UPDATE event SET actor = 'somebody.else', at = 1604307600000000 WHERE kind = 'issued'",
        *(f"DELETE FROM {table} WHERE certificate_id = {THIRD}" for table in OF_CERTIFICATE),
        "DELETE FROM certificate WHERE number = 3",
    ):
        shell.execute(each)
    (Path("certificates") / file).unlink()


OF_CERTIFICATE = ("event", "outbox", "credit_line", "folded_form")


def deleted_with_its_leaf(shell: sqlite3.Connection) -> None:
    """Delete the newest certificate, its leaf too, and close the numbers up."""
    last = shell.execute("SELECT max(number), id, document FROM certificate").fetchone()
    shell.execute("DELETE FROM log_leaf WHERE certificate_id = ?", last[1:2])
    for table in OF_CERTIFICATE:
        shell.execute(f"DELETE FROM {table} WHERE certificate_id = ?", last[1:2])
    shell.execute("DELETE FROM certificate WHERE id = ?", last[1:2])
    later = "SELECT position FROM log_leaf WHERE position > 4 ORDER BY position"
    for (position,) in shell.execute(later).fetchall():
        shell.execute(
            "UPDATE log_leaf SET position = ? WHERE position = ?", (position - 1, position)
        )
    (Path("certificates") / last[2]).unlink()


def added_with_a_leaf(shell: sqlite3.Connection) -> None:
    """Add a leaf of a certificate that was never issued, behind the others."""
    leaf = Leaf(LeafKind.ISSUED, 1_604_307_600, LeafKind.ISSUED.subject(b"nobody")).encoded
    shell.execute(
        "INSERT INTO log_leaf (provider_id, position, instant, leaf)"
        " SELECT provider_id, max(position) + 1, 1604307600, ? FROM log_leaf",
        (leaf,),
    )


def with_another_leaf(shell: sqlite3.Connection) -> None:
    """Say in a leaf that its certificate was issued a day before, as its instant says then."""
    position, data = shell.execute(
        "SELECT position, leaf FROM log_leaf WHERE certificate_id IS NOT NULL"
    ).fetchone()
    leaf = Leaf.of(data)
    assert leaf is not None
    before = Leaf(leaf.kind, leaf.instant - 86_400, leaf.subject, leaf.file, leaf.event)
    shell.execute(
        "UPDATE log_leaf SET instant = ?, leaf = ? WHERE position = ?",
        (before.instant, before.encoded, position),
    )


def swapped(shell: sqlite3.Connection) -> None:
    """Let two leaves of certificates change places."""
    for old, new in ((2, 1000), (3, 2), (1000, 3)):
        shell.execute("UPDATE log_leaf SET position = ? WHERE position = ?", (new, old))


def with_another_file(shell: sqlite3.Connection) -> None:
    """Put another certificate's file in the place of one, and its digest into the record."""
    rows = shell.execute("SELECT id, document FROM certificate ORDER BY number").fetchall()
    (own, path), (_, other) = rows[2:4]
    content = (Path("certificates") / other).read_bytes()
    digest, folder = sha256(content).hexdigest(), Path("certificates")
    named = f"{path.rpartition('-')[0]}-{digest[:16]}.pdf"
    (folder / path).unlink()
    (folder / named).write_bytes(content)
    shell.execute(
        "UPDATE certificate SET sha256 = ?, document = ? WHERE id = ?", (digest, named, own)
    )
    shell.execute("UPDATE outbox SET sha256 = ? WHERE certificate_id = ?", (digest, own))


VARIANTS: dict[str, tuple[Rewriting, tuple[str, ...]]] = {
    "the script": (as_the_script_does, ("event", "ledger", "site")),
    "changed": (statements("UPDATE event SET actor = 'x' WHERE kind = 'revoked'"), ("ledger",)),
    "deleted": (deleted_with_its_leaf, ("ledger", "log")),
    "added": (added_with_a_leaf, ("ledger",)),
    "back-dated": (
        statements("UPDATE event SET at = at - 86400000000 WHERE kind = 'revoked'"),
        ("ledger",),
    ),
    "back-dated, with its leaf": (with_another_leaf, ("ledger", "log")),
    "re-ordered": (swapped, ("log",)),
    "re-linked": (
        statements(f"UPDATE event SET certificate_id = {THIRD} WHERE kind = 'revoked'"),
        ("ledger", "event"),
    ),
    "re-linked, with its leaf": (
        statements(
            f"UPDATE event SET certificate_id = {THIRD} WHERE kind = 'revoked'",
            f"UPDATE log_leaf SET certificate_id = {THIRD} WHERE event_number ="
            " (SELECT number FROM event WHERE kind = 'revoked')",
            f"UPDATE certificate SET state = 'standing' WHERE id = {REVOKED}",
        ),
        ("ledger",),
    ),
    "gaps": (statements("DELETE FROM log_leaf WHERE position = 3"), ("ledger", "log")),
    "a file": (with_another_file, ("ledger", "token")),
}


def test_each_thing_that_an_insider_does_is_found_by_an_audit(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    before = {each.name: each.read_bytes() for each in Path("site/status").iterdir()}
    with by_hand() as shell:
        (own,) = shell.execute("SELECT id FROM certificate WHERE number = 1").fetchone()
    assert cecert("revoke", own, *WHY)[0] == 0
    assert cecert("publish", "site")[0] == 0
    assert cecert("audit")[:2] == (0, "")
    shutil.copy("ledger.db", "kept.db")
    shutil.copytree("certificates", "kept")
    missed = {}
    for name, (rewrite, kinds) in VARIANTS.items():
        with by_hand() as shell:
            rewrite(shell)
        status, out, _ = cecert("audit")
        found = {line.partition(":")[0] for line in out.splitlines()}
        if status != 1 or not found.issuperset(kinds):
            missed[name] = out
        for each in Path().glob("ledger.db*"):
            each.unlink()
        shutil.copy("kept.db", "ledger.db")
        shutil.rmtree("certificates")
        shutil.copytree("kept", "certificates")
    assert missed == {}
    # Guards that are missing, alone.
    shell = sqlite3.connect("ledger.db")
    shell.execute("DROP TRIGGER event_is_frozen")
    shell.close()
    status, out, _ = cecert("audit")
    assert (status, "event_is_frozen" in out) == (1, True)
    shutil.copy("kept.db", "ledger.db")
    # A list of the site from before the revocation, truly signed.
    for listed, data in before.items():
        (Path("site/status") / listed).write_bytes(data)
    status, out, _ = cecert("audit")
    assert (status, out.startswith("site: ")) == (1, True), out
    assert own[:4] in out


MISSING = "it is not on the site"


def test_a_log_that_is_not_as_it_was_published_is_found_on_the_site(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    log = Path("site/log")
    old = {name: (log / name).read_bytes() for name in ("checkpoint", "head")}
    (left,) = log.glob("index/*.ix")
    with by_hand() as shell:
        (own,) = shell.execute("SELECT id FROM certificate WHERE number = 1").fetchone()
    assert cecert("revoke", own, *WHY)[0] == 0
    assert cecert("publish", "site")[0] == 0
    (bucket,) = set(log.glob("index/*.ix")) - {left}
    before = "it says that 7 leaves were published, and 9 were"
    ours = "it is none of this office's log verify.example.edu/log"
    changed = "it is another than this ledger makes"
    wanted = "it is another than the head of the log commits to"
    changes: tuple[tuple[Path, bytes | None, str], ...] = (
        (log / "checkpoint", None, MISSING),
        (log / "checkpoint", b"x", ours),
        (log / "checkpoint", old["checkpoint"], before),
        (log / "head", None, MISSING),
        (log / "head", b"x", ours),
        (log / "head", old["head"], before),
        (bucket, None, MISSING),
        (bucket, b"x", wanted),
        (log / "tile/0/000.p/9", None, MISSING),
        (log / "tile/0/000.p/9", b"x", changed),
        (log / "tile/entries/000.p/9", b"x", changed),
    )
    with Office.open("cecert.toml") as office:
        keys = log_keys(office)
        assert keys is not None

        def found() -> list[tuple[str, str]]:
            faults = site_log_faults(SiteFolder(Path("site")), office.log, keys, 9)
            return [(each.place, each.sentence) for each in faults]

        for path, content, why in changes:
            kept = path.read_bytes()
            path.unlink() if content is None else path.write_bytes(content)
            assert found() == [(str(path.relative_to("site")), why)]
            path.write_bytes(kept)
        assert found() == []
    bucket.write_bytes(b"x")
    status, out, _ = cecert("audit")
    assert (status, out) == (1, f"site: log/index/{bucket.name}: {wanted}\n")
