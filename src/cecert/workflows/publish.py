"""Publishing: the verify page, the trust file, the status lists, and nothing that names anybody.

What is on the site already and still true is left as it is, so that running it again
within the day changes nothing. The page is written last: it never promises a list that
is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.cose.cose import CheckSignature, TokenSigner
from cecert.domain.trust.build import jwks_of
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.issue_dates import issue_date
from cecert.domain.trust.keys_back import NewestIssue, going_back
from cecert.domain.trust.status_list import (
    BadStatusListError,
    Status,
    StatusList,
    bits_of,
    open_status_list,
    sign_status_list,
)
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import InputError, LedgerError
from cecert.ports import Clock, Ledger, Site, SiteMaker
from cecert.workflows.badge import BadgeSite, badge_files
from cecert.workflows.log import ADOPT, FOLDER, INDEX, LogAhead, LogDesk, LogFiles, published_log

__all__ = ["Published", "PublishingDesk", "newest_issue", "publish", "trust_name"]

TTL = 3600
"""Seconds a cache may keep a list (docs/spec/token.md W7)."""

DAY = 86_400

NAMED = 10
"""Certificates that an error names."""

LOOKED_UP = 100
"""Slots of which an error asks whose they are."""

AT_ONCE = 256
"""New files of the log that wait for the disk together; some MB."""

TRIES = 20
"""Times that files are made anew because certificates were revoked meanwhile."""

_STATUS_OF = {
    CertificateState.REVOKED: Status.REVOKED,
    CertificateState.SUPERSEDED: Status.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class PublishingDesk:
    """What it takes to publish the site of an office. One thread at a time uses it.

    Attributes:
        trust: The office's trust file, opened.
        trust_file: The same, as it is signed.
        check_signature: Does the cryptography.
        status_signer: Signs status lists.
        status_days: Days a list is good for.
        ledger: Says what became of every certificate.
        site: Where the files go.
        maker: Makes the page and the bundle.
        clock: Tells when.
        further: Further public files by name, as re-attested lists.
        fixed: Files that are the same each time, by name: those the page needs, and headers.
        badges: What the site says for badges, None where the office has none.
        log: What publishing the log needs; None where the office has none yet.
    """

    trust: TrustFile
    trust_file: bytes
    check_signature: CheckSignature
    status_signer: TokenSigner
    status_days: int
    ledger: Ledger
    site: Site
    maker: SiteMaker
    clock: Clock
    further: Mapping[str, bytes] = field(default_factory=dict)
    fixed: Mapping[str, bytes] = field(default_factory=dict)
    badges: BadgeSite | None = None
    log: LogDesk | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a run of `publish` did to the site. Threads may share it.

    Attributes:
        written: Names of the files that were written; the others were true already.
        files: Names of all files of the site.
        certificates: How many the ledger has.
        revoked, superseded: How many of them do not stand.
        log: What was published last of the log, or until when it waits; None where there is none.
    """

    written: tuple[str, ...]
    files: tuple[str, ...]
    certificates: int
    revoked: int
    superseded: int
    log: LogFiles | LogAhead | None = None


@typed
def publish(desk: PublishingDesk, *, clock_was_ahead: bool = False) -> Published:
    """Write the site of an office.

    A crash leaves each file whole, old or new; the next run finishes.

    Args:
        desk: What publishing needs.
        clock_was_ahead: A person says that this clock is right, and was ahead when lists of
            the site were issued: they are issued anew, now, with a higher sequence.

    Raises:
        LedgerError: If the site says more than the ledger does: of a revoked certificate
            the ledger does not know, or of a later time; or if its trust file is newer than the
            office's. What is restored from an older copy must not bring a certificate back, nor
            a key.
        InputError: If the clock is said to have been ahead, and no list lies ahead of it.
    """
    for _ in range(TRIES):
        try:
            return _published_once(desk, clock_was_ahead=clock_was_ahead)
        except _OvertakenError:
            continue
    raise LedgerError(
        f"the ledger or the site changed in each of {TRIES} tries to publish",
        hint="publish again when fewer certificates are being revoked",
    )


class _OvertakenError(Exception):
    """What was about to be published is not true any more."""


