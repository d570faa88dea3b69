"""The mail itself: the facts twice, one person, one PDF, no header beyond the list."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_office import SAY, TEMPLATES, account, issued

from cecert.adapters.mail import MailLook, TemplateMailWriter, check, mail_logo
from cecert.adapters.mail.check import HEADERS, check_mail
from cecert.domain.certificate.specimen import specimen_certificate
from cecert.domain.mail.digest import Digest, DigestLine
from cecert.domain.mail.message import Mail, OutboxRow
from cecert.domain.mail.promises import resend_row
from cecert.domain.mail.words import attachment_name
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import ConfigurationError, DeliveryError
from cecert.ports import Entry
from cecert.testing import MemoryOffice, SeededRandomness, sample_provider

OFFICE = MemoryOffice()
(ENTRY,) = issued(OFFICE, 1, credentials=("ny-social-work", "ma-social-work", "apa-psychology"))
DOCUMENT = OFFICE.archive.get(ENTRY.document)
ROW = ENTRY.mail
OLD_ID = CertificateId.parse("7Q2M-X4KD-9VTR-H3NP")


def writer(**changes: object) -> TemplateMailWriter:
    return TemplateMailWriter(TEMPLATES, account(25, **changes), sample_provider())


WRITER = writer()


def parsed(mail: Mail) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(mail.content)
    assert isinstance(message, EmailMessage)
    return message


def body(mail: Mail, kind: str = "plain") -> str:
    part = parsed(mail).get_body((kind,))
    assert part is not None
    content: str = part.get_content().replace("\r\n", "\n")
    return content


def certificate(**changes: object) -> Entry:
    return replace(ENTRY, certificate=replace(ENTRY.certificate, **changes))  # type: ignore[arg-type]


def corrected() -> tuple[Entry, OutboxRow]:
    return certificate(supersedes=OLD_ID), replace(ROW, note="the name was misspelt")


def attendance() -> tuple[Entry, OutboxRow]:
    office = MemoryOffice()
    (entry,) = issued(office, 1, credentials=())
    return replace(entry, sha256=ENTRY.sha256), replace(entry.mail, sha256=ENTRY.sha256)


def trial() -> tuple[Entry, OutboxRow]:
    specimen = specimen_certificate(
        sample_provider(), "classic/1", "verify.example.edu", OFFICE.clock.now()
    )
    row = replace(ROW, key=f"{specimen.id}:test-1", certificate_id=specimen.id)
    return replace(ENTRY, certificate=specimen), row


VARIANTS: Mapping[str, tuple[Entry, OutboxRow]] = {
    "first": (ENTRY, ROW),
    "corrected": corrected(),
    "corrected, no reason": (certificate(supersedes=OLD_ID), ROW),
    "resent": (ENTRY, resend_row(ENTRY.certificate, ROW, 1, OFFICE.clock.now())),
    "one of two": (ENTRY, replace(ROW, note="1 of 2")),
    "one of two, resent": (
        ENTRY,
        resend_row(ENTRY.certificate, replace(ROW, note="1 of 2"), 1, OFFICE.clock.now()),
    ),
    "one line": (certificate(credit_lines=ENTRY.certificate.credit_lines[:1]), ROW),
    "attendance": attendance(),
    "trial": trial(),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_text_and_html_say_the_same_words_in_the_same_order(variant: str) -> None:
    mail = WRITER.write(*VARIANTS[variant], DOCUMENT)
    page = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", body(mail, "html"))
    assert words(html.unescape(page)) == words(re.sub(r"(?m)^ *(\*|\d\.) ", " ", body(mail)))


def words(text: str) -> list[str]:
    return re.findall(r"[\w#@.,:'/-]+", text.casefold().replace(":", " "))


def test_the_text_reads_as_the_design_shows_it() -> None:
    text = body(WRITER.write(ENTRY, ROW, DOCUMENT))
    assert text.startswith(
        "YOUR CE CERTIFICATE IS ATTACHED\n\nDear José García Núñez y,\n\n"
        "Your certificate for 6 hours is the PDF attached to this message.\n\n"
        "WHAT IT CERTIFIES\n\n"
        "  Name:         José García Núñez y\n"
        "  Course:       Mentalization Based Treatment\n"
        "  Dates:        October 22 and 29, 2020\n"
        "  Format:       Live interactive webinar on Zoom\n"
        "  Hours:        6 hours\n"
        f"  Certificate:  {ENTRY.certificate.id}\n"
        "  Issued:       November 5, 2020\n\n"
        "The hours count under these credit lines. Each line counts the same\n"
        "instruction for a different board; do not add them.\n\n"
        "  * New York, social work: 6 contact hours, No. 0199, 2018\N{EN DASH}2027\n"
        "  * Massachusetts, social work: 6 CE hours, no number issued\n"
        "  * Psychology (APA sponsor): 6 CE credits, awarded by Example Prepare,\n"
        "    no number issued\n\n"
    )
    assert max(len(line) for line in text.splitlines()) <= 72
    assert (
        "word for word: New York State Education Department's State Board for Social Work; Council "
        "on Social Work Education (accredited school); American Psychological Association."
    ) in " ".join(text.split())
    assert len(text.splitlines()) < 55
    assert not any(
        each.statement in " ".join(text.split()) for each in ENTRY.certificate.credit_lines
    )


def test_who_attended_is_told_of_no_approval() -> None:
    assert "approval stand" not in body(WRITER.write(*attendance(), DOCUMENT))


@pytest.mark.parametrize(
    ("variant", "subject", "says"),
    [
        ("first", "Your CE certificate: Mentalization", "Your certificate for 6 hours is"),
        (
            "corrected",
            "Your corrected CE certificate: Mentalization",
            "which now shows as replaced: the name was misspelt. Please use this one.",
        ),
        ("corrected, no reason", "Your corrected", "shows as replaced. Please use this one."),
        ("resent", "Your CE certificate: ", "here is your certificate again. It is the same file."),
        (
            "one of two",
            "Your CE certificate: ",
            "attached to this message. This is certificate 1 of 2; each comes in a message of its",
        ),
        ("one of two, resent", "Your CE certificate: ", "It is the same file. WHAT IT CERTIFIES"),
        ("one line", "Your CE certificate: ", "The hours count under this credit line:"),
        (
            "attendance",
            "Your certificate of attendance: ",
            "It certifies attendance, and claims no board's approval:",
        ),
        ("trial", "[TEST] Your certificate", "This is a test. No certificate was issued."),
    ],
)
def test_each_variant_says_why_it_comes(variant: str, subject: str, says: str) -> None:
    mail = WRITER.write(*VARIANTS[variant], DOCUMENT)
    assert parsed(mail)["Subject"].startswith(subject)
    assert says in " ".join(body(mail).split())


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("the name was misspelt", "the name was misspelt."),
        ("The name was misspelt. ", "The name was misspelt."),
        ("Misspelt by us...", "Misspelt by us."),
        ("Sorry!", "Sorry!"),
        ("Whose name is it?", "Whose name is it?"),
    ],
)
def test_a_reason_ends_once(note: str, said: str) -> None:
    entry, row = corrected()
    mail = WRITER.write(entry, replace(row, note=note), DOCUMENT)
    for kind in ("plain", "html"):
        told = f"which now shows as replaced: {said} Please use this one."
        assert told in " ".join(body(mail, kind).split())


def test_a_template_of_before_ends_a_reason_once_too(tmp_path: Path) -> None:
    (tmp_path / "certificate.txt").write_text("{{ name }} {{ facts[5][1] }}: {{ note }}. Bye.")
    own = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), tmp_path)
    entry, row = corrected()
    assert ": Misspelt. Bye." in body(own.write(entry, replace(row, note="Misspelt."), DOCUMENT))


def test_a_template_of_before_still_has_the_statements(tmp_path: Path) -> None:
    statements = "{% for each in credit_lines %}{{ each.statement }}{% endfor %}"
    source = "{{ name }} {{ facts[5][1] }} " + statements
    (tmp_path / "certificate.txt").write_text(source)
    own = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), tmp_path)
    assert "approved provider of continuing education" in body(own.write(ENTRY, ROW, DOCUMENT))


def test_a_corrected_certificate_names_the_one_it_replaces_among_its_facts() -> None:
    assert f"  Replaces:     {OLD_ID}\n" in body(WRITER.write(*corrected(), DOCUMENT))


LOGO = mail_logo((Path(__file__).parents[3] / "templates/office/signature.png").read_bytes())


def test_the_office_s_logo_and_colour_are_at_the_top_and_fetched_from_nowhere() -> None:
    look = MailLook(LOGO, "#7A1F3D")
    mail = TemplateMailWriter(
        TEMPLATES, account(25), sample_provider(), look=look
    ).write(ENTRY, ROW, DOCUMENT)  # fmt: skip
    page = body(mail, "html")
    assert page.index('src="cid:logo@cecert.invalid"') < page.index("<h1")
    assert f'alt="{sample_provider().name}"' in page
    assert "border-top: 4px solid #7A1F3D" in page
    assert not re.search(r"<(a|link|script|iframe)\b|url\(|https?:", page)
    pictures = [each for each in parsed(mail).walk() if each.get_content_type() == "image/png"]
    assert [each.get_payload(decode=True) for each in pictures] == [LOGO.data]
    check_mail(mail, ENTRY, ROW)


@pytest.mark.parametrize(
    ("name", "title", "file"),
    [
        ("Jane Doe", "Mentalization Based Treatment",
         "CE certificate - Jane Doe - Mentalization Based Treatment.pdf"),
        ("Nguyễn Thị Ánh Tuyết", "Ethics: Part 1/2",
         "CE certificate - Nguyễn Thị Ánh Tuyết - Ethics Part 1 2.pdf"),
        ('Ana "Annie" Ruiz, Ph.D.', "What? <Why> a\\b|c*.",
         "CE certificate - Ana Annie Ruiz, Ph.D. - What Why a b c.pdf"),
        ("J D", "Word " * 40 + "x", "CE certificate - J D - " + ("Word " * 21).strip() + ".pdf"),
    ],
)  # fmt: skip
def test_the_attachment_is_named_for_who_looks_for_it(name: str, title: str, file: str) -> None:
    whose = replace(ENTRY.certificate.recipient, name=name)
    course = replace(ENTRY.certificate.course, title=title)
    mail = WRITER.write(certificate(recipient=whose, course=course), ROW, DOCUMENT)
    (pdf,) = parsed(mail).iter_attachments()
    assert pdf.get_filename() == file


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=80),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl")), min_size=1, max_size=160),
)
def test_no_file_system_refuses_an_attachment_s_name(name: str, title: str) -> None:
    whose = replace(ENTRY.certificate.recipient, name=name[:40])
    course = replace(ENTRY.certificate.course, title=title)
    found = attachment_name(certificate(recipient=whose, course=course).certificate, SAY)
    assert len(found.encode()) <= 255
    assert not set(found) & set('\\/:*?"<>|%')
    assert found.startswith("CE certificate")
    assert found.endswith(".pdf")


def test_a_corrected_certificate_s_file_is_not_called_as_the_one_before() -> None:
    first = attachment_name(ENTRY.certificate, SAY)
    assert attachment_name(corrected()[0].certificate, SAY) == first.replace(
        " - ", ", corrected - ", 1
    )
    assert attachment_name(attendance()[0].certificate, SAY).startswith(
        "Certificate of attendance - "
    )


def test_the_html_sets_no_colour_and_fetches_nothing() -> None:
    page = body(WRITER.write(ENTRY, ROW, DOCUMENT), "html")
    assert "color" not in page.replace('name="color-scheme"', "")
    assert not re.search(r"<(img|a|link|script|style|iframe)\b|url\(|https?:", page)
    assert page.count("<h1") == 1
    assert '<html lang="en">' in page
    assert page.count('<th scope="row"') == 7


def test_headers_are_the_list_and_hold_nothing_of_the_person_but_the_address() -> None:
    mail = WRITER.write(ENTRY, ROW, DOCUMENT)
    message = parsed(mail)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message["From"] == "Example College School for Social Work <ce@example.edu>"
    assert message["Reply-To"] == "office@example.edu"
    assert message["To"] == mail.recipient == ENTRY.email
    assert message["Date"] == "Thu, 05 Nov 2020 10:00:00 -0500"
    assert message["Message-ID"] == ROW.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert "José" not in mail.content.split(b"\r\n\r\n")[0].decode()


def test_the_message_is_seven_bit_with_short_lines() -> None:
    content = WRITER.write(ENTRY, ROW, DOCUMENT).content
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 76


def test_the_same_row_gives_the_same_bytes() -> None:
    assert WRITER.write(ENTRY, ROW, DOCUMENT) == writer().write(ENTRY, ROW, DOCUMENT)


def test_an_answer_goes_to_the_sender_where_no_other_address_is_set() -> None:
    mail = writer(reply_to="").write(ENTRY, ROW, DOCUMENT)
    assert parsed(mail)["Reply-To"] == "ce@example.edu"
    assert mail.envelope_from == "ce@example.edu"


def test_a_bounce_comes_back_to_a_path_of_its_own() -> None:
    mail = writer(bounce_to="bounce@example.edu").write(ENTRY, ROW, DOCUMENT)
    number = str(ROW.certificate_id).replace("-", "").lower()
    assert re.fullmatch(rf"bounce\+{number}\.[0-9a-f]{{10}}@example\.edu", mail.envelope_from)
    assert parsed(mail)["From"].endswith("<ce@example.edu>")


def test_an_international_domain_is_written_as_the_wire_needs_it() -> None:
    row = replace(ROW, recipient="ana@bücher.example")
    mail = WRITER.write(replace(ENTRY, email=row.recipient), row, DOCUMENT)
    assert mail.recipient == "ana@xn--bcher-kva.example"
    assert parsed(mail)["To"] == mail.recipient


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("ana@" + "x" * 300 + ".org", "308 characters"),  # issue 6, bad input
        ("añá@example.org", "SMTPUTF8"),
        ('"ana ruiz"@example.org', "a space"),
        ('"ana"@example.org', "not a mailbox name"),
        ("ana@example.org,bob@example.org", "not a mailbox name"),
        ("ana@example.org\r\nBcc: eve@example.org", "a space or a control character"),
    ],
)
def test_an_address_that_cannot_work_is_never_written_to(address: str, problem: str) -> None:
    with pytest.raises(DeliveryError, match=problem):
        WRITER.write(ENTRY, replace(ROW, recipient=address), DOCUMENT)


def test_another_document_is_never_written() -> None:
    with pytest.raises(DeliveryError, match="is not the one that was issued"):
        WRITER.write(ENTRY, ROW, DOCUMENT + b" ")


def test_another_person_s_entry_is_never_written() -> None:
    other = certificate(id=OLD_ID)
    with pytest.raises(DeliveryError, match="row and certificate do not belong together"):
        WRITER.write(other, ROW, DOCUMENT)


@pytest.mark.parametrize(
    ("found", "put", "problem"),
    [
        (b"To: ", b"Bcc: eve@example.org\r\nTo: ", "its headers are"),
        (b"Date: ", b"Dote: ", "its headers are"),
        (b"To: person1", b"To: person2", "To is 'person2@example.org', the envelope"),
        (b"Message-ID: <", b"Message-ID: <x", "Message-ID is"),
        (b"application/pdf", b"text/calendar", "its parts are text/plain, text/html, text/cal"),
        (b"\r\nJVB", b"\r\nKVB", "its PDF is not the one that was issued"),
        (b"  Certificate:", b"  Certificate:  x", "is missing from its text"),
    ],
)
def test_a_message_that_was_tampered_with_is_not_sent(
    found: bytes, put: bytes, problem: str
) -> None:
    mail = WRITER.write(ENTRY, ROW, DOCUMENT)
    number = str(ROW.certificate_id).encode()
    content = mail.content.replace(found, put, 1)
    if found.startswith(b"  Cert"):
        content = mail.content.replace(b"  " + number, b"  0000")
    assert content != mail.content
    with pytest.raises(DeliveryError, match=problem):
        check_mail(replace(mail, content=content), ENTRY, ROW)


def test_what_is_not_read_line_by_line_lets_no_other_message_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = MailLook(LOGO)
    mail = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), look=look).write(
        ENTRY, ROW, DOCUMENT
    )
    chance = SeededRandomness()
    start = mail.content.rindex(b"application/pdf")

    def changed(number: int) -> bytes:
        # Most of them in the document, which a stand-in replaces while the rest is read.
        first = start if number % 3 else 0
        at = first + chance.below(len(mail.content) - first)
        other = b"A=-\r\n.\x00"[chance.below(7)]
        return mail.content[:at] + bytes([other]) + mail.content[at + chance.below(2) :]

    contents = [mail.content, *map(changed, range(300))]
    contents += [mail.content.replace(b"\r\n--=_cecert-mixed--", b""), b"", b"\r\n\r\n\r\n--"]
    # A document of somebody else's between the lines of the HTML, or behind its picture.
    other_part = b"\r\n--=_cecert-mixed\r\nContent-Type: application/pdf\r\n\r\nJVB\r\n"
    for place in (b"</h1>", b"\r\n\r\niVBOR"):
        assert mail.content.count(place) == 1
        contents.append(mail.content.replace(place, place + other_part))
    answers = [_answer(replace(mail, content=each)) for each in contents]
    assert answers[0] == ""
    assert len(set(answers)) >= 5
    assert "" not in answers[-2:]
    monkeypatch.setattr(check, "_taken_apart", lambda content: (content, b""))
    monkeypatch.setattr(check, "_without_html", lambda content: content)
    slowly = [_answer(replace(mail, content=each)) for each in contents]
    end = mail.content[mail.content.rindex(b"\r\n--") :]
    others = [
        (one, other)
        for one, other, content in zip(answers, slowly, contents, strict=True)
        if one != other and content.endswith(end)
    ]
    assert others == []
    # Of one whose last line is damaged, the library reads on: that is refused now.
    assert [each for each, one in zip(slowly, answers, strict=True) if each and not one] == []


def _answer(mail: Mail) -> str:
    try:
        check_mail(mail, ENTRY, ROW)
    except (DeliveryError, UnicodeDecodeError) as error:
        return str(error)
    return ""


def test_an_envelope_with_two_addresses_is_not_sent() -> None:
    mail = WRITER.write(ENTRY, ROW, DOCUMENT)
    with pytest.raises(DeliveryError, match="cannot be on an envelope"):
        check_mail(replace(mail, recipient="a@x.org>,<b@x.org"), ENTRY, ROW)


# Names of docs/spec/delivery.md 5, each of which broke a header on some CPython.
NAMES = st.sampled_from(
    [
        "=?utf-8?q?=0ABcc:_evil=40x.test?=",
        '"=?UTF-8?Q?=0A?=Bcc:evil',
        "Very Long Name That Goes On And On And Contains, A Comma After A Long While, Ph.D.",
        "María del Carmen Fernández de la Vega y Sánchez, Ph.D., LICSW",
        "<b>Ana</b> & {{ 7*7 }} {% raw %}",
        "..",
        ".\u00e9",
        "From ana",
        "O\u2019Neill; a=b%20c",
    ]
) | st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60)
HOSTS = st.sampled_from(["example.org", "bücher.example", "x.co"])
LOCALS = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,60}", fullmatch=True)


@given(NAMES, LOCALS, HOSTS)
@settings(max_examples=100, deadline=None)
def test_whoever_is_mailed_gets_one_recipient_the_right_pdf_and_the_right_name(
    name: str, local: str, host: str
) -> None:
    recipient = f"{local}@{host}"
    entry = replace(
        ENTRY,
        email=recipient,
        certificate=replace(
            ENTRY.certificate, recipient=replace(ENTRY.certificate.recipient, name=name)
        ),
    )
    row = replace(ROW, recipient=recipient)
    mail = WRITER.write(entry, row, DOCUMENT)
    message = parsed(mail)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert len(message["To"].addresses) == 1
    assert str(message["To"].addresses[0]) == mail.recipient
    (pdf,) = message.iter_attachments()
    assert sha256(pdf.get_payload(decode=True)).hexdigest() == ENTRY.sha256  # type: ignore[arg-type]
    assert " ".join(name.split()) in " ".join(body(mail).split())
    assert html.escape(name).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in body(
        mail, "html"
    )


@given(st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_title_never_becomes_another_header(title: str) -> None:
    entry = certificate(course=replace(ENTRY.certificate.course, title=title))
    try:
        mail = WRITER.write(entry, ROW, DOCUMENT)
    except DeliveryError:
        return
    assert parsed(mail)["Subject"] == f"Your CE certificate: {title}"


def own_templates(folder: Path, name: str, source: str) -> TemplateMailWriter:
    copytree(TEMPLATES / "mail", folder / "mail")
    (folder / "mail" / name).write_text(source, encoding="utf-8")
    return TemplateMailWriter(folder, account(25), sample_provider())


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ nmae }}", "nmae.*is no word of a mail"),
        ("{{ name", "cannot be used"),
        ("{{ name | safe }}", "No filter named 'safe'"),
        ("{{ range(10**9) }}", "range.*is no word of a mail"),
        ("{% include '/etc/passwd' %}x", "/etc/passwd"),
        ("\udcff", "cannot be used"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_when_the_office_opens(
    tmp_path: Path, source: str, problem: str
) -> None:
    copytree(TEMPLATES / "mail", tmp_path / "mail")
    raw = source.encode("utf-8", "surrogateescape")
    (tmp_path / "mail" / "certificate.txt").write_bytes(raw)
    with pytest.raises((ConfigurationError, DeliveryError), match=problem):
        TemplateMailWriter(tmp_path, account(25), sample_provider()).check(ENTRY, ROW)


@pytest.mark.parametrize(
    "source",
    [
        "{{ name.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ facts.append(1) }}",
        "{{ name.nothing }}",
        "{{ name / 2 }}",
        "{{ 1 / 0 }}",
        "{{ '%d' | format(name) }}",
    ],
)
def test_a_template_that_reaches_for_more_than_words_stops_every_mail(
    tmp_path: Path, source: str
) -> None:
    own = own_templates(tmp_path, "certificate.txt", source)
    with pytest.raises(DeliveryError, match=r"mail template certificate\.txt"):
        own.check(ENTRY, ROW)


def test_a_template_that_leaves_out_the_name_sends_nothing(tmp_path: Path) -> None:
    own = own_templates(tmp_path, "certificate.txt", "Your certificate {{ facts[5][1] }}.")
    with pytest.raises(DeliveryError, match="is missing from its text"):
        own.write(ENTRY, ROW, DOCUMENT)


def test_an_office_s_own_template_stands_in_for_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "certificate.txt").write_text("{{ name }}: {{ facts[5][1] }}, from us.")
    own = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), tmp_path)
    mail = own.write(ENTRY, ROW, DOCUMENT)
    assert body(mail).startswith(f"José García Núñez y: {ENTRY.certificate.id}, from us.")
    assert "<h1" in body(mail, "html")


def test_an_office_s_own_frame_stands_around_every_html_mail(tmp_path: Path) -> None:
    shipped = (TEMPLATES / "mail" / "frame.html").read_text("utf-8")
    (tmp_path / "frame.html").write_text(shipped.replace("sans-serif", "serif"), "utf-8")
    own = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), tmp_path)
    assert "16px/1.5 serif" in body(own.write(ENTRY, ROW, DOCUMENT), "html")


@pytest.mark.parametrize(
    ("text", "why"), [("{% macro opening(", "cannot be used"), ("{{ phone }}", "no word of a mail")]
)
def test_an_own_frame_that_cannot_be_used_is_named_before_anything_is_sent(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "frame.html").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        TemplateMailWriter(TEMPLATES, account(25), sample_provider(), tmp_path)
    assert "mail template frame.html" in str(caught.value.faults[0])
    assert why in str(caught.value.faults[0])


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"mail template certificate\.txt"):
        TemplateMailWriter(tmp_path, account(25), sample_provider())


def test_markup_in_a_name_is_text_in_the_html(tmp_path: Path) -> None:
    del tmp_path
    person = replace(ENTRY.certificate.recipient, name="<script>alert(1)</script> Ruiz")
    page = body(WRITER.write(certificate(recipient=person), ROW, DOCUMENT), "html")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Ruiz" in page


def test_the_digest_names_each_mail_and_what_became_of_it() -> None:
    lines = (
        DigestLine("7Q2M-X4KD-9VTR-H3NP", "mbt", "Ana Ruiz", "ana@example.org", "sent", "250 ok"),
        DigestLine("3K50-VMEJ-KFZV-NS3G", "mbt", "Rosa Núñez", "rosa@x.org", "failed", "550 no"),
    )
    digest = Digest(
        "office@example.edu",
        OFFICE.clock.now(),
        lines,
        left=2,
        halted="550 no",
        checkpoint="example/log\n7\nAAAA\n\n\u2014 example/log " + "B" * 90 + "\n",
    )
    mail = WRITER.write_digest(digest)
    message = parsed(mail)
    assert message["To"] == mail.recipient == "office@example.edu"
    assert message["Subject"] == "Certificates mailed: 1 sent, 1 failed, 2 left"
    text = " ".join(message.get_content().split())
    assert "failed: Rosa Núñez, rosa@x.org, 3K50-VMEJ-KFZV-NS3G, mbt 550 no" in text
    assert "It stopped before its end: 550 no" in text
    assert digest.checkpoint in message.get_content().replace("\r\n", "\n")
