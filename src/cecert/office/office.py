"""An office: its files, keys, ledger, archive and mail account, wired to the workflows.

This is the only place that knows both sides. `Office.open("cecert.toml")` is what the
command line does, and what a program that embeds cecert does.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from cecert.adapters.assets import asset_folder
from cecert.adapters.clock import SystemRandomness
from cecert.domain.course.course import Course
from cecert.domain.course.provider import Signatory
from cecert.domain.mail.message import MailAccount, alignment_problems
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import ConfigurationError, Fault, LedgerError
from cecert.office.clock_check import ClockCheck
from cecert.office.courses import course_file
from cecert.office.key_holder import KeyHolder
from cecert.office.published_note import published_at
from cecert.office.settings import LEDGER_URL, Secrets, overridden
from cecert.ports import CompletionList, Ledger, Log, Outbox, Randomness

# What draws, seals, mails and keeps is imported where it is used: a command that decides
# needs no PDF, database or key library, and loading them takes longer than its work.
if TYPE_CHECKING:
    from cecert.adapters.database import Database
    from cecert.adapters.keys import KeyStore
    from cecert.adapters.mail import EmlFolder
    from cecert.adapters.office_files import CourseReading, OfficeFile
    from cecert.adapters.pades import PadesSealer
    from cecert.adapters.render import CertificateRenderer, Letterhead, TranscriptRenderer
    from cecert.adapters.storage.archive import FolderArchive
    from cecert.adapters.zoom import ZoomAccount
    from cecert.ports import LedgerPages
    from cecert.workflows.certificates import CertificatePage
    from cecert.workflows.changes import ChangePage
    from cecert.workflows.deliver.deliver import MailRoom
    from cecert.workflows.hooks import HookDesk
    from cecert.workflows.issue.desk import IssuingDesk
    from cecert.workflows.preview import PreviewDesk
    from cecert.workflows.verify.verify import Verifier

__all__ = ["Office", "loaded_course"]


LOCK = ".changing"
"""Name of the file that is locked while the office publishes or changes keys."""

_REISSUE = "verifiers refuse what was issued then until that time: revoke it, and issue again"
_PUBLISH_AGAIN = (
    "verifiers refuse what was published then until that time: publish it again, with "
    "--clock-was-ahead"
)
_SIGN_AGAIN = "verifiers refuse it until that time: cecert keys sign makes it anew"


class Office(KeyHolder):
    """One office, opened by its `cecert.toml`; a context manager, which closes the ledger.

    Nothing is opened before it is asked for: deciding needs no ledger, and looking at
    the ledger needs no key. Threads may share one, and what its `desk` returns.

    Attributes:
        file: What `cecert.toml` says.
        actor: Who acts, for the ledger's events.
        clock, randomness: The machine's.
        warn: Is told what a person should know of an act that was done all the same.
    """

    def __init__(
        self,
        file: OfficeFile,
        actor: str,
        environ: Mapping[str, str],
        ask: Callable[[str], str] | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        """Take what `open` has read."""
        super().__init__(file, Secrets(environ, warn), ask)
        self.actor = actor
        self._environ = environ
        self.randomness: Randomness = SystemRandomness()
        self.warn: Callable[[str], None] = warn or _tell_nobody
        self._clock_check = ClockCheck(warn)
        self._database: Database | None = None
        self._opening = RLock()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        actor: str = "",
        environ: Mapping[str, str] | None = None,
        ask: Callable[[str], str] | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the office of a `cecert.toml`.

        Args:
            path: The file.
            actor: Who acts; "" for `CECERT_ACTOR`, else the program.
            environ: Where secrets and overrides are looked up, None for the process's.
            ask: Asks a person for a passphrase that is found nowhere else, None for nobody.
            warn: Is told, once, of each file with a secret that others than its owner may
                read, and of a clock that is behind the site, the ledger or the trust file;
                None tells nobody.

        Raises:
            ConfigurationError: If the file cannot be used; every fault is listed.
        """
        from cecert.adapters.office_files import read_office

        found = os.environ if environ is None else environ
        who = actor or found.get("CECERT_ACTOR", "") or "a program"
        office = cls(read_office(Path(path)), who, found, ask, warn)
        office._clock_check.against("the site", published_at(office), office.clock, _PUBLISH_AGAIN)
        return office

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the ledger, if it was opened."""
        with self._opening:
            if self._database is not None:
                self._database.close()
                self._database = None

    # What files say

    def findings(self) -> tuple[Finding, ...]:
        """Return all that is wrong or unchecked in the office's approvals and signatories."""
        from cecert.domain.course.approval_use import findings_of_approvals

        return (
            *findings_of_approvals(self.file.approvals, self.regimes),
            *(
                Finding(
                    Severity.ERROR,
                    f"cecert.toml: signatory[{number}].for",
                    f"no regime file knows {credential}",
                )
                for number, each in enumerate(self.file.signatories, 1)
                for credential in each.credentials
                if credential not in self.regimes
            ),
        )

    def mail_findings(self) -> tuple[Finding, ...]:
        """Return what makes receivers take the office's mails for forged."""
        if self.file.mail is None:
            return ()
        found = alignment_problems(self.mail_account())
        return tuple(Finding(Severity.WARNING, "cecert.toml: mail.from", each) for each in found)

    def course_path(self, given: str | os.PathLike[str]) -> Path:
        """Return the file of a course that is named by its file, its folder or its id.

        Raises:
            ConfigurationError: If there is none, or the id is several courses'.
        """
        return course_file(self.file.folder, given)

    def course_reading(self, path: str | os.PathLike[str]) -> CourseReading:
        """Read a course, by file, folder or id, with all that is wrong or unchecked about it.

        Raises:
            ConfigurationError: If there is no such course.
        """
        from cecert.adapters.office_files import read_course

        return read_course(self.course_path(path), self.file, self.regimes)

    def drawing_findings(self, reading: CourseReading, file: str) -> tuple[Finding, ...]:
        """Return what keeps a course's certificates from being drawn, by drawing some of nobody.

        There are none of a course that did not load: its own findings say why. *file* is the
        course's, for the findings' places.
        """
        from cecert.domain.course.typography import typographic_findings, upright_findings
        from cecert.office.letterhead import letterhead_findings
        from cecert.workflows.preview import drawing_findings

        if (course := reading.course) is None:
            return ()
        try:
            renderer = self.renderer()
        except ConfigurationError as error:
            faults = error.faults or (Fault("cecert.toml", "", str(error)),)
            return tuple(
                Finding(Severity.ERROR, each.place, str(each).removeprefix(f"{each.place}: "))
                for each in faults
            )
        told = letterhead_findings(self.letterhead())
        proposed = typographic_findings(course, file)
        desk = self.preview_desk()
        upright = partial(renderer.upright_letter, layout=desk.layout)
        return (
            *told,
            *proposed,
            *upright_findings(course, file, upright),
            *drawing_findings(course, desk, renderer, file),
        )

    def course(self, path: str | os.PathLike[str]) -> Course:
        """Return the course that *path* names: its file, its folder, or its id.

        Raises:
            ConfigurationError: If it cannot be used; every error is listed.
        """
        return loaded_course(self.course_reading(path), path)

    def completions(self, path: str | os.PathLike[str], course: Course) -> CompletionList:
        """Read a completion list (.csv, .xlsx, .jsonl), good rows and bad cells.

        Raises:
            InputError: If the file as a whole cannot be read.
        """
        from cecert.adapters.completion_list import read_completions
        from cecert.domain.course.credential_choices import CredentialChoices

        choices = CredentialChoices.of(self.regimes)
        return read_completions(Path(path), course, choices, self.clock.now())

    # What is kept

    @property
    def ledger(self) -> Ledger:
        """The ledger of the office, opened when it is first asked for.

        Raises:
            LedgerError: If it is missing, of a newer version, or cannot be opened.
        """
        return self._opened().ledger

    @property
    def written_ledger(self) -> Ledger:
        """The ledger of the office, for who will write it.

        Raises:
            LedgerError: If it is missing, of a newer version, or cannot be opened.
        """
        return self._written().ledger

    def trust(self) -> TrustFile:
        """Return the office's signed trust file, and warn if it is of a time to come.

        Raises:
            KeyStoreError: If it is missing or damaged.
        """
        trust = super().trust()
        signed = datetime.fromtimestamp(trust.issued_at, UTC)
        self._clock_check.against("the trust file", signed, self.clock, _SIGN_AGAIN)
        return trust

    @property
    def outbox(self) -> Outbox:
        """The mails that were promised."""
        return self._opened().outbox

    @property
    def log(self) -> Log:
        """The leaves of the log of what was entered, superseded and revoked."""
        return self._opened().log

    @property
    def pages(self) -> LedgerPages:
        """The ledger, read a page at a time."""
        return self._opened().pages

    def changes(self, after: str = "", limit: int = 500) -> ChangePage:
        """Return what happened since a cursor, exactly once and in order (`changes_of`)."""
        from cecert.office.changes import changes_of

        return changes_of(self, after, limit)

    def certificates(
        self,
        after: str = "",
        limit: int = 500,
        *,
        participant: str = "",
        course: str = "",
        email: str = "",
    ) -> CertificatePage:
        """Return certificates in order of issue, of those that are asked for (`certificates_of`).

        Args:
            after: The cursor of the page before, "" for the first.
            limit: So many at most, from 1 to 1,000.
            participant: Of this identity alone, "" for everybody.
            course: Of the course with this id alone, "" for all.
            email: Of those that were mailed there, "" for anywhere.

        Raises:
            InputError: If the cursor cannot be gone on from.
        """
        from cecert.office.changes import certificates_of
        from cecert.ports import Wanted

        return certificates_of(self, Wanted(participant, course, email), after, limit)

    @property
    def ledger_url(self) -> str:
        """Where the ledger is; it may hold a password."""
        return self._environ.get(LEDGER_URL) or self.file.ledger_url

    def _opened(self) -> Database:
        with self._opening:
            if self._database is None:
                from cecert.adapters.database import open_database

                self._database = open_database(self.ledger_url, self.file.provider.id)
                self._tell_newer(self._database.newer_format)
                newest = self._database.ledger.newest_instant()
                self._clock_check.against("the ledger", newest, self.clock, _REISSUE)
            return self._database

    def _tell_newer(self, found: int | None) -> None:
        if found is not None:
            self.warn(
                f"the ledger is of a newer version, format {found}: this cecert reads what it "
                "knows of it, and changes nothing"
            )

    def _written(self) -> Database:
        """Return the ledger for those who will write it: better refused now than half-way.

        Raises:
            LedgerError: If it is missing, of a newer version, or cannot be opened.
        """
        database = self._opened()
        database.refuse_newer()
        return database

    @cached_property
    def archive(self) -> FolderArchive:
        """The archive of the sealed documents."""
        from cecert.adapters.storage.archive import FolderArchive

        return FolderArchive(self.file.archive)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other commands that publish or change keys out until the context ends.

        A file is locked on this machine; where the ledger is on PostgreSQL, other machines
        are kept out too. That somebody is waited for is told.

        Raises:
            LedgerError: If another holds the office for ten minutes.
        """
        from cecert.adapters.storage.folder_lock import FolderLock, wait_for

        def tell() -> None:
            self.warn("another command publishes or changes keys of this office: waiting")

        with FolderLock(self.file.folder / LOCK).hold(tell), ExitStack() as held:
            try:
                database = self._opened()
            except LedgerError:  # keys are changed without one, too
                pass
            else:
                held.enter_context(database.lock(lambda take: wait_for(take, tell)))
            yield

    # What is signed

    def make_keys(self, passphrase: str, root_passphrase: str | None = None) -> str:
        """Make the office's keys and sign its trust file.

        Args:
            passphrase: For the keys that daily work needs.
            root_passphrase: For the root and CA key, None for the same.

        Returns:
            The root's thumbprint, hexadecimal: verifiers pin it.

        Raises:
            KeyStoreError: If there are keys, or the folder cannot be written.
        """
        from cecert.adapters.keys import Passphrases
        from cecert.office.keys import make

        return make(self, Passphrases(passphrase, root_passphrase or passphrase))

    def sign_trust_file(self, root_passphrase: str) -> str:
        """Sign the trust file anew, after a change of approvals, hosts or keys.

        Returns:
            The root's thumbprint, hexadecimal.

        Raises:
            KeyStoreError: If the root key is missing or the passphrase wrong.
            ConfigurationError: If a certificate that stands would not verify any more.
        """
        from cecert.office.keys import sign

        return sign(self, root_passphrase)

    # What issuing, mailing and verifying need

    def desk(self) -> IssuingDesk:
        """Return what `issue` needs; it opens keys and ledger.

        Raises:
            KeyStoreError: If a key is missing, or its passphrase; or if the keys are older than
                the ledger.
            LedgerError: If the ledger cannot be opened.
        """
        from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
        from cecert.adapters.keys.signatures import P256Signer
        from cecert.adapters.pades import PadesSealer, sealers_of_before, signer_of
        from cecert.domain.cose.low_s import LowSSigner
        from cecert.office.keys_in_force import KeysInForce
        from cecert.workflows.issue.desk import FormerMaker, IssuingDesk

        try:
            trust_file = self.trust_path.read_bytes()
        except OSError:  # told below, after what keys lack
            trust_file = b""
        keys, trust = self._fit_keys(), self.trust()
        seal = keys.seal
        pen = signer_of(seal.private_key)
        sealer = PadesSealer(pen, seal.signing_cert, seal.chain)

        def former() -> list[FormerMaker]:
            makers = sealers_of_before(pen, seal.signing_cert, seal.chain)
            return [FormerMaker(self.renderer(seal_room=each.room), each) for each in makers]

        signer = LowSSigner(P256Signer(keys.token_key))
        in_force = KeysInForce(self.trust_path, trust_file, signer.public_key.kid, seal, self.clock)
        looks = self.preview_desk()
        return IssuingDesk(
            provider=looks.provider,
            signatories=looks.signatories,
            layout=looks.layout,
            paper=looks.paper,
            verify_prefix=looks.verify_prefix,
            verify_host=looks.verify_host,
            mail_host=self._mail_host(),
            id_key=keys.id_key,
            token_signer=signer,
            trust=trust,
            renderer=self.renderer(seal_room=sealer.room),
            sealer=sealer,
            archive=self.archive,
            ledger=self.written_ledger,
            pdf_reader=LimitedPdfReader(ReadingProcess.shared()),
            clock=self.clock,
            randomness=self.randomness,
            actor=self.actor,
            former=former,
            require_keys=in_force.require,
        )

    def _fit_keys(self) -> KeyStore:
        """Return the keys, if verifiers know the seal and neither they nor the ledger are older."""
        from cecert.office.keys_back import refuse_older_keys
        from cecert.office.log import refuse_older_ledger
        from cecert.office.seal import require_fit_seal, require_listed_seal

        keys, now = self._keys(), self.clock.now()
        require_fit_seal(keys.seal, now)
        require_listed_seal(self.trust(), keys.seal, now)
        refuse_older_keys(self)
        refuse_older_ledger(self)
        return keys

    def sealer(self) -> PadesSealer:
        """Return what seals in the provider's name; it opens keys and ledger.

        Raises:
            KeyStoreError: As `desk`.
            LedgerError: As `desk`.
        """
        from cecert.adapters.pades import PadesSealer, signer_of

        seal = self._fit_keys().seal
        return PadesSealer(signer_of(seal.private_key), seal.signing_cert, seal.chain)

    def transcript_renderer(self, seal_room: int) -> TranscriptRenderer:
        """Return what draws the office's transcripts, with so many bytes left for a seal."""
        from cecert.adapters.render import TranscriptRenderer

        return TranscriptRenderer(
            templates=asset_folder("templates"),
            fonts=asset_folder("fonts"),
            pictures=_signature_pictures(self.file),
            accent=self.file.accent,
            extra_fonts=self.file.fonts,
            seal_room=seal_room,
        )

    def preview_desk(self) -> PreviewDesk:
        """Return what a preview needs; it opens neither keys nor ledger."""
        from cecert.workflows.preview import PreviewDesk

        prefix = f"{self.file.verify_url}#"
        return PreviewDesk(
            provider=self.file.provider,
            signatories=_signatories(self.file),
            layout=f"{self.file.layout}/1",
            paper=self.file.paper,
            verify_prefix=prefix,
            verify_host=urlsplit(prefix).hostname or "",
            now=self.clock.now(),
        )

    def letterhead(self) -> Letterhead | None:
        """Return the page that certificates are drawn on; None if they are on the layout's own.

        Raises:
            ConfigurationError: If it cannot be used.
        """
        from cecert.office.letterhead import opened_letterhead

        if self.file.letterhead is None:
            return None
        return opened_letterhead(self.file.letterhead, self.file.places)

    def renderer(self, seal_room: int | None = None) -> CertificateRenderer:
        """Return what draws the office's certificates, with so many bytes left for a seal."""
        from cecert.adapters.render import SEAL_ROOM, CertificateRenderer, picture_file

        logo = None if self.file.logo is None else picture_file(self.file.logo)
        return CertificateRenderer(
            templates=asset_folder("templates"),
            fonts=asset_folder("fonts"),
            pictures=_signature_pictures(self.file),
            logo=logo,
            accent=self.file.accent,
            extra_fonts=self.file.fonts,
            letterhead=self.letterhead(),
            seal_room=SEAL_ROOM if seal_room is None else seal_room,
        )

    def mail_room(self) -> MailRoom:
        """Return what `deliver` needs.

        Raises:
            ConfigurationError: If `cecert.toml` names no mail account, or one that cannot
                be used.
            LedgerError: If the ledger cannot be opened.
        """
        import socket

        from cecert.adapters.mail import FilePresence, SendLogFile, TemplateMailWriter
        from cecert.office.log import kept_checkpoint
        from cecert.office.mail import mail_look, mail_sender, sent_folder
        from cecert.workflows.deliver.deliver import MailRoom

        account = self.mail_account()
        station = f"{socket.gethostname()}:{self.file.folder.resolve()}/"
        return MailRoom(
            ledger=self.written_ledger,
            outbox=self.outbox,
            archive=self.archive,
            writer=TemplateMailWriter(
                asset_folder("templates"),
                account,
                self.file.provider,
                self.file.mail_templates,
                mail_look(self.file),
            ),
            sender=mail_sender(self.file, account, self._secrets),
            sent_folder=sent_folder(self.file, account, self._secrets),
            send_log=SendLogFile(self.file.folder / "sent.jsonl"),
            presence=FilePresence(self.file.folder / ".delivering"),
            clock=self.clock,
            randomness=self.randomness,
            account=account,
            owner=f"{station}{os.getpid()}-{secrets.token_hex(8)}",
            station=station,
            actor=self.actor,
            checkpoint=kept_checkpoint(self),
        )

    def mail_account(self) -> MailAccount:
        """Return the mail account: the file's, overridden by `CECERT_SMTP_*`.

        Raises:
            ConfigurationError: If there is none, or an override is none.
        """
        if self.file.mail is None:
            raise ConfigurationError(
                "cecert.toml names no mail account", hint="fill in its [mail] table"
            )
        return overridden(self.file.mail, self._environ)

    def zoom_account(self) -> ZoomAccount:
        """Return the app that Zoom is asked with: the file's, overridden by `CECERT_ZOOM_*`.

        Raises:
            ConfigurationError: If something of it is missing.
        """
        from cecert.office.fetch import zoom_account

        return zoom_account(self.file.zoom, self._secrets)

    def hook_desk(self) -> HookDesk:
        """Return what posting changes to another system needs (`cecert.office.hooks`)."""
        from cecert.office.hooks import hook_desk

        return hook_desk(self, self._secrets)

    def verifier(self) -> Verifier:
        """Return what `verify` needs, trusting the office's own trust file; it asks no host."""
        from cecert.office.verify import office_verifier

        return office_verifier(self.trust_path, self.trust())

    def eml_folder(self, folder: str | os.PathLike[str]) -> EmlFolder:
        """Return a folder that takes mails as `<ID>.eml`."""
        from cecert.adapters.mail import EmlFolder

        return EmlFolder(Path(folder))

    def _mail_host(self) -> str:
        # Message-IDs are made in the sender's own domain, which nobody else may use.
        account = self.file.mail
        sender = self.file.provider.email if account is None else account.sender
        return sender.rpartition("@")[2] or "localhost"


def _tell_nobody(warning: str) -> None:
    del warning


def loaded_course(reading: CourseReading, path: str | os.PathLike[str]) -> Course:
    """Return the course that was read of the file *path*.

    Raises:
        ConfigurationError: If it cannot be used; every error is listed.
    """
    if reading.course is None:
        faults = tuple(each.fault for each in reading.errors)
        raise ConfigurationError(f"{path} cannot be used", faults)
    return reading.course


def _signatories(file: OfficeFile) -> tuple[Signatory, ...]:
    return tuple(replace(each, image=_image_name(file, each.image)) for each in file.signatories)


def _signature_pictures(file: OfficeFile) -> Mapping[str, bytes]:
    from cecert.adapters.render import picture_file

    return {
        _image_name(file, each.image): picture_file(Path(each.image))
        for each in file.signatories
        if each.image
    }


def _image_name(file: OfficeFile, image: str) -> str:
    # The record keeps where the picture lay in the office, not where the office lies.
    return Path(os.path.relpath(image, file.folder)).as_posix() if image else ""
