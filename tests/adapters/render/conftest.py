"""One renderer for all: opening the faces takes longer than drawing."""

from __future__ import annotations

import certificate_samples
import pytest

from cecert.adapters.render import CertificateRenderer


@pytest.fixture(scope="session")
def renderer() -> CertificateRenderer:
    return certificate_samples.renderer()
