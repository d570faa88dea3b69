"""`cecert.toml`: one office, its approvals, and where it keeps what it promised.

Every relative path is relative to the file's folder, the SQLite URL's too. No secret is
ever in the file. `cecert init` begins with a real seminar's office and invented participants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cecert.adapters.office_files.mail_account import (
    MailLogin,
    SentPlace,
    mail_account,
    mail_login,
    sent_place,
)
from cecert.adapters.office_files.office_shape import (
    REMIND_DAYS,
    ApprovalShape,
    OfficeShape,
    StampPolicy,
)
from cecert.adapters.office_files.shapes import read_shape, read_toml
from cecert.adapters.office_files.values import ledger_url, verify_url
from cecert.adapters.office_files.zoom_app import ZoomApp, zoom_app
from cecert.domain.certificate.certificate import Paper
from cecert.domain.course.approval import Approval
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.mail.account import MailAccount, is_loopback
from cecert.errors import ConfigurationError, Fault
from cecert.ports import HardwareKey

if TYPE_CHECKING:
    from cecert.adapters.office_files.hook_address import HookAddress
    from cecert.domain.certificate.cebroker import CeBrokerAccount

__all__ = ["OfficeFile", "new_office_files", "office_of", "read_office"]

NAMES = ("cecert.toml", "course.toml", "completions.csv", "signature.png")
"""Files of a new office."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_SECRET = re.compile(r"pass(word|phrase|wd)?|(client_?)?secret|token|api_?key|pin")


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """What `cecert.toml` says, its paths resolved.

    Attributes:
        folder: The file's folder.
        provider: Who answers for the courses.
        signatories: Who signs; `image` is an absolute path or "".
        approvals: What the office may claim.
        verify_url: Address of the verify page, ending in `/`.
        mirrors: Further addresses of it, ending in `/`.
        status_days: Days a status list is good for.
        ledger_url: SQLAlchemy URL without a password.
        ledger_url_file: File that holds the URL, password and all; None if there is none.
        archive: Folder of the sealed documents.
        keys: Folder of the keys.
        seal: PKCS#12 file of the institution's own seal, None for the office's.
        hardware_seal: Where the seal is in hardware, None where it is in a file.
        pin_file: File that holds the hardware's PIN, None for the environment.
        timestamp: Address of the authority that stamps seals (RFC 3161), "" for none.
        timestamp_required: Whether nothing is issued without a time stamp.
        timestamp_user: Whom the authority knows us as, "" for nobody.
        timestamp_password_file: File that holds that user's password, None for the environment.
        tsa_roots: Certificates, PEM, of the authorities of time stamps that are trusted.
        passphrase_file: File that holds the keys' passphrase, None for the environment.
        seal_passphrase_file: File that holds the seal's, None for the environment, else the
            keys'.
        mail: The account certificates are mailed from, None if there is none yet.
        mail_login: How to log in to its service.
        mail_password_file: File that holds its password, or Microsoft's client secret;
            None for the environment.
        maildir: Folder that mails are filed in instead, None for a mail service.
        mail_evidence: Where uncertain mails are looked for, None for nowhere.
        zoom: The app that meetings are fetched with.
        mail_templates: Folder of the office's own mail templates, None for none.
        tell_revoked: Whether the holder of a certificate is told by mail that it was revoked.
        remind_days: Days in which nobody is reminded of the same thing twice.
        rosters: Folder of the office's own roster profiles, None for none.
        cebroker: Its account with CE Broker, None for none.
        hooks: The system that changes are posted to, None for none.
        linkedin: Whether a certificate's mail has the link that adds it to a LinkedIn profile.
        layout: Layout of certificates.
        paper: Sheet.
        logo: Picture of the logo, None for none.
        accent: Colour of rules and headings, `#1D3557`, "" for the layout's own.
        fonts: Font files for scripts that the shipped fonts lack, in order of preference.
        letterhead: PDF that certificates are drawn on, None for the layout's own page.
        places: TOML file with the rectangles to fill, None where form fields say them.
        regimes: Folder of the office's own regime files, None for none.
        program: What of the provider offers the courses, as its statements call it, or "".
    """

    folder: Path
    provider: Provider
    signatories: tuple[Signatory, ...]
    approvals: tuple[Approval, ...]
    verify_url: str
    mirrors: tuple[str, ...]
    status_days: int
    ledger_url: str
    ledger_url_file: Path | None
    archive: Path
    keys: Path
    seal: Path | None
    passphrase_file: Path | None
    seal_passphrase_file: Path | None
    mail: MailAccount | None
    mail_login: MailLogin
    maildir: Path | None
    mail_password_file: Path | None
    mail_evidence: SentPlace | None
    zoom: ZoomApp
    mail_templates: Path | None
    layout: str
    paper: Paper
    logo: Path | None
    accent: str
    fonts: tuple[Path, ...]
    letterhead: Path | None
    places: Path | None
    regimes: Path | None
    program: str = ""
    tell_revoked: bool = False
    remind_days: int = REMIND_DAYS
    rosters: Path | None = None
    cebroker: CeBrokerAccount | None = None
    linkedin: bool = False
    hardware_seal: HardwareKey | None = None
    pin_file: Path | None = None
    hooks: HookAddress | None = None
    timestamp: str = ""
    timestamp_required: bool = True
    timestamp_user: str = ""
    timestamp_password_file: Path | None = None
    tsa_roots: Path | None = None


