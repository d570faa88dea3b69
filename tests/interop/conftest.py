"""Programs that are none of ours: a browser, a database server; and one renderer for all."""

from __future__ import annotations

from collections.abc import Callable

import certificate_samples
import pytest
from chromium import browser
from one_reader import one_reader, reading_process
from parity import page
from postgresql_server import postgresql, postgresql_url

from cecert.adapters.render import CertificateRenderer
from cecert.cli import main

__all__ = [
    "browser",
    "one_reader",
    "page",
    "postgresql",
    "postgresql_url",
    "reading_process",
]


@pytest.fixture(scope="session")
def renderer() -> CertificateRenderer:
    return certificate_samples.renderer()


@pytest.fixture
def cecert(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; its exit status, its stdout, its stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(list(arguments))
        told = capsys.readouterr()
        return status, told.out, told.err

    return run