def _published_once(desk: PublishingDesk, *, clock_was_ahead: bool) -> Published:
    read = _Read(desk)
    _require_newest_keys(read.trust_file, desk)
    there = {list_id: _published(list_id, data, desk) for list_id, data in read.lists.items()}
    _require_clock(there, desk, clock_was_ahead=clock_was_ahead)
    lists = {
        list_id: _list(list_id, read.states[list_id], each, desk) for list_id, each in there.items()
    }
    log = _Published(desk.log)
    files = {_name_of(list_id): data for list_id, data in lists.items()}
    files |= {f"status/{name}": data for name, data in desk.further.items()}
    files[trust_name(desk.trust)] = desk.trust_file
    files["jwks.json"] = _json(jwks_of(desk.trust))
    files["bundle.zip"] = desk.maker.bundle({**files, **log.bundled})
    if desk.badges is not None:
        files |= _badge_files(desk.badges, read.states, desk)
    files |= desk.fixed
    files["index.html"] = desk.maker.page(desk.trust, desk.trust_file, lists)
    files |= log.last
    written = [*log.written, *desk.site.put(files, read.require_true)]
    states = [state for each in read.states.values() for state in each.values()]
    return Published(
        written=tuple(written),
        files=(*log.names, *files),
        certificates=len(states),
        revoked=states.count(CertificateState.REVOKED),
        superseded=states.count(CertificateState.SUPERSEDED),
        log=log.files,
    )


def _badge_files(
    badges: BadgeSite, states: Mapping[int, Mapping[int, CertificateState]], desk: PublishingDesk
) -> dict[str, bytes]:
    now = desk.clock.now()
    valid = now, now + timedelta(days=desk.status_days)
    return dict(badge_files(badges, states, desk.site, valid, TTL))


class _Published:
    """The log, published but for the two files that hold for all others.

    Attributes:
        files: Those two, or why there are none.
        names: Of its other files, on the site.
        written: Of those that were not there.
        bundled: What an offline verifier needs of it, by name.
    """

    def __init__(self, desk: LogDesk | None) -> None:
        self.names: dict[str, None] = {}
        self.written: list[str] = []
        self.bundled: dict[str, bytes] = {}
        self._new: dict[str, bytes] = {}
        self.files: LogFiles | LogAhead | None = None
        if desk is not None:
            self._site = desk.site
            self.files = published_log(desk, self._write, self._keep)
            self._add()
        self.bundled |= self.last

    @property
    def last(self) -> Mapping[str, bytes]:
        return self.files.named if isinstance(self.files, LogFiles) else {}

    def _write(self, name: str, content: bytes) -> None:
        """Publish a file that never changes, soon.

        Raises:
            LedgerError: If another is there under its name.
        """
        on_site = f"{FOLDER}{name}"
        self.names[on_site] = None
        if name.startswith(INDEX):
            self.bundled[on_site] = content
        there = self._site.read(on_site)
        if there is None:
            self._new[on_site] = content
            if len(self._new) >= AT_ONCE:
                self._add()
        elif there != content:
            raise LedgerError(
                f"{on_site} on the site is another than this ledger makes, and it never changes",
                hint="compare the ledger with its backup; if the file was damaged, or the site is "
                "another office's, remove it and publish again",
            )

    def _keep(self, name: str) -> None:
        self.names[f"{FOLDER}{name}"] = None

    def _add(self) -> None:
        new, self._new = self._new, {}
        if new:
            self._site.add(new)
            self.written += new


class _Read:
    """What ledger and site said when publishing began.

    Attributes:
        states: Of every slot that a certificate has, by list.
        lists: The files of those lists, as they are on the site; None where there is none.
        trust_file: The trust file as it is there; None where there is none.
    """

    def __init__(self, desk: PublishingDesk) -> None:
        self._desk = desk
        # Its number first: what happens between the two is seen as a change later.
        self._newest = desk.ledger.newest_event()
        self.states = self._read()
        self.lists = {each: desk.site.read(_name_of(each)) for each in sorted(self.states)}
        self.trust_file = desk.site.read(trust_name(desk.trust))

    def _read(self) -> Mapping[int, Mapping[int, CertificateState]]:
        ledger = self._desk.ledger
        return {each: ledger.statuses(each) for each in ledger.status_lists()}

    def require_true(self, name: str) -> None:
        """Require that ledger and site are as they were read, right before *name* is renamed.

        Raises:
            _OvertakenError: If somebody revoked, corrected or published since.
        """
        before = {_name_of(list_id): data for list_id, data in self.lists.items()}
        before[trust_name(self._desk.trust)] = self.trust_file
        if name in before and self._desk.site.read(name) != before[name]:
            raise _OvertakenError
        newest = self._desk.ledger.newest_event()
        if newest == self._newest:
            return
        if self._read() != self.states:
            raise _OvertakenError
        self._newest = newest


@dataclass(frozen=True, slots=True)
class _PublishedList:
    """A list as it is on the site, opened."""

    statuses: StatusList
    data: bytes


def _name_of(list_id: int) -> str:
    return f"status/{list_id}.st"


