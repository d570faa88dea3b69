"""`cecert.toml`: what it says, and everything that can be wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from office_folder import TEMPLATES, OfficeFolder

from cecert.adapters.office_files import new_office_files, read_office
from cecert.domain.certificate.certificate import Paper
from cecert.domain.mail.account import MailSecurity
from cecert.errors import ConfigurationError


def faults(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_office(folder / "cecert.toml")
    return [str(each) for each in caught.value.faults]


def test_a_new_office_can_be_read(new_office: OfficeFolder) -> None:
    office = read_office(new_office.folder / "cecert.toml")
    assert office.provider.id == "smith-ssw"
    assert [each.credential for each in office.approvals] == [
        "ny-social-work",
        "ma-social-work",
        "apa-psychology",
    ]
    assert office.approvals[0].valid_to == date(2022, 12, 31)
    assert office.approvals[0].checked_on is None
    assert Path(office.signatories[0].image).is_file()
    assert office.paper is Paper.LETTER


def test_relative_paths_are_relative_to_the_folder_of_the_file(
    new_office: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(new_office.folder.parent)
    office = read_office(Path("office/cecert.toml"))
    folder = new_office.folder
    assert office.archive == folder / "certificates"
    assert office.keys == folder / "keys"
    assert office.ledger_url == f"sqlite:///{folder}/ledger.db"


def test_what_init_writes_leaves_security_user_and_rate_out(new_office: OfficeFolder) -> None:
    mail = read_office(new_office.folder / "cecert.toml").mail
    assert mail is not None
    assert mail.security is MailSecurity.NONE  # a loopback host
    assert (mail.user, mail.rate_per_minute) == ("", None)
    assert (mail.sender_name, mail.sender) == (
        "Office of Professional Education",
        "ce@example.edu",
    )


def test_nobody_is_told_and_a_week_passes_unless_the_file_says_otherwise(
    new_office: OfficeFolder,
) -> None:
    usual = read_office(new_office.folder / "cecert.toml")
    assert (usual.tell_revoked, usual.remind_days) == (False, 7)
    new_office.rewrite("cecert.toml", ("[mail]", "[mail]\ntell_revoked = true\nremind_days = 14"))
    told = read_office(new_office.folder / "cecert.toml")
    assert (told.tell_revoked, told.remind_days) == (True, 14)


def test_a_mail_host_elsewhere_means_starttls(new_office: OfficeFolder) -> None:
    new_office.rewrite("cecert.toml", ('host = "localhost"\nport = 2525', 'host = "mail.test"'))
    mail = read_office(new_office.folder / "cecert.toml").mail
    assert mail is not None
    assert (mail.security, mail.port) == (MailSecurity.STARTTLS, 587)


def test_an_office_without_a_mail_account_can_be_read(new_office: OfficeFolder) -> None:
    text = (new_office.folder / "cecert.toml").read_text("utf-8")
    start, end = text.index("[mail]"), text.index("[certificate]")
    (new_office.folder / "cecert.toml").write_text(text[:start] + text[end:], "utf-8")
    assert read_office(new_office.folder / "cecert.toml").mail is None


def test_a_byte_order_mark_of_an_editor_does_no_harm(new_office: OfficeFolder) -> None:
    path = new_office.folder / "cecert.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_office(path).provider.id == "smith-ssw"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[mail]", '[mail]\ntell_revoked = "yes"'), "mail.tell_revoked: 'yes' is not true or"),
        (("[mail]", "[mail]\nremind_days = 0"), "mail.remind_days: '0' is not a whole number"),
        (("phone =", "phoen ="), "provider.phoen: is no known key; did you mean phone?"),
        (("[ledger]", "[leger]"), "leger: is no known key; did you mean ledger?"),
        (('= "ny-social-work"   # a', "= 7   # a"), "approval[1].statement: '7' is not text"),
        (('= "ny-social-work"   # a', '= "a\\u202eb c"   # a'), "holds U+202E"),
        (('= "ny-social-work"   # a', f'= "{"x " * 2501}"   # a'), "has 5001 characters, at most"),
        (('"Manager of Professional Education"', f'"{"x" * 201}"'), "has 201 characters, at most"),
        (('"#0169"', '"#0169"\nzzz = 1'), "approval[1].zzz: is no known key; known are credential"),
        (('id = "smith-ssw"', ""), "provider.id: is missing"),
        (('id = "smith-ssw"', 'id = "smith ssw"'), "provider.id: 'smith ssw' is not 1 to 64"),
        (('id = "smith-ssw"', 'id = ""'), "provider.id: is blank"),
        (('id = "smith-ssw"', "id = 7"), "provider.id: '7' is not text in quotes"),
        (('phone = "413.585.7970"', "phone = 413"), "provider.phone: '413' is not text"),
        (('phone = "413.585.7970"', 'phone = "4\\t1"'), "provider.phone: '4\\t1' holds U+0009"),
        (('"ce@example.edu"   #', '"ce@"   #'), "provider.email: 'ce@' has no mail host"),
        (('"America/New_York"', '"Eastern"'), "provider.timezone: 'Eastern' is not a time zone"),
        (('"America/New_York"', '"../etc/passwd"'), "is not a time zone"),
        (("= 2022-12-31   #", "= 2019-12-31   #"), "approval[1]: approval for ny-social-work ends"),
        (('checked_on = ""\nstatus', 'checked_on = "soon"\nstatus'), "checked_on: 'soon' is not"),
        (("01-01\nvalid_to = 2022-12-31   #", "01\nvalid_to = 2022-12-31   #"), "is not TOML"),
        (("01-01\nvalid_to = 2022-12-31   #", "01-01T00:00:00\n#"), "valid_from: "),
        (("01-01\nvalid_to = 2022-12-31   #", "01-01\nvalid_to = 9999-12-31   #"), "valid_to: "),
        (('status = "approved"', 'status = "aproved"'), "did you mean approved?"),
        (("status_days = 35", "status_days = 46"), "is not a whole number from 7 to 45"),
        (("status_days = 35", "status_days = true"), "is not a whole number from 7 to 45"),
        (("mirrors = []", 'mirrors = ["ftp://x.test/"]'), "verify.mirrors[1]: 'ftp://x.test/'"),
        (("mirrors = []", "mirrors = 3"), "verify.mirrors: '3' is not a list"),
        (('"https://verify.example.edu/"', '"http://verify.example.edu/"'), "https address"),
        (('"https://verify.example.edu/"', '"http://127.example.edu/"'), "https address"),
        (('"https://verify.example.edu/"', '"https://verify.example.edu/?a=1"'), "plain address"),
        (
            ('"https://verify.example.edu/"', '"https://certificates.school.example.edu/"'),
            "has 40 characters, 39 at most fit the QR code",
        ),
        (('"https://verify.example.edu/"', '"https://vérify.example.edu/"'), "punycode"),
        (('"https://verify.example.edu/"', f'"https://{"v" * 130}.edu/"'), "fit the QR code"),
        (('"sqlite:///ledger.db"', '"sqlite://"'), "ledger.url: 'sqlite://' names no file"),
        (('"sqlite:///ledger.db"', '"mysql://db"'), "ledger.url: 'mysql://db' is no ledger"),
        (
            ('"sqlite:///ledger.db"', '"postgresql+psycopg://ce:hunter2@db/ce"'),
            "ledger.url: holds a password; use CECERT_LEDGER_URL",
        ),
        (('"signature.png"', '"signed.png"'), "signatory[1].image: 'signed.png' is no file"),
        (('path = "keys"', 'path = "keys"\nseal = "x.p12"'), "keys.seal: 'x.p12' is no file"),
        (('path = "keys"', 'path = "keys"\npassphrase = "x"'), "would put a secret into the file"),
        (("port = 2525", 'port = 2525\npassword = "x"'), "mail.password: would put a secret"),
        (("port = 2525", "port = 0"), "mail.port: '0' is not a whole number from 1 to 65535"),
        (("port = 2525", 'port = 2525\nuser = "me"'), "would send a password in clear"),
        (('host = "localhost"', 'host = "mail.test"\nsecurity = "none"'), "in clear"),
        (('host = "localhost"', 'host = "127.mail.test"\nsecurity = "none"'), "in clear"),
        (("<ce@example.edu>", "<ce@>"), "mail.from: 'Office of Professional Education <ce@>'"),
        (('"classic"', '"classic"\naccent = "blue"'), "accent: 'blue' is not a colour"),
        (('"classic"', '"classic"\nlogo = "no.png"'), "certificate.logo: 'no.png' is no file"),
        (('"classic"', '"classic"\nfonts = ["no.ttf"]'), "fonts[1]: 'no.ttf' is no file"),
        (('paper = "letter"', 'paper = "legal"'), "is not one of letter, a4"),
        (("[certificate]", '[regimes]\npath = "boards"\n[certificate]'), "'boards' is no folder"),
        (("[verify]", "[[verify]]"), "verify: "),
        (("[provider]", "provider = 3\n[x]"), "provider: '3' is not a table of keys"),
    ],
)  # fmt: skip
def test_each_fault_says_its_place_and_what_would_be_right(
    new_office: OfficeFolder, change: tuple[str, str], told: str
) -> None:
    new_office.rewrite("cecert.toml", change)
    assert any(told in each for each in faults(new_office.folder)), faults(new_office.folder)
    assert all(each.startswith("cecert.toml") for each in faults(new_office.folder))


def test_a_secret_is_never_shown(new_office: OfficeFolder) -> None:
    new_office.rewrite(
        "cecert.toml",
        ("port = 2525", 'port = 2525\npassword = "hunter2"'),
        ('"sqlite:///ledger.db"', '"postgresql://ce:hunter3@db/ce"'),
    )
    assert "hunter" not in "".join(faults(new_office.folder))


def test_all_faults_are_told_at_once(new_office: OfficeFolder) -> None:
    new_office.rewrite(
        "cecert.toml",
        ("[ledger]", "[leger]"),
        ("phone =", "phoen ="),
        ("status_days = 35", "status_days = 0"),
    )
    assert len(faults(new_office.folder)) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "provider: is missing"),
        (b"[provider", "is not TOML: Expected ']'"),
        (b"[provider]\nid = 1\nid = 2\n", "is not TOML: Cannot overwrite a value"),
        ("[provider]\nname = 'Zoë'".encode("cp1252"), "is not UTF-8 (line 2)"),
        ("[provider]".encode("utf-16"), "is not UTF-8 (line 1)"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "beyond all use"),
        (b"a = " + b"9" * 5000, "beyond all use"),
        (b"# " + b"x" * 1_000_000, "has more than 1000000 bytes"),
        (b"a = \x00", "is not TOML"),
    ],
    ids=["empty", "cut", "key twice", "cp1252", "utf-16", "nested", "huge number", "huge", "NUL"],
)
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "cecert.toml").write_bytes(content)
    assert told in "\n".join(faults(tmp_path))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert faults(tmp_path) == ["cecert.toml: cannot be read: No such file or directory"]


def test_a_ledger_url_with_a_password_comes_from_a_file(new_office: OfficeFolder) -> None:
    url = "postgresql+psycopg://ce:hunter2@db.test/ce"
    (new_office.folder / "ledger.url").write_text(url + "\n")
    new_office.rewrite("cecert.toml", ('url = "sqlite:///ledger.db"', 'url_file = "ledger.url"'))
    assert read_office(new_office.folder / "cecert.toml").ledger_url == url


def test_a_named_secret_file_that_is_missing_is_a_fault(new_office: OfficeFolder) -> None:
    new_office.rewrite(
        "cecert.toml",
        ('url = "sqlite:///ledger.db"', 'url_file = "ledger.url"'),
        ("port = 2525", 'port = 2525\npassword_file = "smtp.secret"'),
    )
    assert faults(new_office.folder) == [
        "cecert.toml: ledger.url_file: 'ledger.url' is no file",
        "cecert.toml: mail.password_file: 'smtp.secret' is no file",
    ]


def test_own_regimes_logo_and_fonts_are_found(new_office: OfficeFolder) -> None:
    for name in ("logo.png", "noto.otf"):
        (new_office.folder / name).write_bytes(b"")
    (new_office.folder / "boards").mkdir()
    new_office.rewrite(
        "cecert.toml",
        ('"classic"', '"classic"\nlogo = "logo.png"\nfonts = ["noto.otf"]\naccent = "#1D3557"'),
        ("[certificate]", '[regimes]\npath = "boards"\n\n[certificate]'),
    )
    office = read_office(new_office.folder / "cecert.toml")
    assert office.logo == new_office.folder / "logo.png"
    assert office.fonts == (new_office.folder / "noto.otf",)
    assert office.regimes == new_office.folder / "boards"


def test_init_writes_exactly_these_files() -> None:
    files = new_office_files(TEMPLATES)
    assert set(files) == {"cecert.toml", "course.toml", "completions.csv", "signature.png"}
    assert files["completions.csv"].startswith(b"\xef\xbb\xbf")  # Excel reads UTF-8 only so
    assert files["signature.png"].startswith(b"\x89PNG")
