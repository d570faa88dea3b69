r"""Where a link leads: to one of the addresses the provider published, or anywhere else.

Only the text is looked at, character by character: browsers, phones and libraries read an
odd address each in their own way (`https://evil.example\@verify.example.edu/`), so whatever
is not plainly a published one leads elsewhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cecert.domain.cose import cose
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.trust.trust_file import TrustFile

__all__ = ["kid_of_link", "leads_elsewhere"]

_HTTPS = "https://"
_AUTHORITY = re.compile(r"[^/]*//[^/?]*")
_PATH = re.compile(r"[/?]")
_LOWER = {each: each + 32 for each in range(ord("A"), ord("Z") + 1)}


def leads_elsewhere(text: str, trust: TrustFile) -> bool:
    """Say whether the link that *text* is leads to another address than the provider's.

    Its link prefixes count, up to the `#`; where the trust file has none, https and one of
    its hosts, without a port, whatever path follows. Digits without a link lead nowhere.
    """
    address, mark, _ = text.partition("#")
    if not address or (not mark and "://" not in address):
        return False
    address = _folded(address)
    if trust.link_prefixes is not None:
        return f"{address}#" not in map(_folded, trust.link_prefixes)
    host = _PATH.split(address.removeprefix(_HTTPS), maxsplit=1)[0]
    return not address.startswith(_HTTPS) or host not in map(_folded, trust.hosts)


def kid_of_link(link: str) -> str:
    """Return the kid of the key that the token in a link names, hexadecimal; "" without a token."""
    try:
        return cose.open_envelope(bytes_of_digits(link.partition("#")[2][1:])).kid.hex()
    except (ValueError, TypeError, LookupError):
        return ""


@lru_cache(maxsize=64)  # a batch of links has one address
def _folded(address: str) -> str:
    """Return an address with the letters A to Z of scheme and host in lower case."""
    found = _AUTHORITY.match(address)
    end = len(address) if found is None else found.end()
    return address[:end].translate(_LOWER) + address[end:]