def read_office(path: Path) -> OfficeFile:
    """Return what the `cecert.toml` at *path* says.

    Raises:
        ConfigurationError: If it cannot be used; every fault is listed.
    """
    return office_of(read_toml(path), path)


def office_of(document: dict[str, object], path: Path) -> OfficeFile:
    """Return the office that a document tells of, as the file at *path* would.

    Raises:
        ConfigurationError: If it cannot be used; every fault is listed.
    """
    shape, faults = read_shape(OfficeShape, document, path.name)
    secrets = tuple(_secrets(document, path.name))
    if shape is None:
        told = {each.place for each in secrets}
        faults = tuple(each for each in faults if each.place not in told)
        raise _unusable(path, secrets + faults)
    reading = _Reading(shape, path)
    office = reading.office()
    if reading.faults or secrets:
        raise _unusable(path, (*secrets, *reading.faults))
    return office


def _unusable(path: Path, faults: tuple[Fault, ...]) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be used", faults)


def _secrets(document: dict[str, object], file: str) -> Iterator[Fault]:
    for table, keys in document.items():
        for key in keys if isinstance(keys, dict) else ():
            if _SECRET.fullmatch(key.casefold()):
                yield Fault(
                    f"{file}: {table}.{key}",
                    "",
                    "would put a secret into the file",
                    "use the environment, or a file that a key ending in _file names",
                )


