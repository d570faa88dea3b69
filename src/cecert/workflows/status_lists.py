"""Learning what became of a certificate: its status list, from wherever it can be had."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cecert.domain.cose.cose import CheckSignature
from cecert.domain.token.claims import Claims
from cecert.domain.trust.status_list import StatusAnswer, newest_list, open_status_list
from cecert.domain.trust.trust_file import TrustFile
from cecert.ports import StatusSource

__all__ = ["status_teller"]


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
