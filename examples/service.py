# ruff: noqa: I001
"""An office over HTTP: complete, fetch, verify, revoke, changes; /openapi.json tells what it takes.

    SERVICE_TOKEN=... python examples/service.py 8000 office/cecert.toml office/course.toml

Callers show the token (`Authorization: Bearer ...`); verifying is for everybody. Mails are
promised here, and sent by `cecert deliver`. It needs cecert, starlette and uvicorn.
"""

import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date
from hmac import compare_digest
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated, Literal

import uvicorn
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from cecert import (
    Award, CecertError, CertificateId, Checked, CompletionRecord, Denial, Entry, InputError,
    IssueError, Office, Verifier, decide, issue, revoke, verify,
)  # fmt: skip
from cecert.office import in_its_office, verifiers_at_once

LARGEST = 64 << 20  # bytes of a body
DOCUMENT = Path(__file__).with_name("service.openapi.json")
Line = Annotated[str, Field(min_length=1, max_length=200)]
Work = Callable[[Request, bytes], Response]


class Completion(BaseModel):
    """What is known of a person who took a course; what nobody noted is left out."""

    model_config = ConfigDict(extra="forbid", strict=True)
    course: Line
    name: Line
    email: Line
    credentials: tuple[Line, ...] = Field((), max_length=20)
    attended: frozenset[Line] = Field(frozenset(), max_length=100)
    visible: bool | None = None
    evaluation: date | None = None
    attestation: date | None = None
    fee_paid: bool | None = None


class Revocation(BaseModel):
    """Why a certificate shall not stand."""

    model_config = ConfigDict(extra="forbid", strict=True)
    reason_class: Literal[
        "issued-in-error", "wrong-person", "evidence-false", "approval-withdrawn",
        "requested-by-holder",
    ]  # fmt: skip
    reason: Line


class Service:
    """One office for many callers: threads may share it, its desk and its verifier."""

    def __init__(self, office: Office, courses: Sequence[Path], token: str) -> None:
        self.office, self.token = office, token
        self.courses = {each.id: each for each in map(office.course, courses)}
        self.desk = office.desk()  # opening keys takes long, so it is done once
        self.verifier = in_its_office(office.verifier(), office)
        self.readers = SimpleQueue[Verifier]()  # each reads one document at a time
        for each in verifiers_at_once(self.verifier, os.cpu_count() or 1):
            self.readers.put(each)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/completions", endpoint(self.complete), methods=["POST"]),
                Route("/certificates/{id}.pdf", endpoint(self.pdf), methods=["GET"]),
                Route("/certificates/{id}/revocation", endpoint(self.revoke), methods=["POST"]),
                Route("/verify", endpoint(self.verify), methods=["POST"]),
                Route("/changes", endpoint(self.changes), methods=["GET"]),
                Route("/openapi.json", lambda _: FileResponse(DOCUMENT), methods=["GET"]),
            ],
            exception_handlers={HTTPException: problem},
        )

    def complete(self, request: Request, body: bytes) -> Response:
        self.admit(request)
        given = Completion.model_validate_json(body)
        if (course := self.courses.get(given.course)) is None:
            raise HTTPException(404, "there is no such course")
        decisions = decide(CompletionRecord(**given.model_dump(exclude={"course"})), course)
        awards = [each for each in decisions if isinstance(each, Award)]
        report = issue(awards, self.desk, evidence="learning system")
        return JSONResponse(
            {
                "issued": [str(each.certificate.id) for each in report.issued],
                "already": [str(each.certificate_id) for each in report.already],
                "withheld": list(report.withheld),
                "denied": [
                    {"credential": each.credential, "why": [e.sentence for e in each.shortfalls]}
                    for each in decisions
                    if isinstance(each, Denial)
                ],
            }
        )

    def pdf(self, request: Request, _: bytes) -> Response:
        self.admit(request)
        file = self.office.archive.get(self.entry(request).document)
        return Response(file, media_type="application/pdf")

    def revoke(self, request: Request, body: bytes) -> Response:
        self.admit(request)
        why, office = Revocation.model_validate_json(body), self.office
        id_, clock = self.entry(request).certificate.id, office.clock
        before = revoke(id_, office.written_ledger, clock, actor=office.actor, **why.model_dump())
        return JSONResponse({"before": before.value})

    def verify(self, request: Request, body: bytes) -> Response:
        if request.headers.get("content-type", "").startswith("text/plain"):
            return told(verify(body.decode(errors="replace"), self.verifier))
        reader = self.readers.get()
        try:
            return told(verify(body, reader))
        finally:
            self.readers.put(reader)

    def changes(self, request: Request, _: bytes) -> Response:
        self.admit(request)
        asked = request.query_params
        if unknown := sorted({*asked} - {"after", "limit"}):
            raise HTTPException(422, f"there is no {', '.join(unknown)} to ask for")
        page = self.office.changes(asked.get("after", ""), int(asked.get("limit", "500")))
        return JSONResponse(page.document())

    def entry(self, request: Request) -> Entry:
        with suppress(ValueError):
            found = self.office.ledger.entry(CertificateId.parse(request.path_params["id"]))
            if found is not None:
                return found
        raise HTTPException(404, "there is no such certificate")

    def admit(self, request: Request) -> None:
        shown = request.headers.get("authorization", "").encode()
        if not compare_digest(shown, f"Bearer {self.token}".encode()):
            raise HTTPException(401, "show the token", {"WWW-Authenticate": "Bearer"})


def told(checked: Checked) -> Response:
    found = [each.verification.claims for each in checked.certificates]
    ids = [str(each.certificate_id) for each in found if each]
    return JSONResponse({"outcome": checked.outcome.value, "certificates": ids})


def endpoint(work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that reads the body, and does the work in a thread."""

    async def answer(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise HTTPException(413, f"a body has at most {LARGEST >> 20} MB")
        try:
            return await run_in_threadpool(work, request, bytes(body))
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            raise HTTPException(422, "; ".join(faults)) from error
        except (ValueError, InputError) as error:
            raise HTTPException(422, str(error)) from error
        except IssueError as error:
            raise HTTPException(409, str(error)) from error
        except CecertError as error:
            raise HTTPException(503, str(error)) from error

    return answer


def problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def main(port: str, config: str, *courses: str) -> None:
    """Serve an office on this machine."""
    with Office.open(config, actor="the service") as office:
        service = Service(office, [Path(each) for each in courses], os.environ["SERVICE_TOKEN"])
        uvicorn.run(service.app(), port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
