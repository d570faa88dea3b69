"""Learning which tokens of a withdrawn key are genuine, from wherever it can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cecert.domain.trust.reattested_list import (
    BadReattestedListError,
    open_reattested_list,
    reattested_name,
)
from cecert.domain.trust.trust_file import TrustedKey, TrustFile
from cecert.ports import ReattestedSource

__all__ = ["reattested_teller"]


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
