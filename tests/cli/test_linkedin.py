"""`show --linkedin` and `[mail] linkedin`: the link, and the warning of what it carries."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cecert.office import Office
from cecert.workflows.find import found_one

Cecert = Callable[..., tuple[int, str, str]]
WHY = ("--reason-class", "issued-in-error", "--reason", "A mistake.")


def test_a_link_for_linkedin_says_what_it_carries(issued_office: Path, cecert: Cecert) -> None:
    status, out, err = cecert("show", "Margaret", "--linkedin")
    assert status == 0
    assert "warning: whoever follows the link tells LinkedIn what is in it: the holder's" in err
    parts = urlsplit(out.strip())
    told = {name: value for name, (value,) in parse_qs(parts.query).items()}
    with Office.open(issued_office / "cecert.toml") as office:
        entry = found_one("Margaret", office.ledger)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == (
        "https", "www.linkedin.com", "/profile/add", "",
    )  # fmt: skip
    assert told == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Mentalization Based Treatment (6 contact hours)",
        "organizationName": "Smith College School for Social Work",
        "issueYear": "2020",
        "issueMonth": "10",
        "certUrl": entry.certificate.token_url,
        "certId": str(entry.certificate.id),
    }
    link = out.strip()
    # In mails only if the office wants it, with the same words of warning.
    assert "linkedin" not in _mails(cecert, "without")
    config = issued_office / "cecert.toml"
    text = config.read_text("utf-8")
    assert "[mail]\n" in text
    config.write_text(text.replace("[mail]\n", "[mail]\nlinkedin = true\n"), "utf-8")
    mails = _mails(cecert, "with")
    assert link in mails
    assert link.replace("&", "&amp;") in mails
    assert mails.count("It tells LinkedIn what the certificate says: your name") == 10
    assert cecert("revoke", told["certId"], *WHY)[0] == 0
    status, out, err = cecert("show", told["certId"], "--linkedin")
    assert (status, out, "is revoked: it belongs in no profile" in err) == (2, "", True)


def _mails(cecert: Cecert, folder: str) -> str:
    """Return the words of the mails that would be sent, text and HTML."""
    assert cecert("deliver", "--dry-run", folder)[0] == 0
    files = sorted(Path(folder).glob("*.eml"))
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    parts = [part for each in mails for part in each.walk()]
    words = [each.get_content() for each in parts if each.get_content_maintype() == "text"]
    return "\n".join(" ".join(each.split()) for each in words)
