"""Many links at once: each has the answer that it has alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some
from papers import papers
from verifiers import LOG_VECTORS, VECTORS, LogFiles, StoppedClock, opened

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.token.verify import Outcome
from cecert.domain.trust.codec import KeysetInvalidError
from cecert.domain.trust.status_list import Status
from cecert.ports import OfferedLists
from cecert.workflows.verify.log_source import log_teller
from cecert.workflows.verify.many import verify_many
from cecert.workflows.verify.status_source import status_teller
from cecert.workflows.verify.verify import Verifier, verify

LINKS = [papers().certificate.token_url, papers().other.token_url]


@dataclass
class Lists:
    """Lists that are served, and how often they were asked for."""

    served: Sequence[bytes]
    kept: bytes | None = None
    asked: int = 0
    noted: list[bytes] = field(default_factory=list)

    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        del bases, list_id
        self.asked += 1
        return OfferedLists(tuple(self.served), self.kept)

    def keep(self, list_id: int, data: bytes) -> None:
        del list_id
        self.noted.append(data)


def of_case(document: dict[str, Any], case: dict[str, Any]) -> Verifier:
    """Return the verifier of a vector."""
    trust, clock = opened(document, case), StoppedClock(case["now"])
    lists = Lists(
        [bytes.fromhex(each) for each in case.get("served", ())],
        None if not case.get("kept") else bytes.fromhex(case["kept"]),
    )
    return replace(
        papers().verifier,
        trust=trust,
        clock=clock,
        status=status_teller(trust, check_signature, lists, clock, ask_hosts=True),
        logged=log_teller(trust, check_signature, LogFiles(case), clock, ask_hosts=True),
    )


def test_every_vector_has_the_answer_that_it_has_alone() -> None:
    outcomes = set()
    for path in (VECTORS, LOG_VECTORS):
        document = json.loads(path.read_text(encoding="utf-8"))
        before = ""
        for case in document["cases"]:
            try:
                verifier = of_case(document, case)
            except KeysetInvalidError:
                continue
            texts = [case["text"], before, case["text"]]
            alone = [verify(each, verifier) for each in texts]
            assert list(verify_many(texts, verifier=verifier)) == alone, case["name"]
            outcomes |= {each.outcome for each in alone}
            before = case["text"]
    assert len(outcomes) > 20


@settings(max_examples=80, deadline=None)
@given(
    which=some.lists(some.tuples(some.sampled_from(LINKS), some.integers(0, 600)), max_size=4),
    put=some.sampled_from(["", "0", "9", "#", " ", "\u0661", "a"]),
    taken=some.integers(0, 2),
)
def test_a_link_that_was_altered_has_the_answer_that_it_has_alone(
    which: list[tuple[str, int]], put: str, taken: int
) -> None:
    texts = [*LINKS, *(text[:at] + put + text[at + taken :] for text, at in which)]
    verifier = papers().verifier
    assert list(verify_many(texts, verifier=verifier)) == [verify(each, verifier) for each in texts]


def test_a_list_is_opened_once_for_all_and_as_often_as_it_is_asked_alone() -> None:
    school, clock = papers().school, papers().verifier.clock
    lists = Lists([school.status_list(papers().certificate, Status.REVOKED)])
    teller = status_teller(school.trust, check_signature, lists, clock, ask_hosts=True)
    verifier = replace(papers().verifier, status=teller)
    found = [each.outcome for each in verify_many(LINKS * 10, verifier=verifier)]
    assert found == [Outcome.REVOKED, Outcome.VALID] * 10
    assert (lists.asked, len(lists.noted)) == (1, 1)
    assert [verify(each, verifier).outcome for each in LINKS * 10] == found
    assert lists.asked == 1 + 20


def test_links_are_taken_one_after_the_other() -> None:
    given = iter(LINKS)
    answers = verify_many(given, verifier=papers().verifier)
    next(answers)
    assert next(given) == LINKS[1]
