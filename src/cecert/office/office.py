"""An office: its files, keys, ledger, archive and mail account, wired to the workflows.

This is the only place that knows both sides. `Office.open("cecert.toml")` is what the
command line does, and what a program that embeds cecert does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cecert.argument_types import typed
from cecert.office.given.holder import ValuesHolder
from cecert.office.holders.courses import CourseReader
from cecert.office.holders.ledger import REPUBLISH
from cecert.office.holders.published_note import published_at

# What draws, seals, mails and keeps is imported where it is used: a command that decides
# needs no PDF, database or key library, and loading them takes longer than its work.
if TYPE_CHECKING:
    from cecert.adapters.mail import EmlFolder
    from cecert.adapters.pades import PadesSealer
    from cecert.adapters.render.text.layout_draft import LayoutDraft
    from cecert.domain.course.approval import Approval
    from cecert.domain.course.provider import Provider, Signatory
    from cecert.domain.course.regime import Regime
    from cecert.office.given.parts import Keys, Looks, MailService
    from cecert.ports import Archive, Clock, Ledger, Log, Outbox, Randomness
    from cecert.workflows.deliver.deliver import MailRoom
    from cecert.workflows.hooks import HookDesk
    from cecert.workflows.issue.desk import IssuingDesk
    from cecert.workflows.verify.verify import Verifier

__all__ = ["Office"]


class Office(CourseReader):
    """One office, opened by its `cecert.toml`; a context manager, which closes the ledger.

    Nothing is opened before it is asked for: deciding needs no ledger, and looking at
    the ledger needs no key. Threads may share one, and what its `desk` returns.

    Attributes:
        file: What `cecert.toml` says.
        actor: Who acts, for the ledger's events.
        clock, randomness: The machine's.
        warn: Is told what a person should know of an act that was done all the same.
    """

    @classmethod
    @typed
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
        office._clock_check.against("the site", published_at(office), office.clock, REPUBLISH)
        return office

    @classmethod
    @typed
    def from_values(  # noqa: PLR0913  # what `cecert.toml` says
        cls,
        provider: Provider,
        signatories: Sequence[Signatory],
        approvals: Sequence[Approval],
        *,
        verify_url: str,
        ledger: str | Ledger,
        archive: Archive,
        outbox: Outbox | None = None,
        log: Log | None = None,
        keys: Keys | None = None,
        trust: bytes | Callable[[], bytes] = b"",
        mail: MailService | None = None,
        regimes: Sequence[Regime] = (),
        looks: Looks | None = None,
        layouts: Sequence[LayoutDraft] = (),
        mirrors: Sequence[str] = (),
        clock: Clock | None = None,
        randomness: Randomness | None = None,
        actor: str = "a program",
        warn: Callable[[str], None] | None = None,
    ) -> Office:
        """Return an office that has no files: the same checks are made of what is given.

        What the commands on keys and `publish` do with files is then the program's: `sign_trust`
        makes a trust file.

        Args:
            provider: Who answers for the courses; its id never changes.
            signatories: Who signs; an `image` is a name among the pictures in *looks*.
            approvals: What the office may claim.
            verify_url: Address of the verify page, ending in `/`.
            ledger: The ledger, or its SQLAlchemy URL; several providers may share one database.
            archive: Keeps the sealed documents.
            outbox: The mails that were promised, where *ledger* is no URL.
            log: The leaves of the log, where *ledger* is no URL.
            keys: What it signs with; None for an office that issues nothing.
            trust: The signed trust file, or what returns the one that is in force now; the
                latter is asked again whenever certificates are entered.
            mail: What takes its mails; None for an office that sends none.
            regimes: Its own, besides those that cecert ships, of which they take the place.
            looks: How certificates look, None for the layout `classic` on letter paper.
            layouts: Layouts of its own, for `Looks.layout` to name.
            mirrors: Further addresses of the verify page.
            clock: Tells the time, None for the machine's.
            randomness: Chooses status slots, None for the machine's.
            actor: Who acts, for the ledger's events.
            warn: Is told what a person should know; None tells nobody.

        Raises:
            ConfigurationError: If something of it cannot be used; every fault is listed.
        """
        from cecert.office.given.checked import checked_values
        from cecert.office.given.parts import Looks, Parts

        parts = Parts(
            ledger=ledger,
            archive=archive,
            outbox=outbox,
            log=log,
            keys=keys,
            trust=(lambda: trust) if isinstance(trust, bytes) else trust,
            mail=mail,
            regimes=tuple(regimes),
            looks=looks or Looks(),
            layouts=tuple(layouts),
        )
        file = checked_values(provider, signatories, approvals, parts, verify_url, mirrors)
        office = OfficeOfValues(file, actor, parts, warn)
        office.clock = clock or office.clock
        office.randomness = randomness or office.randomness
        return office

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
        from cecert.office.keys.keys import make

        return make(self, Passphrases(passphrase, root_passphrase or passphrase))

    def sign_trust_file(self, root_passphrase: str) -> str:
        """Sign the trust file anew, after a change of approvals, hosts or keys.

        Returns:
            The root's thumbprint, hexadecimal.

        Raises:
            KeyStoreError: If the root key is missing or the passphrase wrong.
            ConfigurationError: If a certificate that stands would not verify any more.
        """
        from cecert.office.keys.keys import sign

        return sign(self, root_passphrase)

    # What issuing, mailing and verifying need

    def desk(self) -> IssuingDesk:
        """Return what `issue` needs; it opens keys and ledger.

        Raises:
            KeyStoreError: If a key is missing, or its passphrase; or if the keys are older than
                the ledger.
            LedgerError: If the ledger cannot be opened.
        """
        from cecert.office.issue.desk import issuing_desk

        return issuing_desk(self, self.refuse_older)

    def refuse_older(self) -> None:
        """Refuse to issue with keys or a ledger that are older than what the other says.

        Raises:
            KeyStoreError: If the keys are.
            LedgerError: If the ledger is, or cannot be opened.

        Internal.
        """
        from cecert.office.keys.returned import refuse_older_keys
        from cecert.office.log.log import refuse_older_ledger

        refuse_older_keys(self)
        refuse_older_ledger(self)

    def sealer(self) -> PadesSealer:
        """Return what seals in the provider's name; it opens keys and ledger.

        Raises:
            KeyStoreError: As `desk`.
            LedgerError: As `desk`.

        Internal.
        """
        from cecert.office.issue.desk import fit_keys
        from cecert.office.issue.sealing import sealing_of

        return sealing_of(self, fit_keys(self, self.refuse_older).seal).sealer

    def mail_room(self) -> MailRoom:
        """Return what `deliver` needs.

        Raises:
            ConfigurationError: If `cecert.toml` names no mail account, or one that cannot
                be used.
            LedgerError: If the ledger cannot be opened.
        """
        from cecert.office.mail.mail import mail_room

        return mail_room(self, self._secrets)

    def hook_desk(self) -> HookDesk:
        """Return what posting changes to another system needs (`cecert.office.hooks`).

        Internal.
        """
        from cecert.office.hooks import hook_desk

        return hook_desk(self, self._secrets)

    def verifier(self) -> Verifier:
        """Return what `verify` needs, trusting the office's own trust file; it asks no host."""
        from cecert.office.verify.verify import office_verifier

        return office_verifier(self.trust_path, self.trust())

    def eml_folder(self, folder: str | os.PathLike[str]) -> EmlFolder:
        """Return a folder that takes mails as `<ID>.eml`.

        Internal.
        """
        from cecert.adapters.mail import EmlFolder

        return EmlFolder(Path(folder))


class OfficeOfValues(ValuesHolder, Office):
    """An office that has no files; threads may share one as they may an office of files."""
