"""`keys badge`, `export badge`, `show --linkedin`: what is made, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cecert.adapters.keys import read_key_facts
from cecert.domain.badge.status import withdrawn_slots

Cecert = Callable[..., tuple[int, str, str]]
ROSA = ("export", "badge", "Rosa", "--credential", "ny-social-work")
WHY = ("--reason-class", "issued-in-error", "--reason", "A mistake.")
DID = "did:web:verify.example.edu"


def test_the_key_for_badges_is_an_act_of_keys(issued_office: Path, cecert: Cecert) -> None:
    keys = issued_office / "keys"
    before = {each.name: each.read_bytes() for each in keys.iterdir()}
    status, _, err = cecert(*ROSA)
    assert (status, "has no active badge key" in err) == (2, True)
    assert "hint: cecert keys badge makes one" in err
    assert cecert("publish", "site")[0] == 0
    assert not Path("site/.well-known").exists()
    # Nothing is made with another passphrase than that of the other keys.
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CECERT_KEY_PASSPHRASE", "mistyped passphrase")
        assert cecert("keys", "badge")[0] == 2
    assert {each.name: each.read_bytes() for each in keys.iterdir()} == before

    status, out, _ = cecert("keys", "badge", "--json")
    assert (status, json.loads(out)) == (0, {"made": ["badge-1"]})
    assert (keys / "badge-1.pem").read_bytes().startswith(b"-----BEGIN ENCRYPTED")
    assert (keys / "badge-1.pem").stat().st_mode & 0o077 == 0
    assert "format = 3" in (keys / "keys.toml").read_text()
    assert (keys / "trust.cose").read_bytes() == before["trust.cose"]
    assert "key-made\tbadge-1\tMary" in cecert("keys", "events")[1]
    status, _, err = cecert("keys", "badge")
    assert (status, "there is a key for badges; nothing was changed" in err) == (2, True)

    # It is rotated with the others, retired, carried over, and withdrawn as they are.
    assert "badge-2" in cecert("keys", "rotate")[1].split()
    states = {each.name: each.state.value for each in read_key_facts(keys)}
    assert (states["badge-1"], states["badge-2"]) == ("retired", "active")
    status, out, err = cecert("keys", "compromise", "badge-2", "--reason", "a lost laptop")
    assert (status, out.split()) == (0, ["badge-3"])
    assert "badges that it signed verify no more once the site is published" in err
    assert cecert("keys", "retire", "badge-3")[0] == 0
    status, _, err = cecert("publish", "site")
    assert (status, "no key for badges is in use: what says which badges were" in err) == (0, True)
    document = json.loads(Path("site/.well-known/did.json").read_text())
    assert document["assertionMethod"] == [f"{DID}#badge-1", f"{DID}#badge-3"]
    assert not list(Path("site/status").glob("*.json"))
    assert "badge-4" in cecert("keys", "badge")[1]
    keys.rename("old")
    assert cecert("keys", "init", "--after", "old")[0] == 0
    carried = {each.name: each.state.value for each in read_key_facts(keys)}
    assert (carried["badge-2"], carried["badge-4"]) == ("compromised", "retired")


def test_a_badge_is_of_one_credit_that_stands_and_each_export_is_an_event(
    issued_office: Path, cecert: Cecert
) -> None:
    assert cecert("keys", "badge")[0] == 0
    status, out, err = cecert(*ROSA)
    badge = json.loads(out)
    assert (status, badge["issuer"]["id"]) == (0, DID)
    assert "hint: it verifies once cecert publish has put this key on the site" in err
    assert "example.org" not in out
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == "Rosa Núñez de la Cruz"
    assert badge["credentialStatus"]["statusListCredential"].endswith(".badges.json")
    number = badge["evidence"][0]["name"].removeprefix("Certificate ")
    events = cecert("show", number)[1]
    assert f"exported by Mary: badge of ny-social-work, {DID}#badge-1" in events
    status, out, err = cecert(*ROSA, "--issuer", "key")
    assert "credentialStatus" not in out
    assert "warning: nobody who checks it learns of a revocation, nor whose key it is" in err

    status, _, err = cecert("export", "badge", "Rosa")
    assert (status, "has 2 credits, and a badge is of one" in err) == (2, True)
    assert "hint: name it with --credential: ny-social-work, ma-social-work" in err
    status, _, err = cecert("export", "badge", "Rosa", "--credential", "nbcc")
    assert (status, "has no credit of nbcc" in err) == (2, True)
    assert cecert("revoke", number, *WHY)[0] == 0
    status, _, err = cecert("export", "badge", number, "-o", "b.json")
    assert (status, "is revoked: no badge is made of it" in err) == (2, True)
    assert not (issued_office / "b.json").exists()


@pytest.mark.usefixtures("issued_office")
def test_the_site_says_which_badges_do_not_stand_and_is_left_alone_while_it_does(
    cecert: Cecert,
) -> None:
    assert cecert("keys", "badge")[0] == 0
    status, out, _ = cecert("publish", "site", "--json")
    files = json.loads(out)["files"]
    assert ".well-known/did.json" in files
    assert files[-3:] == ["index.html", "log/checkpoint", "log/head"]
    path = next(Path("site/status").glob("*.badges.json"))
    listed = json.loads(path.read_text())
    assert (status, withdrawn_slots(listed), listed["issuer"]) == (0, frozenset(), DID)
    assert json.loads(cecert("publish", "site", "--json")[1])["written"] == []
    badge = json.loads(cecert("export", "badge", "Margaret")[1])
    number = badge["evidence"][0]["name"].removeprefix("Certificate ")
    assert cecert("revoke", number, *WHY)[0] == 0
    replaced = json.loads(cecert("export", "badge", "Thomas")[1])
    assert cecert("correct", "Thomas", "--name", "Tom OBrien", "--reason", "His wish")[0] == 0
    assert cecert("publish", "site")[0] == 0
    slots = {int(each["credentialStatus"]["statusListIndex"]) for each in (badge, replaced)}
    assert withdrawn_slots(json.loads(path.read_text())) == slots
    # What somebody spoilt is made anew.
    for spoilt in ("{", "[]", '{"credentialSubject": {"encodedList": 3}}'):
        path.write_text(spoilt)
        written = json.loads(cecert("publish", "site", "--json")[1])["written"]
        assert [f"site/{each}" for each in written] == [str(path)]


def test_an_ended_key_for_badges_stops_badges_and_not_the_site(
    issued_office: Path, cecert: Cecert
) -> None:
    assert cecert("keys", "badge")[0] == 0
    index = issued_office / "keys" / "keys.toml"
    head, _, badge = index.read_text().partition('name = "badge-1"')
    now = f"{datetime.now(UTC):%Y-%m-%d}"
    first, last = "2020-01-01T00:00:00Z", "2021-02-03T00:00:00Z"
    lines = badge.splitlines(keepends=True)
    ended = [
        f"from = {first}\n" if each.startswith("from") else
        f"until = {last}\n" if each.startswith("until") else each
        for each in lines
    ]  # fmt: skip
    index.write_text(f'{head}name = "badge-1"{"".join(ended)}')
    status, _, err = cecert("export", "badge", "Margaret")
    assert (status, "the key badge-1 signs from 2020-01-01 to 2021-02-03 alone" in err) == (2, True)
    status, _, err = cecert("publish", "site")
    assert (status, "what says which badges were revoked is not renewed" in err) == (0, True), now
