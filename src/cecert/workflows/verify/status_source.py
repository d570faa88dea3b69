"""What a verifier asks for: lists of what became of certificates and of what outlives a key.

Each is had from wherever it can be: named files, the hosts of the trust file, what was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from cecert.domain.cose.cose import CheckSignature
from cecert.domain.token.claims import Claims
from cecert.domain.trust.reattested_list import (
    BadReattestedListError,
    open_reattested_list,
    reattested_name,
)
from cecert.domain.trust.status_list import StatusAnswer, newest_list, open_status_list
from cecert.domain.trust.trust_file import TrustedKey, TrustFile
from cecert.ports import ReattestedSource, StatusSource

__all__ = ["reattested_teller", "status_teller"]


def status_teller(
    trust: TrustFile,
    check_signature: CheckSignature,
    source: StatusSource,
    *,
    ask_hosts: bool,
) -> Callable[[Claims], StatusAnswer]:
    """Return what a `Verifier` asks for the status of a certificate.

    Args:
        trust: The provider's trust file: whose lists count, and where they are.
        check_signature: Does the cryptography.
        source: Gets lists, and keeps the newest.
        ask_hosts: Whether the hosts of the trust file are asked.
    """
    open_list = partial(open_status_list, trust=trust, check_signature=check_signature)

    def tell(claims: Claims) -> StatusAnswer:
        list_id, _ = claims.status
        offered = source.lists(trust.status_bases if ask_hosts else (), list_id)
        # Where nobody is asked and nothing was named, an old answer is no answer.
        kept = offered.kept if ask_hosts or offered.served else None
        answer, newer = newest_list(offered.served, kept, list_id, open_list)
        if newer is not None:
            source.keep(list_id, newer)
        return answer

    return tell


def reattested_teller(
    trust: TrustFile, source: ReattestedSource, *, ask_hosts: bool, known: Sequence[bytes] = ()
) -> Callable[[TrustedKey], bytes]:
    """Return what a `Verifier` asks for the genuine tokens of a withdrawn key.

    Args:
        trust: The provider's trust file: it names the list that counts, by its digest.
        source: Gets lists.
        ask_hosts: Whether the hosts of the trust file are asked.
        known: Lists that need not be got.
    """

    def offered(key: TrustedKey) -> Iterator[bytes]:
        yield from known
        yield from source.reattested(
            trust.status_bases if ask_hosts else (), reattested_name(key.kid)
        )

    def tell(key: TrustedKey) -> bytes:
        if key.reattested is None:
            return b""
        for data in offered(key):
            try:
                genuine = open_reattested_list(data, trust)
            except BadReattestedListError:
                continue
            if genuine.kid == key.kid:
                return genuine.digests
        return b""

    return tell
