"""What a verifier asks for: lists of what became of certificates and of what outlives a key.

Each is had from wherever it can be: named files, the hosts of the trust file, what was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from cecert.domain.cose.cose import CheckSignature
from cecert.domain.token.claims import Claims
from cecert.domain.trust.reattested_list import digests_offered, reattested_name
from cecert.domain.trust.status_list import StatusAnswer, newest_list, open_status_list
from cecert.domain.trust.trust_file import TrustFile, Withdrawable
from cecert.ports import Clock, ReattestedSource, StatusSource

__all__ = ["reattested_teller", "status_teller"]


def status_teller(
    trust: TrustFile,
    check_signature: CheckSignature,
    source: StatusSource,
    clock: Clock,
    *,
    ask_hosts: bool,
) -> Callable[[Claims], StatusAnswer]:
    """Return what a `Verifier` asks for the status of a certificate.

    Args:
        trust: The provider's trust file: whose lists count, and where they are.
        check_signature: Does the cryptography.
        source: Gets lists, and keeps the newest.
        clock: A list issued later than it says is neither believed nor kept.
        ask_hosts: Whether the hosts of the trust file are asked.
    """
    return _Published(trust, check_signature, source, clock, ask_hosts)


@dataclass(frozen=True, slots=True)
class _Published:
    """Tells what the published lists say."""

    trust: TrustFile
    check_signature: CheckSignature
    source: StatusSource
    clock: Clock
    ask_hosts: bool

    def __call__(self, claims: Claims) -> StatusAnswer:
        list_id, _ = claims.status
        return self._of_list(list_id)

    def at_one_moment(self) -> Callable[[Claims], StatusAnswer]:
        """Return who tells the same of one moment, with each list opened once."""
        of_list = cache(self._of_list)
        return lambda claims: of_list(claims.status[0])

    def _of_list(self, list_id: int) -> StatusAnswer:
        bases = self.trust.status_bases if self.ask_hosts else ()
        offered = self.source.lists(bases, list_id)
        # Where nobody is asked and nothing was named, an old answer is no answer.
        kept = offered.kept if self.ask_hosts or offered.served else None
        now = int(self.clock.now().timestamp())
        open_list = partial(
            open_status_list, trust=self.trust, check_signature=self.check_signature
        )
        answer, newer = newest_list(offered.served, kept, list_id, open_list, now)
        if newer is not None:
            self.source.keep(list_id, newer)
        return answer


def reattested_teller(
    trust: TrustFile,
    source: ReattestedSource,
    clock: Clock,
    *,
    ask_hosts: bool,
    known: Sequence[bytes] = (),
) -> Callable[[Withdrawable], bytes]:
    """Return what a `Verifier` asks for what of a withdrawn key or seal is genuine.

    Args:
        trust: The provider's trust file: it names the list that counts, by its digest.
        source: Gets lists.
        clock: A list issued later than it says vouches for nobody.
        ask_hosts: Whether the hosts of the trust file are asked.
        known: Lists that need not be got.
    """

    def offered(key: Withdrawable) -> Iterator[bytes]:
        yield from known
        yield from source.reattested(
            trust.status_bases if ask_hosts else (), reattested_name(key.kid)
        )

    def tell(key: Withdrawable) -> bytes:
        if key.reattested is None:
            return b""
        return digests_offered(offered(key), key, trust, int(clock.now().timestamp()))

    return tell
