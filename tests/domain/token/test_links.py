"""Where a link leads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.token.links import leads_elsewhere
from cecert.testing import MemoryOffice

HOSTED = replace(MemoryOffice().trust(), hosts=("verify.example.edu",), link_prefixes=None)
PUBLISHED = replace(HOSTED, link_prefixes=("https://verify.example.edu/ce/#",))


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("https://verify.example.edu/#1", False),
        ("HTTPS://Verify.Example.EDU/any/path?x=1#1", False),
        ("https://verify.example.edu#1", False),
        ("1234", False),
        ("#1234", False),
        ("", False),
        ("see my certificate", False),
        ("http://verify.example.edu/#1", True),
        ("https://verify.example.edu:443/#1", True),
        ("verify.example.edu/#1", True),
        ("//verify.example.edu/#1", True),
        ("https:/verify.example.edu/#1", True),
        (r"https://evil.example\@verify.example.edu/#1", True),
        ("https://verify.example.edu@evil.example/#1", True),
        ("https://me@verify.example.edu/#1", True),
        (r"https://verify.example.edu\evil.example/#1", True),
        ("https://verify.example.edu./#1", True),
        ("https://verify.example.edu.evil.example/#1", True),
        ("https://evil.example/https://verify.example.edu/#1", True),
        ("https://verify.e\u212aample.edu/#1", True),
        ("https://[::1]/#1", True),
        ("https://shop.example.com/item/4711", True),
        ("1234 https://verify.example.edu/", True),
    ],
)
def test_https_and_a_host_of_the_trust_file_without_a_port_are_the_provider_s(
    text: str, *, elsewhere: bool
) -> None:
    assert leads_elsewhere(text, HOSTED) is elsewhere


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("https://verify.example.edu/ce/#1", False),
        ("HTTPS://VERIFY.example.edu/ce/#1", False),
        ("1234", False),
        ("https://verify.example.edu/CE/#1", True),
        ("https://verify.example.edu/ce#1", True),
        ("https://verify.example.edu/ce/x#1", True),
        ("https://verify.example.edu/ce/?x#1", True),
        ("https://verify.example.edu/#1", True),
    ],
)
def test_where_link_prefixes_are_published_they_alone_count(text: str, *, elsewhere: bool) -> None:
    assert leads_elsewhere(text, PUBLISHED) is elsewhere


def test_a_published_prefix_may_have_any_scheme_and_port() -> None:
    test_site = replace(HOSTED, link_prefixes=("http://127.0.0.1:8000/#",))
    assert not leads_elsewhere("http://127.0.0.1:8000/#1", test_site)
    assert leads_elsewhere("http://127.0.0.1:8001/#1", test_site)
    assert leads_elsewhere("https://verify.example.edu/#1", replace(HOSTED, link_prefixes=()))


@given(st.text(alphabet="htps:/\\@#?.verifyexampledu1 \n", max_size=40))
def test_whatever_stands_before_the_host_leads_elsewhere(odd: str) -> None:
    text = f"https://{odd}@verify.example.edu/#1"
    plain = odd.startswith(("verify.example.edu/", "verify.example.edu?", "verify.example.edu#"))
    assert leads_elsewhere(text, HOSTED) is not (plain and True)
