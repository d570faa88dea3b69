"""People: names as they are printed, addresses as they are mailed, licences as they are held.

A name is never re-cased and keeps its Unicode (NFC). What cannot be a name (blank,
a control character, an e-mail address, a placeholder that a form left behind) is
refused here, because a certificate with a wrong name is worse than none.

A participant is known by the registrar's id, else by e-mail address. What two identities
have in common (`likeness.py`) may make the second a second copy in the making.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cecert.argument_types import typed
from cecert.domain.values.quick_making import quickly_made
from cecert.domain.values.spreadsheets import changed_by_spreadsheet
from cecert.domain.values.states import state_name
from cecert.domain.values.text import markup_problems, text_problems
from cecert.errors import WrongValueError

__all__ = [
    "License",
    "PersonSigns",
    "email_problems",
    "folded_email",
    "identity_marks",
    "name_problems",
    "parse_licenses",
]

NAME_CHARACTERS = 80
"""The token's limit for a recipient's name, in characters (docs/spec/token.md W2)."""

NAME_BYTES = 120
"""The token's limit for a recipient's name, in UTF-8 bytes (docs/spec/token.md W2)."""

EMAIL_CHARACTERS = 254
"""RFC 5321 4.5.3.1.3: a path is at most 256 octets with its angle brackets."""

_PLACEHOLDERS = frozenset(
    {"undefined", "undefined undefined", "null", "none", "nan", "n/a", "na", "test", "unknown",
     "name", "first last", "firstname lastname", "anonymous", "zoom user", "guest", "-", "--",
     "true", "false", "yes", "no"}
)  # fmt: skip
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"[^\W_]([^\W_]|-){0,61}[^\W_]\Z|[^\W_]\Z")

_LICENSE_WORDS = 3

_LOCAL_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class License:
    """One professional licence, as its holder wrote it. Threads may share it.

    Attributes:
        jurisdiction: Two-letter code of the state, upper case: `NY`.
        title: The licence's title there: `LMSW`. LCSW means different things in
            New York and Massachusetts, hence never without its jurisdiction.
        number: As written, leading zeros kept: `012345`.
    """

    jurisdiction: str
    title: str
    number: str

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.title} {self.number}"

    @property
    def printed(self) -> str:
        """With the state in full, as it stands on a certificate.

        >>> License("NY", "LMSW", "012345").printed
        'New York LMSW 012345'
        """
        return f"{state_name(self.jurisdiction) or self.jurisdiction} {self.title} {self.number}"


def parse_licenses(cell: str) -> tuple[License, ...]:
    """Read a `licenses` cell.

    >>> [str(each) for each in parse_licenses("NY LMSW 012345; MA LICSW 1234")]
    ['NY LMSW 012345', 'MA LICSW 1234']

    Raises:
        WrongValueError: If a part is not `STATE TITLE NUMBER`, stands there twice, or has a
            number that a spreadsheet has changed.
    """
    licenses = tuple(_parse_license(part) for part in cell.split(";") if part.strip())
    if len(set(licenses)) != len(licenses):
        raise WrongValueError("names the same licence twice")
    return licenses


def _parse_license(part: str) -> License:
    text = unicodedata.normalize("NFC", part).strip()
    words = text.split()
    if len(words) < _LICENSE_WORDS or not state_name(words[0].upper()):
        raise WrongValueError(
            changed_by_spreadsheet(text) or "is not STATE TITLE NUMBER, such as NY LMSW 012345"
        )
    if not any(character.isdigit() for character in words[-1]):
        raise WrongValueError("has no licence number at its end, such as NY LMSW 012345")
    if problems := text_problems(text):
        raise WrongValueError(problems[0])
    if changed := changed_by_spreadsheet(text) or changed_by_spreadsheet(words[-1]):
        raise WrongValueError(f"{changed}; write the licence number as the board has it")
    return License(words[0].upper(), " ".join(words[1:-1]), words[-1])


# Asked where a name is read, and for each record that is made of it.
@lru_cache(maxsize=8_192)
def name_problems(name: str) -> tuple[str, ...]:
    """Say what keeps *name* from being printed as a recipient's name; () if nothing does.

    >>> name_problems("Þórdís Żółkiewska-Ştefănescu, Ph.D.")
    ()
    >>> name_problems("ana@example.org")
    ('is an e-mail address, not a name',)
    """
    if not name.strip():
        return ("is blank",)
    problems, changed = text_problems(name) + markup_problems(name), changed_by_spreadsheet(name)
    if "\ufffd" in name or "?" in name:
        problems.append("holds a character that was lost on the way (U+FFFD or '?')")
    elif (meant := _unscrambled(name)) != name:
        problems.append(f"looks like {meant!r} in a wrong encoding")
    if changed:
        problems.append(changed)
    if any(map(_holds_address, name.split())):
        problems.append("is an e-mail address, not a name")
    if name.strip().casefold() in _PLACEHOLDERS:
        problems.append("is a placeholder, not a name")
    elif not any(character.isalpha() for character in name):
        problems.append("has no letter")
    return (*problems, *_length_problems(name))


def _holds_address(word: str) -> bool:
    """Say whether a word has an `@` in it and, later and with something between, a dot."""
    at = word.find("@", 1)
    return at > 0 and word.rfind(".", at + 2, len(word) - 1) > 0


def _unscrambled(name: str) -> str:
    """Return what UTF-8 read as Windows-1252 was meant to be, or *name* itself."""
    try:
        return name.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return name


def _length_problems(name: str) -> list[str]:
    problems = []
    if len(name) > NAME_CHARACTERS:
        problems.append(f"has {len(name)} characters, {NAME_CHARACTERS} fit the certificate's code")
    if (size := len(name.encode("utf-8", "replace"))) > NAME_BYTES:
        problems.append(f"has {size} bytes in UTF-8, {NAME_BYTES} fit the certificate's code")
    return problems


_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def email_problems(email: str) -> list[str]:
    """Say what keeps *email* from being mailed to; [] if nothing does.

    The bare address of RFC 5321 4.1.2 without quoted local parts, which no licensee
    has and many submission services refuse; an international domain is fine
    (RFC 5890), a local part outside ASCII needs SMTPUTF8 and is refused.

    >>> email_problems("m.adeyemi@example.org")
    []
    """
    plain = email.isascii() and email.isprintable() and " " not in email
    if not plain and any(unicodedata.category(c) in _UNSEEN for c in email):
        return ["holds a space or a control character"]
    if len(email) > EMAIL_CHARACTERS:
        return [f"has {len(email)} characters, an address has at most {EMAIL_CHARACTERS}"]
    local, at, host = email.rpartition("@")
    if not at or not local:
        return ["is not an e-mail address"]
    return [*_local_problems(local), *_host_problems(host)]


def _local_problems(local: str) -> list[str]:
    if not local.isascii():
        return ["has letters before the @ that need SMTPUTF8, which most mail services refuse"]
    if len(local) > _LOCAL_CHARACTERS or not _LOCAL_PART.match(local):
        return ["has a part before the @ that is not a mailbox name"]
    return []


# Many people have their mail at few hosts.
@lru_cache(maxsize=1_024)
def _host_problems(host: str) -> tuple[str, ...]:
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.match(label) for label in labels):  # noqa: PLR2004
        return ("has no mail host after the @",)
    if labels[-1].isdigit():
        return ("names a host by number",)
    try:
        host.encode("idna")
    except UnicodeError:
        return ("has a host that is not a domain name",)
    return ()


def folded_email(email: str) -> str:
    """Return *email* as it identifies a person: casefolded, NFC, without outer spaces."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def identity_marks(name: str, email: str, licenses: Iterable[License]) -> frozenset[str]:
    """Return the marks that two identities of one person have in common.

    Args:
        name: As printed; it is in every mark, because two people may share an address.
        email: As mailed.
        licenses: As printed.

    >>> sorted(identity_marks("Ana Ruiz", "Ana@Example.org", [License("NY", "LMSW", "12")]))
    ['email:ana@example.org:Ana Ruiz', 'license:NY LMSW 12:Ana Ruiz']
    """
    held = {f"{_LICENSE_MARK}{each}:{name}" for each in licenses}
    return frozenset({f"{_address_mark(folded_email(email))}{name}"} | held)


