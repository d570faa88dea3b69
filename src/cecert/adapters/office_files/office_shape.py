"""`cecert.toml` as it is written: its tables and keys."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import Field

from cecert.adapters.office_files.shapes import Shape
from cecert.adapters.office_files.values import (
    Day,
    Email,
    Flag,
    Identifier,
    Name,
    OptionalDay,
    Paragraph,
    Words,
    Zone,
    choice,
    whole,
)
from cecert.domain.certificate.cebroker import REPORT_DAYS
from cecert.domain.certificate.certificate import Paper
from cecert.domain.course.approval import ApprovalStatus
from cecert.domain.course.formats import CourseFormat
from cecert.domain.mail.account import MailSecurity

__all__ = [
    "REMIND_DAYS",
    "ApprovalShape",
    "CeBrokerShape",
    "HooksShape",
    "MailAuth",
    "MailShape",
    "OfficeShape",
    "ProviderShape",
    "StampPolicy",
]


class ProviderShape(Shape):
    """`[provider]`: who answers for the courses, and can be asked."""

    id: Identifier
    name: Name
    office: Words = ""
    address: Words = ""
    email: Email
    phone: Words = ""
    timezone: Zone
    program: Words = ""


class SignatoryShape(Shape):
    """`[[signatory]]`: a person who signs certificates."""

    name: Name
    title: Words = ""
    organisation: Words = ""
    contact: Words = ""
    image: Words = ""
    credentials: list[Identifier] = Field(default=[], alias="for")


class ApprovalShape(Shape):
    """`[[approval]]`: what one approver approved, of whom, from when to when."""

    credential: Identifier
    holder: Name
    number: Words = ""
    valid_from: Day
    valid_to: OptionalDay = None
    checked_on: OptionalDay = None
    status: Annotated[ApprovalStatus, choice(ApprovalStatus)] = ApprovalStatus.APPROVED
    statement: Paragraph = ""
    formats: list[Annotated[CourseFormat, choice(CourseFormat)]] = Field(default=[])


class VerifyShape(Shape):
    """`[verify]`: where the verify page is, and how long a status list is good."""

    url: Name
    mirrors: list[Name] = Field(default=[])
    status_days: Annotated[int, whole(7, 45)] = 35


class LedgerShape(Shape):
    """`[ledger]`: the database, by its URL or by a file that holds it."""

    url: Words = "sqlite:///ledger.db"
    url_file: Words = ""


class ArchiveShape(Shape):
    """`[archive]`: the folder of sealed documents."""

    path: Name = "certificates"


class HardwareShape(Shape):
    """`[keys] pkcs11`: a seal in hardware, by the labels it has there."""

    module: Name
    token: Name
    key: Name
    cert: Words = ""
    pin_file: Words = ""


class KeysShape(Shape):
    """`[keys]`: the folder of keys, and what seals."""

    path: Name = "keys"
    seal: Words = ""
    passphrase_file: Words = ""
    pkcs11: HardwareShape | None = None


class StampPolicy(Enum):
    """What becomes of a certificate whose seal gets no time stamp."""

    REQUIRED = "required"
    """It is not issued."""
    IF_POSSIBLE = "if-possible"
    """It is issued without one."""


class SealShape(Shape):
    """`[seal]`: the institution's own seal, where it is not the office's, and time stamps."""

    passphrase_file: Words = ""
    timestamp: Words = ""
    timestamp_policy: Annotated[StampPolicy, choice(StampPolicy)] = StampPolicy.REQUIRED
    timestamp_user: Words = ""
    timestamp_password_file: Words = ""
    tsa_roots: Words = ""


class MailAuth(Enum):
    """How cecert logs in to the mail service."""

    PASSWORD = "password"
    MICROSOFT = "microsoft"
    """XOAUTH2 with tokens that Microsoft gives to an application."""
    GOOGLE = "google"
    """XOAUTH2 with tokens that Google gives to a service account."""


REMIND_DAYS = 7
"""Days between two reminders of the same thing, where `cecert.toml` does not say."""


class MailShape(Shape):
    """`[mail]`: the account, or the folder, that mails go out from."""

    host: Name | None = None
    maildir: Words = ""
    port: Annotated[int, whole(1, 65_535)] | None = None
    security: Annotated[MailSecurity, choice(MailSecurity)] | None = None
    auth: Annotated[MailAuth, choice(MailAuth)] | None = None
    user: Words = ""
    password_file: Words = ""
    tenant: Identifier | None = None
    client_id: Identifier | None = None
    service_account_file: Words = ""
    evidence: Words = ""
    sender: Name = Field(alias="from")
    reply_to: Email | None = None
    rate_per_minute: Annotated[int, whole(1, 100_000)] | None = None
    daily_limit: Annotated[int, whole(1, 10_000_000)] | None = None
    digest_to: Email | None = None
    bounce_to: Email | None = None
    templates: Words = ""
    tell_revoked: Flag = False
    remind_days: Annotated[int, whole(1, 365)] = REMIND_DAYS
    linkedin: Flag = False


class ZoomShape(Shape):
    """`[zoom]`: the app that `fetch zoom` asks with."""

    account_id: Words = ""
    client_id: Words = ""
    client_secret_file: Words = ""
    api_url: Name = "https://api.zoom.us/v2"
    token_url: Name = "https://zoom.us/oauth/token"


class HooksShape(Shape):
    """`[hooks]`: another system, to which changes are posted."""

    url: Name
    secret_file: Words = ""
    kinds: list[Identifier] = Field(default=[])


class CertificateShape(Shape):
    """`[certificate]`: how it looks."""

    layout: Identifier = "classic"
    paper: Annotated[Paper, choice(Paper)] = Paper.LETTER
    logo: Words = ""
    accent: Words = ""
    fonts: list[Name] = Field(default=[])
    letterhead: Words = ""
    places: Words = ""


class RegimesShape(Shape):
    """`[regimes]`: a folder of the office's own regime files."""

    path: Name


