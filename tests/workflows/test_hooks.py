"""Changes are posted in order, each until it is taken, and none again that was noted."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hook_server import KEY, Receiver, receiver, unsigned
from ledger_entries import AT, event, people

from cecert.adapters.hooks import HookJournalFile, HttpReceiver
from cecert.errors import InputError
from cecert.ports.hooks import HookPlace
from cecert.testing import FixedClock, MemoryLedger, MemoryPages, SeededRandomness
from cecert.workflows.changes import changes
from cecert.workflows.hooks import HookDesk, begin, headers_of, post_changes, secret_of

NOW = datetime(2020, 11, 6, 9, tzinfo=UTC)


@dataclass
class Scene:
    """A ledger of three certificates, and a receiver of what happens in it."""

    ledger: MemoryLedger
    desk: HookDesk
    server: Receiver
    clock: FixedClock
    pauses: list[float]

    def happened(self) -> list[str]:
        return [each.id for each in changes(self.desk.pages, "example-ssw", "", 500).changes]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    ledger, clock, pauses = MemoryLedger(), FixedClock(NOW), list[float]()
    ledger.enter(people(3), AT)
    with receiver() as server:
        posting = HttpReceiver(server.url, seconds=0.3)
        desk = HookDesk(
            provider="example-ssw", kinds=frozenset(), secret=KEY, pages=MemoryPages(ledger),
            receiver=posting, journal=HookJournalFile(tmp_path / "hooks.jsonl"), clock=clock,
            randomness=SeededRandomness(), pause=pauses.append,
        )  # fmt: skip
        yield Scene(ledger, desk, server, clock, pauses)


def test_what_happened_is_posted_once_signed_and_in_order(scene: Scene) -> None:
    with pytest.raises(InputError, match="from where on") as refused:
        post_changes(scene.desk)
    assert "cecert hooks begin" in refused.value.hint
    assert begin(scene.desk, everything=True).cursor == ""
    report = post_changes(scene.desk)
    assert (report.posted, report.complete, report.place.why) == (6, True, "")
    assert scene.server.ids == scene.happened()
    assert post_changes(scene.desk).posted == 0
    gone = scene.ledger.entries()[0]
    scene.ledger.revoke(gone.certificate.id, event("revoked", gone, "in error: Ünïcode"))
    assert post_changes(scene.desk).posted == 1
    assert scene.server.ids == scene.happened()
    headers, body = scene.server.asked[-1]
    message = json.loads(body)
    assert message["type"] == "cecert.revoked"
    assert message["timestamp"] == message["data"]["at"] == AT.isoformat()
    assert message["data"]["certificate"] == gone.certificate.id.text
    assert message["data"]["reason"] == "in error: Ünïcode"
    assert (headers["webhook-id"], headers["content-type"]) == (
        message["data"]["id"], "application/json",
    )  # fmt: skip
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert [unsigned(*each) for each in scene.server.asked] == [""] * 7
    assert unsigned(headers, body + b" ") == unsigned(headers, body, bytes(32)) != ""


def test_a_message_is_signed_as_standard_webhooks_has_it() -> None:
    # The example of the Standard Webhooks libraries' own tests.
    secret = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = headers_of("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', secret)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    for text, why in [
        ("", "holds 0 bytes"), ("a word", "is not base64"),
        (base64.b64encode(bytes(23)).decode(), "holds 23 bytes, not 24 to 64"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=why):
            secret_of(text)


def test_one_that_is_busy_is_tried_again_and_one_that_refuses_holds_up_the_rest(
    scene: Scene,
) -> None:
    begin(scene.desk, everything=True)
    scene.server.answers += [500, "slow", 200]
    assert post_changes(scene.desk).posted == 6
    assert scene.pauses == [1.0, 3.0]
    assert scene.server.ids == scene.happened()
    scene.ledger.enter(people(1, first=8), AT)
    scene.server.answers += [200, 302]
    stopped = post_changes(scene.desk)
    assert (stopped.posted, stopped.complete, stopped.place.attempts) == (1, False, 1)
    assert "sends on to" in stopped.place.why
    assert scene.server.ids == scene.happened()[:7]
    due = stopped.place.due
    assert due is not None
    assert timedelta(minutes=4) <= due - NOW <= timedelta(minutes=6)
    asked = len(scene.server.asked)
    waiting = post_changes(scene.desk)
    assert (waiting.posted, waiting.complete, waiting.place) == (0, False, stopped.place)
    assert waiting.waiting.startswith("tried again from")
    assert len(scene.server.asked) == asked
    scene.server.answers += [(503, {"Retry-After": "999999"})]
    later = post_changes(scene.desk, at_once=True).place
    assert (later.attempts, later.due, later.why) == (2, NOW + timedelta(days=1), "it answered 503")
    scene.clock.forward(timedelta(days=1))
    assert post_changes(scene.desk).place == HookPlace(scene.happened()[-1])
    assert scene.server.ids == scene.happened()


def test_what_a_killed_run_had_not_noted_is_posted_again_under_its_id(scene: Scene) -> None:
    begin(scene.desk, everything=True)
    journal = scene.desk.journal
    for place in count():

        class Killed(HookJournalFile):
            """Is killed before its third note."""

            left = 2

            def note(self, place: HookPlace, at: datetime) -> None:
                if not self.left:
                    raise KeyboardInterrupt
                self.left -= 1
                journal.note(place, at)

        killed = Killed(Path("nowhere"))
        killed.place = journal.place  # type: ignore[method-assign]  # the one that is killed writes
        killed.alone = journal.alone  # type: ignore[method-assign,assignment]
        try:
            post_changes(replace(scene.desk, journal=killed))
        except KeyboardInterrupt:
            continue
        break
    assert place == 2
    told = scene.server.ids
    assert list(dict.fromkeys(told)) == scene.happened()
    assert [told[at] == told[at - 1] for at in range(1, 8)] == [
        False, False, True, False, False, True, False,
    ]  # fmt: skip


def test_kinds_that_nobody_asked_for_are_passed_over_and_what_was_is_left_behind(
    scene: Scene,
) -> None:
    begin(scene.desk, everything=False)
    assert post_changes(scene.desk).posted == 0
    scene.ledger.enter(people(2, first=8), AT)
    desk = replace(scene.desk, kinds=frozenset({"issued"}))
    assert post_changes(desk).posted == 2
    assert [each["data"]["kind"] for each in scene.server.taken] == ["issued", "issued"]
    assert scene.desk.journal.place() == HookPlace(scene.happened()[-1])
    assert post_changes(scene.desk).posted == 0


def test_two_runs_do_not_post_at_once_and_a_restored_ledger_is_told(
    scene: Scene, tmp_path: Path
) -> None:
    begin(scene.desk, everything=True)
    with HookJournalFile(tmp_path / "hooks.jsonl").alone() as alone:
        assert alone
        assert post_changes(scene.desk).waiting == "another run is posting"
    assert post_changes(scene.desk).posted == 6
    with (tmp_path / "hooks.jsonl").open("ab") as file:
        file.write(b'\n{"cursor": "torn')
    assert post_changes(scene.desk).posted == 0
    restored = replace(scene.desk, pages=MemoryPages(MemoryLedger()))
    with pytest.raises(InputError, match="has not seen") as refused:
        post_changes(restored)
    assert "cecert hooks begin" in refused.value.hint
    (tmp_path / "hooks.jsonl").write_bytes(b"nonsense\n")
    with pytest.raises(InputError, match="does not say how far"):
        post_changes(scene.desk)
