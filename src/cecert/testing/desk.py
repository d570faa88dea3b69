"""A whole office in memory: the same workflows as a real one, over fakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Paper
from cecert.domain.course.course import Course
from cecert.domain.mail.account import MailAccount, MailSecurity
from cecert.domain.trust.trust_file import KeyUse, Scope, SealCert, TrustedKey, TrustFile
from cecert.errors import WrongValueError
from cecert.testing.mail import Alone, MemoryMailSender, MemorySendLog, PlainMailWriter
from cecert.testing.memory import MemoryLedger
from cecert.testing.memory_archive import MemoryArchive
from cecert.testing.plain import (
    SIGNING_CERT,
    FakeSigner,
    PlainPdfReader,
    PlainRenderer,
    StampSealer,
    StampSealReader,
    checker_of,
)
from cecert.testing.samples import sample_course, sample_provider, sample_signatory
from cecert.workflows.deliver.deliver import MailRoom
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.verify.verify import Verifier

__all__ = ["FixedClock", "MemoryOffice", "SeededRandomness"]


class FixedClock:
    """A clock that stands still until it is told otherwise."""

    @typed
    def __init__(self, at: datetime) -> None:
        """Stand at *at*, which must be aware."""
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at

    def forward(self, by: timedelta) -> None:
        """Move the clock on, or back with a negative span."""
        self.at += by


class SeededRandomness:
    """Chance that is the same in every run: a linear congruential generator."""

    @typed
    def __init__(self, seed: int = 1) -> None:
        self._state = seed

    @typed
    def below(self, bound: int) -> int:
        """Return the next integer in [0, *bound*).

        Raises:
            WrongValueError: If there is none.
        """
        if bound < 1:
            raise WrongValueError(f"nothing is from 0 and below {bound}")
        # Knuth, The Art of Computer Programming 3.3.4, line 26 (MMIX).
        self._state = (6364136223846793005 * self._state + 1442695040888963407) % 2**64
        return (self._state >> 16) % bound


class MemoryOffice:
    """An office whose files, keys, clock and ledger are all in memory.

    Attributes:
        clock: Stands at November 5, 2020, a week after `sample_course` ended.
        archive, ledger: Filled by `issue`; the ledger is the outbox too.
        sender: Filled by `deliver`.
    """

    @typed
    def __init__(self, courses: Sequence[Course] = ()) -> None:
        """Make an office whose trust file covers *courses*, else `sample_course`."""
        self.clock = FixedClock(datetime(2020, 11, 5, 15, tzinfo=UTC))
        self.archive = MemoryArchive()
        self.ledger = MemoryLedger()
        self.sender = MemoryMailSender()
        self._send_log = MemorySendLog()
        self._courses = tuple(courses) or (sample_course(),)
        self._root, self._signer = FakeSigner("root"), FakeSigner("token")
        self._randomness = SeededRandomness()

    def desk(self, actor: str = "cecert.testing") -> IssuingDesk:
        """Return a desk at which *actor* can `issue`."""
        return IssuingDesk(
            provider=sample_provider(),
            signatories=(sample_signatory(),),
            layout="classic/1",
            paper=Paper.LETTER,
            verify_prefix="https://verify.example.edu/#",
            verify_host="verify.example.edu",
            mail_host="example.edu",
            id_key=b"the id key of cecert.testing, 32+",
            token_signer=self._signer,
            check_signature=checker_of([self._signer]),
            trust=self.trust(),
            renderer=PlainRenderer(),
            sealer=StampSealer(),
            archive=self.archive,
            ledger=self.ledger,
            pdf_reader=PlainPdfReader(),
            clock=self.clock,
            randomness=self._randomness,
            actor=actor,
        )

    def mail_room(self, actor: str = "cecert.testing") -> MailRoom:
        """Return what `deliver` needs; its mail service takes every mail."""
        return MailRoom(
            ledger=self.ledger,
            outbox=self.ledger,
            archive=self.archive,
            writer=PlainMailWriter(),
            sender=self.sender,
            send_log=self._send_log,
            presence=Alone(),
            clock=self.clock,
            randomness=self._randomness,
            account=MailAccount("localhost", 25, MailSecurity.NONE, "ce@example.edu"),
            owner="memory/1",
            station="memory/",
            actor=actor,
        )

    def verifier(self) -> Verifier:
        """Return what `verify` needs; no status list is published."""
        return Verifier(
            trust=self.trust(),
            root_pinned=True,
            check_signature=checker_of([self._root, self._signer]),
            pdf_reader=PlainPdfReader(),
            seal_reader=StampSealReader(),
            clock=self.clock,
        )

    def trust(self) -> TrustFile:
        """Return the trust file, which covers every credit of the courses for ever."""
        first = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
        window = (first, first + 400 * 86_400)
        scopes = _scopes(self._courses)
        key = TrustedKey(self._signer.public_key, *window, KeyUse.TOKEN, tuple(sorted(scopes)))
        return TrustFile(
            issuer=sample_provider().id,
            sequence=first,
            issued_at=first,
            refresh_by=window[1],
            name=sample_provider().name,
            credits=scopes,
            hosts=("verify.example.edu",),
            status_bases=("https://verify.example.edu/status/",),
            keys=(key,),
            root=self._root.public_key,
            seals=(SealCert(SIGNING_CERT, *window),),
        )


def _scopes(courses: Sequence[Course]) -> dict[int, tuple[Scope, ...]]:
    found: defaultdict[int, dict[str, Scope]] = defaultdict(dict)
    for line in (each for course in courses for each in course.credit_lines):
        number = line.token_provider
        found[line.code][number] = Scope(number, line.label, date(2000, 1, 1), date(2099, 12, 31))
    return {code: tuple(scopes.values()) for code, scopes in found.items()}