_LICENSE_MARK = "license:"


def _address_mark(address: str) -> str:
    return f"email:{address}:"


@quickly_made
@dataclass(frozen=True, slots=True)
class PersonSigns:
    """By what a person may be found among those who hold certificates of a course.

    Attributes:
        identity: The registrar's id, else the folded address.
        address: The folded address.
        marks: What tells the person across identities (`identity_marks`).
        name: As printed.
        licenses: As text, as printed.
        different_from: Identities and addresses of others of whom somebody made sure that
            they are not this person.
    """

    identity: str
    address: str
    marks: frozenset[str]
    name: str
    licenses: frozenset[str]
    different_from: frozenset[str] = frozenset()

    @classmethod
    @typed
    def of(
        cls,
        identity: str,
        name: str,
        email: str,
        licenses: Iterable[License],
        different_from: Iterable[str] = (),
    ) -> PersonSigns:
        """Return the signs of a record.

        Args:
            identity: The record's.
            name: As printed.
            email: As mailed.
            licenses: As printed.
            different_from: Of whom somebody made sure that they are others, as written.
        """
        licenses = tuple(licenses)
        others = {form for each in different_from for form in (each, folded_email(each))}
        return cls(
            identity=identity,
            address=folded_email(email),
            marks=identity_marks(name, email, licenses),
            name=name,
            licenses=frozenset(map(str, licenses)),
            different_from=frozenset(others),
        )

    @classmethod
    @typed
    def held(cls, identity: str, name: str, email: str, marks: frozenset[str]) -> PersonSigns:
        """Return the signs of somebody who holds a certificate; the marks name the licences.

        Args:
            identity: Under which it was issued.
            name: As printed.
            email: As mailed.
            marks: Of the time (`identity_marks`).
        """
        held = (each for each in marks if each.startswith(_LICENSE_MARK))
        texts = (each.removeprefix(_LICENSE_MARK).removesuffix(f":{name}") for each in held)
        return cls(identity, folded_email(email), marks, name, frozenset(texts))

    @property
    def address_mark(self) -> str:
        """What the address's mark begins with, whatever name goes with it."""
        return _address_mark(self.address)
