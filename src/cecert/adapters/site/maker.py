"""The verify page and the bundle: made of templates, the same bytes for the same content.

The page is one file. Its policy lets run the one script and the one style that are in
it, by their digests, and lets it ask its own host and the status hosts, nobody else.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from cecert.adapters.tables.toml import usable_toml
from cecert.domain.course.course import (
    ATTENDANCE_CODE,
)
from cecert.domain.course.formats import DELIVERIES, delivery_phrase
from cecert.domain.course.provider import Provider
from cecert.domain.token.outcome_words import page_words
from cecert.domain.token.shown_record import REGISTERED, CreditNames
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.wording import HOURS, NO_NUMBER_INSIDE, NOT_A_SUM

__all__ = ["VerifySite"]

SCRIPTS = (
    "verifier.js", "qr.js", "pdf.js", "words.js", "document.js", "comparison.js", "reader.js",
    "batch.js", "page.js",
)  # fmt: skip
"""The parts of the page's one script: each needs those before it."""

READER_SCRIPT, READER_MODULE = "reader/zxing_reader.js", "reader/zxing_reader.wasm"
"""Names on the site of what reads QR codes where a browser has nothing that does."""

EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)
"""The first date a ZIP file can hold: no clock shows in it."""


class VerifySite:
    """Makes page and bundle of one provider."""

    def __init__(  # the last three have a default
        self,
        templates: Path,
        provider: Provider,
        host: str,
        language: str = "en",
        credits_: Mapping[int, CreditNames] | None = None,
        reader: Mapping[str, bytes] | None = None,
    ) -> None:
        """Open the templates.

        Args:
            templates: The folder that has `verify/`.
            provider: Whom readers may ask; its zone is the page's.
            host: Host of the page, as it is printed on certificates.
            language: Which file of texts; `en` is shipped.
            credits_: What the provider's certificates call hours and numbers, by credit
                code, besides the registry's and in their place.
            reader: The reader of QR codes beside the page, by name; none: the page reads them
                where the browser can.

        Raises:
            ConfigurationError: If the texts cannot be read.
        """
        self._folder = templates / "verify"
        self._provider = provider
        self._host = host
        self._credits = {**REGISTERED, **(credits_ or {})}
        self._reader = dict(reader or {})
        self._texts = usable_toml(self._folder / f"{language}.toml")

    def page(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> bytes:
        """Return the verify page, with trust file and status lists inside.

        Args:
            trust: What the trust file says; its status hosts are those the page may ask.
            trust_file: Its signed bytes, as they are published.
            lists: Signed status lists by their number.
        """
        style = self._part("page.css")
        script = _lean("".join(map(self._part, SCRIPTS)))
        environment = SandboxedEnvironment(
            loader=FileSystemLoader(self._folder),
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )
        page = environment.get_template("index.html").render(
            texts=self._texts,
            contact=self._contact(),
            policy=_policy(style, script, trust.status_bases, self._reader.get(READER_SCRIPT)),
            # Our own files, and JSON in which nothing can end the element.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            data=Markup(self._data(trust, trust_file, lists)),  # noqa: S704
        )
        return page.encode()

    def _part(self, name: str) -> str:
        return (self._folder / name).read_text("utf-8")

    def _contact(self) -> dict[str, object]:
        provider = self._provider
        lines = dict.fromkeys(filter(None, (provider.office, provider.name, provider.address)))
        return {"lines": list(lines), "email": provider.email, "phone": provider.phone}

    def _data(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> str:
        outcomes: dict[str, Any] = {**page_words(), **self._texts.get("outcomes", {})}
        data = {
            "trust": _base64(trust_file),
            "root": trust.root.thumbprint.hex(),
            "lists": {str(list_id): _base64(each) for list_id, each in sorted(lists.items())},
            "host": self._host,
            "zone": self._provider.timezone,
            "texts": {name: text for name, text in self._texts.items() if name != "outcomes"},
            "outcomes": outcomes,
            "credits": _credits(self._credits),
            "words": _WORDS,
            "reader": self._reader_facts(),
        }
        text = json.dumps(data, ensure_ascii=True, sort_keys=True)
        return text.replace("<", "\\u003c")

    def _reader_facts(self) -> dict[str, str] | None:
        if not self._reader:
            return None
        script, module = (_digest(self._reader[each]) for each in (READER_SCRIPT, READER_MODULE))
        return {
            "script": READER_SCRIPT,
            "module": READER_MODULE,
            "scriptDigest": script.strip("'"),
            "moduleDigest": module.strip("'"),
        }

    def bundle(self, files: Mapping[str, bytes]) -> bytes:
        """Return *files* in one ZIP, stored as they are, so that the page can read it too."""
        out = BytesIO()
        with ZipFile(out, "w", ZIP_STORED) as archive:
            for name, content in sorted(files.items()):
                member = ZipInfo(name, EPOCH_OF_ZIP)
                member.external_attr = 0o644 << 16
                archive.writestr(member, content)
        return out.getvalue()


_WORDS = {
    "hours": HOURS,
    "awarded": "awarded by {name}",
    "none_issued": NO_NUMBER_INSIDE,
    "not_a_sum": NOT_A_SUM,
    "attendance": ATTENDANCE_CODE,
    "deliveries": {str(each): delivery_phrase(each) for each in DELIVERIES},
}
"""What certificates say in their own words, whatever the page's language is."""


_COMMENT = re.compile(r"^ */\*[\s\S]*?\*/\n|^ *//.*\n", re.MULTILINE)
_INDENT = re.compile(r"^ +|^\n", re.MULTILINE)
_REMARK = re.compile(r" +//[^\n\"'`]*$", re.MULTILINE)
_TEXT = re.compile(
    r'("(?:[^"\\]|\\.)*"|`[^`]*`'
    # A pattern stands where a value begins; a division, where one has ended.
    r"|(?:(?<=[(,=:\[!&|?{};>])|(?<=[(,=:\[!&|?{};>] )|(?<=return ))"
    r"/(?![/*])(?:[^\\/\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/)"
)
_REMAINING = re.compile(r"(?<=[\w)\]]) ([+-]|[!<>]=) (?=[\w(\[])")
_NESTED = re.compile(r"\$\{[^}]*`|'")
_SPACED = re.compile(r" ?([=<>(){},;:?&|*]+) ?")
_GOES_ON = re.compile(r"^((?:(?!//).)*)(?:(?<=[;{,(\[?:&|=])\n|\n(?=[.&|?:)\]}]))", re.MULTILINE)


@lru_cache(maxsize=1)
def _lean(script: str) -> str:
    """Return a script of ours without comments, indentation, and most other spaces.

    A reader on the road loads a third less. No text of ours goes on in the next line.
    """
    plain = _REMARK.sub("", _INDENT.sub("", _COMMENT.sub("", script)))
    tight = "\n".join(map(_tight, plain.split("\n")))
    return _GOES_ON.sub(r"\1", tight)


def _tight(line: str) -> str:
    """Return a line without spaces around its signs, where what is text in it can be told."""
    parts = _TEXT.split(line)
    if _NESTED.search(line) or any("`" in each or "//" in each for each in parts[::2]):
        return line
    tight = (_REMAINING.sub(r"\1", _SPACED.sub(r"\1", each)) for each in parts[::2])
    parts[::2] = list(tight)
    return "".join(parts)


def _credits(names: Mapping[int, CreditNames]) -> dict[str, dict[str, object]]:
    return {
        str(code): {"unit": each.unit, "number": each.number, "none": each.none_issued}
        for code, each in sorted(names.items())
    }


def _policy(style: str, script: str, bases: tuple[str, ...], reader: bytes | None) -> str:
    """Return the Content-Security-Policy (CSP 3, 6.7; Trusted Types, 4).

    With a reader of QR codes its script may run too, by its digest, and the module it brings.
    """
    hosts = sorted({origin for base in bases if (origin := _origin(base))})
    scripts = [_digest(script.encode())]
    if reader is not None:
        scripts += [_digest(reader), "'wasm-unsafe-eval'"]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src", *scripts]),
            f"style-src {_digest(style.encode())}",
            " ".join(["connect-src 'self'", *hosts]),
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'" if reader is None else "trusted-types cecert",
        ]
    )


def _origin(base: str) -> str:
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _digest(content: bytes) -> str:
    return f"'sha256-{_base64(sha256(content).digest())}'"


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