class _Reading:
    """One file being turned into values; it gathers the faults."""

    def __init__(self, shape: OfficeShape, path: Path) -> None:
        self._shape = shape
        self._file = path.name
        self._folder = path.absolute().parent
        self.faults: list[Fault] = []

    def office(self) -> OfficeFile:
        """Return the office; it counts only if `faults` is empty."""
        shape, keys, looks = self._shape, self._shape.keys, self._shape.certificate
        mail = shape.mail
        return OfficeFile(
            folder=self._folder,
            provider=Provider(**shape.provider.model_dump(exclude={"program"})),
            signatories=tuple(self._signatories()),
            approvals=tuple(self._approvals()),
            verify_url=self._checked("verify.url", shape.verify.url, verify_url),
            mirrors=tuple(
                self._checked(f"verify.mirrors[{place}]", each, verify_url)
                for place, each in enumerate(shape.verify.mirrors, 1)
            ),
            status_days=shape.verify.status_days,
            ledger_url=self._ledger(),
            ledger_url_file=(
                self._folder / shape.ledger.url_file if shape.ledger.url_file else None
            ),
            archive=self._folder / shape.archive.path,
            keys=self._folder / keys.path,
            seal=self._file_at("keys.seal", keys.seal),
            passphrase_file=self._file_at("keys.passphrase_file", keys.passphrase_file),
            seal_passphrase_file=self._file_at("seal.passphrase_file", shape.seal.passphrase_file),
            mail=mail_account(mail, self._fault) if mail else None,
            mail_login=(mail_login(mail, self._file_at, self._fault) if mail else MailLogin()),
            maildir=self._folder / mail.maildir if mail and mail.maildir else None,
            mail_password_file=self._file_at(
                "mail.password_file", mail.password_file if mail else ""
            ),
            mail_evidence=sent_place(mail, self._fault) if mail else None,
            zoom=zoom_app(shape.zoom, self._file_at, self._checked),
            mail_templates=self._folder_at("mail.templates", mail.templates if mail else ""),
            layout=looks.layout,
            paper=looks.paper,
            logo=self._file_at("certificate.logo", looks.logo),
            accent=self._checked("certificate.accent", looks.accent, _accent),
            fonts=tuple(self._fonts()),
            letterhead=self._file_at("certificate.letterhead", looks.letterhead),
            places=self._places(),
            regimes=self._folder_at("regimes.path", shape.regimes.path if shape.regimes else ""),
            program=shape.provider.program,
            tell_revoked=mail is not None and mail.tell_revoked,
            remind_days=REMIND_DAYS if mail is None else mail.remind_days,
            rosters=self._folder_at("rosters.path", shape.rosters.path if shape.rosters else ""),
            cebroker=self._cebroker(),
            linkedin=mail is not None and mail.linkedin,
            hardware_seal=self._hardware_seal(),
            timestamp=self._timestamp(),
            timestamp_required=shape.seal.timestamp_policy is StampPolicy.REQUIRED,
            timestamp_user=self._timestamp_user(),
            timestamp_password_file=self._file_at(
                "seal.timestamp_password_file", shape.seal.timestamp_password_file
            ),
            tsa_roots=self._file_at("seal.tsa_roots", shape.seal.tsa_roots),
            pin_file=self._file_at("keys.pkcs11.pin_file", keys.pkcs11.pin_file)
            if keys.pkcs11
            else None,
            hooks=self._hooks(),
        )

    def _fault(self, place: str, value: str, problem: str) -> None:
        self.faults.append(Fault(f"{self._file}: {place}", value, problem))

    def _checked(self, place: str, value: str, check: Callable[[str], str]) -> str:
        try:
            return check(value)
        except ValueError as error:
            self._fault(place, value, str(error))
            return value

    def _file_at(self, place: str, name: str) -> Path | None:
        return self._existing(place, name) if name else None

    def _existing(self, place: str, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            self._fault(place, name, "is no file")
        return path

    def _signatories(self) -> Iterator[Signatory]:
        for place, each in enumerate(self._shape.signatories, 1):
            if each.contact and not each.organisation:
                self._fault(f"signatory[{place}].contact", each.contact, "is of no organisation")
            image = self._file_at(f"signatory[{place}].image", each.image)
            picture = str(image) if image else ""
            yield Signatory(
                each.name,
                each.title,
                picture,
                each.organisation,
                tuple(each.credentials),
                each.contact,
            )

    def _approvals(self) -> Iterator[Approval]:
        for place, each in enumerate(self._shape.approvals, 1):
            try:
                yield _approval(each)
            except ValueError as error:
                self._fault(f"approval[{place}]", "", str(error))

    def _ledger(self) -> str:
        url, source = self._shape.ledger.url, self._shape.ledger.url_file
        if source and (path := self._file_at("ledger.url_file", source)) and path.is_file():
            url = path.read_text("utf-8", "replace").strip()
        elif "@" in url and ":" in url.partition("://")[2].partition("@")[0]:
            self._fault(
                "ledger.url", "", "holds a password; use CECERT_LEDGER_URL, or url_file here"
            )
        return self._checked("ledger.url", url, lambda each: ledger_url(each, self._folder))

    def _fonts(self) -> Iterator[Path]:
        for place, each in enumerate(self._shape.certificate.fonts, 1):
            yield self._existing(f"certificate.fonts[{place}]", each)

    def _timestamp(self) -> str:
        seal = self._shape.seal
        if seal.timestamp and not seal.tsa_roots:
            self._fault(
                "seal.tsa_roots",
                "",
                "is missing: a file with the certificates of whoever vouches for the authority",
            )
        check = _password_address if seal.timestamp_user else _stamping_address
        return self._checked("seal.timestamp", seal.timestamp, check)

    def _timestamp_user(self) -> str:
        seal = self._shape.seal
        user = seal.timestamp_user
        if seal.timestamp_password_file and not user:
            self._fault("seal.timestamp_user", "", "is missing, though its password is there")
        if ":" in user:
            self._fault("seal.timestamp_user", user, "has a colon, which no such login may have")
        return user

    def _hardware_seal(self) -> HardwareKey | None:
        keys = self._shape.keys
        if (seal := keys.pkcs11) is None:
            return None
        if keys.seal:
            self._fault("keys.seal", keys.seal, "is a second seal beside pkcs11")
        module = str(self._existing("keys.pkcs11.module", seal.module))
        return HardwareKey(module, seal.token, seal.key, seal.cert or seal.key)

    def _places(self) -> Path | None:
        looks = self._shape.certificate
        if looks.places and not looks.letterhead:
            self._fault("certificate.places", looks.places, "belongs to a letterhead, and none is")
        return self._file_at("certificate.places", looks.places)

    def _cebroker(self) -> CeBrokerAccount | None:
        if (account := self._shape.export.cebroker) is None:
            return None
        # Every command reads this file, and few offices have one.
        from cecert.adapters.office_files.cebroker_account import cebroker_account

        return cebroker_account(account, self._fault)

    def _hooks(self) -> HookAddress | None:
        if (hooks := self._shape.hooks) is None:
            return None
        from cecert.adapters.office_files.hook_address import hook_address

        return hook_address(hooks, self._file_at, self._checked)

    def _folder_at(self, place: str, name: str) -> Path | None:
        if not name:
            return None
        if not (path := self._folder / name).is_dir():
            self._fault(place, name, "is no folder")
        return path


def _approval(shape: ApprovalShape) -> Approval:
    return Approval(
        credential=shape.credential,
        holder=shape.holder,
        number=shape.number,
        valid_from=shape.valid_from,
        valid_to=shape.valid_to,
        checked_on=shape.checked_on,
        status=shape.status,
        statement=shape.statement,
        formats=frozenset(shape.formats),
    )


def _stamping_address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc):
        raise ValueError("is not an http or https address without a user")
    return url


def _password_address(url: str) -> str:
    parts = urlsplit(_stamping_address(url))
    if url and parts.scheme != "https" and not is_loopback(parts.hostname):
        raise ValueError("is no https address, so that others could read the password")
    return url


def _accent(colour: str) -> str:
    if colour and not _COLOUR.fullmatch(colour):
        raise ValueError("is not a colour such as #1D3557")
    return colour


def new_office_files(templates: Path) -> Mapping[str, bytes]:
    """Return name and content of each file of a new office, from `templates/office/`."""
    return {name: (templates / "office" / name).read_bytes() for name in NAMES}
