"""Answers vectors as cecert did when these modules landed: JSON in, outcomes and warnings out."""

import json
import sys
from functools import partial

from cecert.adapters.signatures import check_signature
from cecert.domain.reattesting import BadReattestedListError, open_reattested_list
from cecert.domain.status import newest_list, open_status_list
from cecert.domain.trust_signing import KeysetInvalidError, open_trust_file
from cecert.domain.verification import Outcome, verify_token


def digests(case, trust):
    if case["reattested_list"] is None:
        return bytes.fromhex(case["reattested"])
    try:
        return open_reattested_list(bytes.fromhex(case["reattested_list"]), trust).digests
    except BadReattestedListError:
        return b""


def answer(case, document):
    root = bytes.fromhex(document["root"])
    try:
        trust = open_trust_file(bytes.fromhex(document["trusts"][case["trust"]]), check_signature, root)
    except KeysetInvalidError:
        return "KEYSET_INVALID", []
    verify = partial(
        verify_token, case["text"], trust, check_signature, case["now"],
        reattested=digests(case, trust),
    )
    found = verify()
    if found.outcome is Outcome.VALID_STATUS_UNKNOWN and found.claims is not None:
        known, _ = newest_list(
            map(bytes.fromhex, case["served"]),
            None if case["kept"] is None else bytes.fromhex(case["kept"]),
            found.claims.status[0],
            partial(open_status_list, trust=trust, check_signature=check_signature),
        )
        found = verify(known)
    return found.outcome.value, [each.value for each in found.warnings]


document = json.load(sys.stdin)
json.dump([answer(each, document) for each in document["cases"]], sys.stdout)