class RostersShape(Shape):
    """`[rosters]`: a folder of the office's own roster profiles."""

    path: Name


class CeBrokerCourseShape(Shape):
    """`[[export.cebroker.course]]`: a course as CE Broker knows it."""

    id: Identifier
    number: Words = ""
    own: Words = ""


class CeBrokerProfessionShape(Shape):
    """`[[export.cebroker.profession]]`: which licences are told by which credit."""

    credential: Identifier
    state: Identifier
    code: Name
    titles: list[Name] = Field(default=[])


class SubjectAreaShape(Shape):
    """`[[export.cebroker.subject_area]]`: CE Broker's code of a category of credit."""

    category: Words
    code: Name


class CeBrokerShape(Shape):
    """`[export.cebroker]`: the office's account with CE Broker."""

    provider: Name
    courses: list[CeBrokerCourseShape] = Field(default=[], alias="course")
    professions: list[CeBrokerProfessionShape] = Field(default=[], alias="profession")
    subject_areas: list[SubjectAreaShape] = Field(default=[], alias="subject_area")
    report_days: Annotated[int, whole(1, 365)] = REPORT_DAYS


class ExportShape(Shape):
    """`[export]`: the registers that are told of certificates."""

    cebroker: CeBrokerShape | None = None


class OfficeShape(Shape):
    """A whole `cecert.toml`: its tables."""

    provider: ProviderShape
    signatories: list[SignatoryShape] = Field(default=[], alias="signatory")
    approvals: list[ApprovalShape] = Field(default=[], alias="approval")
    verify: VerifyShape
    ledger: LedgerShape = LedgerShape()
    archive: ArchiveShape = ArchiveShape()
    keys: KeysShape = KeysShape()
    seal: SealShape = SealShape()
    mail: MailShape | None = None
    zoom: ZoomShape = ZoomShape()
    certificate: CertificateShape = CertificateShape()
    regimes: RegimesShape | None = None
    rosters: RostersShape | None = None
    export: ExportShape = ExportShape()
    hooks: HooksShape | None = None
