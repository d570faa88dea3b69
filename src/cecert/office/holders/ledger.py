"""Who holds an office's ledger, archive and mail account: opened once, and never half-way.

Whether this machine's clock can be right is asked here too: what the office has was not made
tomorrow. An office that issues, signs or publishes under a clock that is ahead makes things
that verifiers refuse until that time comes. It cannot know at that moment; it can when the
clock is right again, and says so before more is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cecert.adapters.clock import SystemRandomness
from cecert.domain.mail.account import MailAccount, alignment_problems
from cecert.domain.trust.issue_dates import is_ahead, issue_date
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import ConfigurationError, LedgerError
from cecert.office.holders.keys import KeyHolder
from cecert.office.holders.settings import LEDGER_URL, Secrets, overridden

# The database library is imported where it is used: deciding needs none.
if TYPE_CHECKING:
    from cecert.adapters.database import Database
    from cecert.adapters.office_files import OfficeFile
    from cecert.ports import Archive, Clock, Ledger, LedgerPages, Log, Outbox, Randomness
    from cecert.workflows.certificates import CertificatePage
    from cecert.workflows.changes import ChangePage

__all__ = ["LOCK", "REPUBLISH", "LedgerHolder"]

LOCK = ".changing"
"""Name of the file that is locked while the office publishes or changes keys."""

_REISSUE = "verifiers refuse what was issued then until that time: revoke it, and issue again"
REPUBLISH = (
    "verifiers refuse what was published then until that time: publish it again, with "
    "--clock-was-ahead"
)
_SIGN_AGAIN = "verifiers refuse it until that time: cecert keys sign makes it anew"


class ClockCheck:
    """Compares what was made before with the clock, and warns once of each thing."""

    def __init__(self, warn: Callable[[str], None] | None) -> None:
        """Take who is told; None tells nobody."""
        self._warn = warn
        self._told: set[str] = set()

    def against(self, what: str, newest: datetime | None, clock: Clock, remedy: str) -> None:
        """Warn if something lies more than 300 s ahead.

        Args:
            what: What the office has: its ledger, its trust file.
            newest: The latest instant in it; None if there is none.
            clock: This machine's.
            remedy: What to do if this clock is right.
        """
        if self._warn is None or newest is None or what in self._told:
            return
        made, now = int(newest.timestamp()), int(clock.now().timestamp())
        if is_ahead(made, now):
            self._told.add(what)
            self._warn(
                f"{what} says {issue_date(made)}, and this clock {issue_date(now)}: look at this "
                f"clock; if it is right, it was ahead then, and {remedy}"
            )


class LedgerHolder(KeyHolder):
    """Whoever holds the ledger and the archive that an office's file names.

    Attributes:
        actor: Who acts, for the ledger's events.
        warn: Is told what a person should know of an act that was done all the same.
        randomness: The machine's.
    """

    def __init__(
        self,
        file: OfficeFile,
        actor: str,
        environ: Mapping[str, str],
        ask: Callable[[str], str] | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        """Take the office's file, who acts, the environment, who is asked and who is warned.

        Internal.
        """
        super().__init__(file, Secrets(environ, warn), ask)
        self.actor = actor
        self.randomness: Randomness = SystemRandomness()
        self.warn: Callable[[str], None] = warn or _tell_nobody
        self._environ = environ
        self._clock_check = ClockCheck(warn)
        self._database: Database | None = None
        self._opening = RLock()

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
    def pages(self) -> LedgerPages:
        """The ledger, read a page at a time."""
        return self._opened().pages

    @property
    def log(self) -> Log:
        """The leaves of the log of what was entered, superseded and revoked."""
        return self._opened().log

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

    def changes(self, after: str = "", limit: int = 500) -> ChangePage:
        """Return what happened since a cursor, exactly once and in order.

        *limit* is from 1 to 1,000.

        Raises:
            InputError: If the cursor cannot be gone on from.
            LedgerError: If the ledger cannot be read.
        """
        from cecert.workflows.changes import changes

        return changes(self.pages, self.file.provider.id, after, limit)

    def certificates(
        self,
        after: str = "",
        limit: int = 500,
        *,
        participant: str = "",
        course: str = "",
        email: str = "",
    ) -> CertificatePage:
        """Return certificates in order of issue, of those that are asked for.

        Args:
            after: The cursor of the page before, "" for the first.
            limit: So many at most, from 1 to 1,000.
            participant: Of this identity alone, "" for everybody.
            course: Of the course with this id alone, "" for all.
            email: Of those that were mailed there, "" for anywhere.

        Raises:
            InputError: If the cursor cannot be gone on from.
        """
        from cecert.ports import Wanted
        from cecert.workflows.certificates import certificates

        wanted = Wanted(participant, course, email)
        return certificates(self.pages, self.file.provider.id, wanted, after, limit)

    def mail_findings(self) -> tuple[Finding, ...]:
        """Return what makes receivers take the office's mails for forged."""
        if self.file.mail is None:
            return ()
        found = alignment_problems(self.mail_account())
        return tuple(Finding(Severity.WARNING, "cecert.toml: mail.from", each) for each in found)

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

    @cached_property
    def archive(self) -> Archive:
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


def _tell_nobody(warning: str) -> None:
    del warning
