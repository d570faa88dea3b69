"""The example of a service: a walk over HTTP, and everything that its document allows."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from real_office import PASSPHRASE
from same_requests import SAME_REQUESTS
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance
from service_server import ROOT, TOKEN, serving

from cecert.office import Office

SHOWN = {"Authorization": f"Bearer {TOKEN}"}
ANA = {
    "course": "mbt-2020-10", "name": "Ana Ruiz", "email": "ana@example.org",
    "credentials": ["ny-social-work"], "attended": ["day-1", "day-2"], "visible": True,
    "evaluation": "2020-10-30", "attestation": "2020-10-30", "fee_paid": True,
}  # fmt: skip
EXAMPLES = 40


@pytest.fixture(scope="module")
def address(office_with_keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(office_with_keys, tmp_path_factory.mktemp("served") / "office"))
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    with (
        Office.open(folder / "cecert.toml", actor="the service", environ=environ) as office,
        serving(office, [folder / "course.toml"]) as address,
    ):
        yield address


def told(address: str, path: str, body: Mapping[str, Any]) -> requests.Response:
    return requests.post(f"{address}{path}", json=dict(body), headers=SHOWN, timeout=20)


def test_a_person_completes_and_the_certificate_is_fetched_verified_and_revoked(
    address: str,
) -> None:
    answer = told(address, "/completions", ANA)
    assert answer.status_code == 200, answer.text
    (number,) = answer.json()["issued"]
    assert told(address, "/completions", ANA).json()["already"] == [number]
    denied = told(address, "/completions", {**ANA, "email": "b@x.test", "fee_paid": False}).json()
    assert "fee" in denied["denied"][0]["why"][0]

    file = requests.get(f"{address}/certificates/{number}.pdf", headers=SHOWN, timeout=20)
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    verified = requests.post(f"{address}/verify", data=file.content, timeout=20).json()
    assert verified == {"outcome": "VALID", "certificates": [number]}

    why = {"reason_class": "issued-in-error", "reason": "a test"}
    revoked = told(address, f"/certificates/{number}/revocation", why)
    assert revoked.json() == {"before": "standing"}
    verified = requests.post(f"{address}/verify", data=file.content, timeout=20).json()
    assert verified["outcome"] == "REVOKED"

    page = requests.get(f"{address}/changes?limit=1", headers=SHOWN, timeout=20).json()
    rest = f"{address}/changes?after={page['cursor']}"
    found = requests.get(rest, headers=SHOWN, timeout=20).json()["changes"]
    assert page["changes"][0]["id"] not in [each["id"] for each in found]
    of_it = [each["kind"] for each in found if each["certificate"] == number]
    assert (of_it[0], of_it[-1]) == ("issued", "revoked")


def test_who_shows_no_token_may_verify_and_nothing_else(address: str) -> None:
    document = requests.get(f"{address}/openapi.json", timeout=20).json()
    for path, methods in document["paths"].items():
        for method in {*methods} - {"parameters"}:
            answer = requests.request(method, f"{address}{path}", timeout=20)
            assert answer.status_code == (200 if path == "/verify" else 401), path


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_everything_that_its_document_tells_of_has_an_answer_that_it_tells(
    address: str, mode: GenerationMode
) -> None:
    document = json.loads((ROOT / "examples/service.openapi.json").read_text("utf-8"))
    # Each request shows the token; what is asked without one has a test of its own.
    del document["security"]
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=address)
    asked: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck), backend=SAME_REQUESTS,
    )  # fmt: skip
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        asked[operation.label] += 1
        if operation.label == "POST /completions" and mode is GenerationMode.POSITIVE:
            case.body["course"] = ANA["course"]  # else no more than that would be asked
        # What is no name or no address is refused, and no schema can tell.
        case.call_and_validate(headers=SHOWN, excluded_checks=[positive_data_acceptance])

    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    ask()
    assert len(asked) == len(operations) == 5


def test_what_a_schema_cannot_tell_is_refused_too(address: str) -> None:
    for asked in ("?=null", "?after=&until=x", "?limit=0", "?limit=x", "?limit=", "?after=zz"):
        answer = requests.get(f"{address}/changes{asked}", headers=SHOWN, timeout=20)
        assert answer.status_code == 422, asked
