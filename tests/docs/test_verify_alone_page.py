"""The page about verifying codes alone: its program runs as it stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/how-to/verify-codes-alone.md", "verify/README.md")
DOCUMENT = json.loads((ROOT / "tests/vectors/tokens.json").read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_its_program_verifies_a_code(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    genuine = DOCUMENT["cases"][0]
    (tmp_path / "trust.cose").write_bytes(bytes.fromhex(DOCUMENT["trusts"][genuine["trust"]]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert program.count("open_verifier(Path(") == 1
    program = program.replace("root=thumbprint)", "root=thumbprint, offline=True)")
    exec(program, {"link": genuine["text"], "thumbprint": DOCUMENT["root"]})
    # No status list was at hand, so the code is genuine and no more is known.
    assert capsys.readouterr().out == "VALID_STATUS_UNKNOWN \n"
