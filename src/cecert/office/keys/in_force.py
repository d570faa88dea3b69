"""Whether the keys that drew certificates still stand, asked at the moment of entering.

Between drawing and entering somebody may withdraw a key, retire it, or let an approval go.
What was drawn would then be entered and mailed, and no verifier would take it. The commands
on keys keep everybody from entering while they work (`Ledger.alone`), so what is read here
inside the transaction stays true until it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cecert.adapters.keys import SealKey
from cecert.adapters.keys.signatures import check_signature
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.token_claims import uncovered_lines
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import CecertError, IssueError, KeyStoreError
from cecert.office.holders.seal import require_listed_seal
from cecert.ports import Clock

__all__ = ["KeysInForce"]

_HINT = "run the command again: it takes the keys that are in force then; see cecert keys list"


class KeysInForce:
    """Refuses certificates whose keys have gone since a desk was opened; threads may share one."""

    def __init__(
        self,
        read: Callable[[], bytes],
        opened: bytes,
        kid: bytes,
        seal: SealKey,
        clock: Clock,
    ) -> None:
        """Take what the desk signs and seals with.

        Args:
            read: Returns the trust file as it is now, unopened.
            opened: Its bytes as the desk read them: as long as they are the same, nothing
                has changed.
            kid: Of the token key.
            seal: What seals.
            clock: Tells when.
        """
        self._read = read
        self._opened = opened
        self._kid = kid
        self._seal = seal
        self._clock = clock

    def require(self, certificates: Sequence[Certificate]) -> None:
        """Refuse *certificates* unless all that they rest on is still in force.

        Raises:
            IssueError: If it is not, or nobody can tell.
        """
        now = self._clock.now()
        try:
            data = self._now()
            if data == self._opened:
                return
            trust = open_trust_file(data, check_signature)
            self._require_key(trust, now)
            require_listed_seal(trust, self._seal, now)
        except KeysetInvalidError as error:
            raise _refused(f"the trust file cannot be read any more: {error}") from error
        except CecertError as error:
            raise _refused(str(error)) from error
        for each in certificates:
            if lines := uncovered_lines(each, trust):
                named = ", ".join(line.credential for line in lines)
                raise _refused(f"the trust file does not cover {named} any more")

    def _now(self) -> bytes:
        try:
            return self._read()
        except KeyStoreError as error:
            raise KeyStoreError(f"the trust file cannot be read any more: {error}") from error

    def _require_key(self, trust: TrustFile, now: datetime) -> None:
        second = int(now.timestamp())
        if not any(each.signs_tokens_at(second) for each in trust.keys_with(self._kid)):
            raise KeyStoreError(
                f"token key {self._kid.hex()} was withdrawn or retired while they were drawn"
            )


def _refused(why: str) -> IssueError:
    return IssueError(f"certificates were drawn and not entered: {why}", hint=_HINT)
