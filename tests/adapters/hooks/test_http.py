"""A receiver of hooks over HTTP: what it answers is told, and it is not waited for for ever."""

from __future__ import annotations

import time

from hook_server import receiver
from running import free_ports

from cecert.adapters.hooks import HttpReceiver
from cecert.ports.hooks import HookAnswer


def test_what_a_server_answers_is_told_and_one_connection_is_kept() -> None:
    elsewhere = {"Location": "https://elsewhere.example.org/", "Retry-After": "7"}
    with receiver(200, 500, (429, {"Retry-After": "30"}), (302, elsewhere), 410, 204) as server:
        posting = HttpReceiver(server.url)
        found = [posting.post({"webhook-id": "a"}, b"{}") for _ in range(6)]
        posting.close()
    assert [each.status for each in found] == [200, 500, 429, 302, 410, 204]
    assert [each.taken for each in found] == [True, False, False, False, False, True]
    assert [each.passing for each in found] == [False, True, True, False, False, False]
    assert found[2].retry_after == 30
    assert found[3].words == (
        "it answered 302 and sends on to https://elsewhere.example.org/: that is not followed"
    )
    assert len(server.asked) == 6
    assert {body for _, body in server.asked} == {b"{}"}
    assert server.asked[0][0]["webhook-id"] == "a"
    assert server.connections == 1


def test_a_server_that_drips_is_cut_off_and_one_that_is_down_is_told() -> None:
    with receiver("slow", 200) as server:
        posting = HttpReceiver(server.url, seconds=0.2)
        started = time.monotonic()
        found = posting.post({}, b"{}")
        assert (found.status, found.passing) == (0, True)
        assert found.words == "it did not answer within 0.2 seconds"
        assert time.monotonic() - started < 5  # it would drip for ever
        assert posting.post({}, b"{}") == HookAnswer(200)
        posting.close()
    (port,) = free_ports(1)
    found = HttpReceiver(f"http://127.0.0.1:{port}/").post({}, b"{}")
    assert (found.status, found.words) == (0, "it cannot be reached: Connection refused")


def test_a_connection_that_the_server_ended_is_opened_anew() -> None:
    with receiver(200, "hang-up", 200, "hang-up") as server:
        posting = HttpReceiver(server.url)
        assert posting.post({}, b"1").taken
        assert posting.post({}, b"2").taken
        assert [body for _, body in server.asked] == [b"1", b"2", b"2"]
        # A new one that is ended at once is no connection that was kept too long.
        posting.close()
        found = posting.post({}, b"3")
        posting.close()
    assert (found.status, [body for _, body in server.asked][3:]) == (0, [b"3"])