def _published(list_id: int, data: bytes | None, desk: PublishingDesk) -> _PublishedList | None:
    """Return the list that is on the site; None if there is none, or none of this office."""
    if data is None:
        return None
    try:
        statuses = open_status_list(data, desk.trust, desk.check_signature)
    except BadStatusListError:  # of another office or damaged: it is written anew
        return None
    return _PublishedList(statuses, data) if statuses.list_id == list_id else None


def trust_name(trust: TrustFile) -> str:
    """Return the name that a trust file has on the site."""
    return f"trust/{trust.issuer}.cose"


def newest_issue(ledger: Ledger) -> NewestIssue:
    """Return what tells the newest issue of a token key as *ledger* knows it."""

    def of(kid: bytes) -> int | None:
        newest = ledger.newest_issue(kid.hex())
        return None if newest is None else int(newest.timestamp())

    return of


def _require_newest_keys(data: bytes | None, desk: PublishingDesk) -> None:
    """Refuse to publish keys from before over those that are there: a stolen one would be back."""
    try:
        there = open_trust_file(data or b"", desk.check_signature)
    except KeysetInvalidError:  # there is none, or a damaged one, which is written anew
        return
    if told := list(going_back(there, desk.trust, newest_issue(desk.ledger))):
        raise LedgerError(
            f"the trust file on the site is newer than the office's: {'; '.join(told)}; nothing "
            "was published",
            hint="is the keys folder an older copy? put the newest one back; where there is none, "
            "cecert keys compromise withdraws again what was withdrawn, and cecert keys sign "
            "signs what was signed",
        )


def _require_clock(
    there: Mapping[int, _PublishedList | None], desk: PublishingDesk, *, clock_was_ahead: bool
) -> None:
    """Refuse a clock that is behind the site, unless a person says that it was ahead."""
    now = int(desk.clock.now().timestamp())
    ahead = {
        list_id: each.statuses.issued_at
        for list_id, each in there.items()
        if each is not None and each.statuses.issued_at > now
    }
    if clock_was_ahead and not ahead:
        raise InputError(
            "no status list on the site lies ahead of this clock",
            hint="publish without --clock-was-ahead",
        )
    if ahead and not clock_was_ahead:
        list_id, latest = max(ahead.items(), key=lambda each: each[1])
        raise LedgerError(
            f"status list {list_id} on the site is {latest - now} seconds later than this clock: "
            f"it was issued at {issue_date(latest)}, and this clock says {issue_date(now)}",
            hint="set this clock; only if it is right now, and was ahead then: "
            "cecert publish DIR --clock-was-ahead",
        )


def _list(
    list_id: int,
    states: Mapping[int, CertificateState],
    there: _PublishedList | None,
    desk: PublishingDesk,
) -> bytes:
    """Return the list as it is on the site, if it is still true and of today; else a new one."""
    marks = {at: _STATUS_OF[state] for at, state in states.items() if state in _STATUS_OF}
    now = int(desk.clock.now().timestamp())
    lasting = desk.status_days * DAY
    new = StatusList(
        issuer=desk.trust.issuer,
        list_id=list_id,
        # A verifier that kept a list from a clock that was ahead takes no lower one.
        sequence=now if there is None else max(now, there.statuses.sequence + 1),
        issued_at=now,
        expires_at=now + lasting,
        ttl=TTL,
        bits=bits_of(marks),
    )
    if there is not None:
        old = there.statuses
        _refuse_going_back(old, new, desk.ledger)
        same = old.bits == new.bits and old.expires_at - old.issued_at == lasting
        if same and 0 <= now - old.issued_at < DAY:
            return there.data
    return sign_status_list(new, desk.status_signer)


def _refuse_going_back(old: StatusList, new: StatusList, ledger: Ledger) -> None:
    forgotten = [at for at in _changed(old, new) if _forgets(old.status(at), new.status(at))]
    if forgotten:
        known = ledger.in_slots(old.list_id, forgotten[:LOOKED_UP])
        shown = [str(known[each]) for each in forgotten if each in known][:NAMED]
        named = f": {', '.join(shown)}" if shown else ""
        raise LedgerError(
            f"status list {old.list_id} on the site says that {len(forgotten)} certificates are "
            f"revoked or replaced, and the ledger does not know it{named}",
            hint="is this ledger an older copy? restore the newest one; where there is none, "
            f"{ADOPT}",
        )


def _changed(old: StatusList, new: StatusList) -> Iterator[int]:
    for byte, (before, after) in enumerate(zip(old.bits, new.bits, strict=True)):
        if before != after:
            yield from range(4 * byte, 4 * byte + 4)


def _forgets(old: Status, new: Status) -> bool:
    """Say whether a certificate would come back; a replaced one may still be revoked."""
    return old is not new and (old is Status.REVOKED or new is Status.VALID)


def _json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()
