"""Badges before other readers: openbadgeslib, verifier-core, and PyLD's reading of the contexts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import certificate_samples
import pytest
import trustme
from badge_referees import openbadgeslib_says, verifier_core_says
from hosting import WebHost
from openbadgeslib.ob3.contexts import document_loader
from pyld import jsonld
from running import running, server_tls

from cecert.cli import main
from cecert.domain.badge.credential import badge_of
from cecert.domain.badge.statements import canonical_statements
from cecert.domain.badge.status import status_credential, status_entry
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.course.credit_line import Category
from cecert.office import create_office

pytestmark = pytest.mark.system
Cecert = Callable[..., tuple[int, str, str]]
PASSPHRASE = "correct horse battery"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """Serve a folder as a school's site: its address, the folder, and who vouches for its TLS."""
    authority, folder = trustme.CA(), tmp_path / "site"
    folder.mkdir()
    host = WebHost(folder)
    host.socket = server_tls(authority).wrap_socket(host.socket, server_side=True)
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with running(host):
        yield f"https://localhost:{host.server_port}/", folder, trusted


@pytest.fixture
def office(tmp_path: Path, site: tuple[str, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an office of that site, with a key for badges and five certificates."""
    folder = tmp_path / "office"
    create_office(folder)
    config = folder / "cecert.toml"
    config.write_text(config.read_text("utf-8").replace("https://verify.example.edu/", site[0]))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    for command in ("keys init", "keys badge", "issue course.toml completions.csv"):
        assert main(command.split()) == 0


def altered(badge: dict[str, Any]) -> dict[str, Any]:
    """Return a badge of 8 hours in place of 6."""
    assert badge["credentialSubject"]["creditsEarned"] == 6
    return badge | {"credentialSubject": badge["credentialSubject"] | {"creditsEarned": 8}}


@pytest.mark.slow
@pytest.mark.usefixtures("office")
def test_other_readers_accept_badges_and_see_what_was_altered_revoked_or_withdrawn(
    site: tuple[str, Path, Path], cecert: Cecert
) -> None:
    _, folder, authority = site

    def export(whose: str, name: str, *options: str) -> dict[str, Any]:
        status, _, err = cecert("export", "badge", whose, "-o", name, *options)
        assert status == 0, err
        found: dict[str, Any] = json.loads(Path(name).read_text("utf-8"))
        return found

    margaret = export("Margaret", "margaret.json")
    offline = export("Margaret", "offline.json", "--issuer", "key")
    thomas = export("Thomas", "thomas.json")
    rosa = export("Rosa", "rosa.json", "--credential", "ma-social-work")
    number = margaret["evidence"][0]["name"].removeprefix("Certificate ")
    for badge, name in ((margaret, "altered.json"), (offline, "altered-offline.json")):
        Path(name).write_text(json.dumps(altered(badge)))
    assert cecert("publish", str(folder))[0] == 0

    def said(*names: str) -> list[tuple[object, ...]]:
        answers = verifier_core_says([Path(each) for each in names], authority)
        steps = ("valid_signature", "revocation_status", "errors")
        return [tuple(map(each.get, steps)) for each in answers]

    good: tuple[object, ...] = (True, True, [])
    refused = (None, None, ["invalid_signature"])
    names = ("margaret.json", "offline.json", "rosa.json", "altered.json", "altered-offline.json")
    assert said(*names) == [good, (True, None, []), good, refused, refused]
    for badge in (margaret, thomas, rosa):
        assert openbadgeslib_says(badge, authority, status=True) == ""
        assert "signature mismatch" in openbadgeslib_says(altered(badge), authority, status=False)
    assert openbadgeslib_says(offline, authority, status=False) == ""
    assert "signature mismatch" in openbadgeslib_says(altered(offline), authority, status=False)

    # One is revoked, and the keys are rotated: what the old one signed goes on to verify.
    why = ("--reason-class", "issued-in-error", "--reason", "A mistake.")
    assert cecert("revoke", number, *why)[0] == 0
    assert cecert("keys", "rotate")[0] == 0
    assert cecert("publish", str(folder))[0] == 0
    nguyen = export("Nguyễn", "nguyen.json")
    assert nguyen["proof"]["verificationMethod"].endswith("#badge-2")
    assert said("margaret.json", "rosa.json", "nguyen.json") == [(True, False, []), good, good]
    assert "'revocation' is set" in openbadgeslib_says(margaret, authority, status=True)
    assert openbadgeslib_says(rosa, authority, status=True) == ""

    # A stolen key is withdrawn: nothing that it signed verifies any more.
    assert cecert("keys", "compromise", "badge-1")[0] == 0
    assert cecert("publish", str(folder))[0] == 0
    assert "badge-1" in openbadgeslib_says(rosa, authority, status=False)
    assert openbadgeslib_says(nguyen, authority, status=True) == ""


def badges() -> Iterator[dict[str, Any]]:
    """Yield badges of every kind that differs in its statements."""
    for made in (
        certificate_samples.certificate(),
        certificate_samples.certificate(lines=0, licenses=()),
        certificate_samples.certificate('Zoë "Q" \\ Ødegård', "A title\u2019s \u201cwords\u201d"),
        split(certificate_samples.certificate()),
    ):
        for line in made.credit_lines:
            status = status_entry("https://verify.example.edu/", made.slot)
            yield badge_of(made, line, "ab" * 32, "did:web:verify.example.edu",
                           "https://verify.example.edu/", status)  # fmt: skip


def split(made: Certificate) -> Certificate:
    """Return it with hours of parts and fractions, completed on a day of one's own."""
    parts = (Category("ethics", Decimal("1.25")), Category("clinical", Decimal("0.5")))
    lines = [replace(each, hours=Decimal("2.75"), categories=parts) for each in made.credit_lines]
    course = replace(made.course, sessions=(), completed_on=date(2020, 11, 3))
    return replace(made, credit_lines=tuple(lines), course=course)


def test_what_is_signed_is_what_the_contexts_say() -> None:
    moment = certificate_samples.ISSUED
    address = "https://verify.example.edu/status/1.badges.json"
    lists = status_credential("did:web:a.example", address, {0, 94}, (moment, moment), 3600)
    documents = [*badges(), lists]
    assert len(documents) > 8
    loader = document_loader()
    for each in documents:
        theirs = jsonld.normalize(
            each,
            {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader},
        )
        assert canonical_statements(each).decode() == theirs
