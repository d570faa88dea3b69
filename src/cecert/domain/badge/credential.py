"""One credit of a certificate as an Open Badges 3.0 credential.

Everything in it stands on the certificate; nothing is looked up again. The e-mail address is
not in it, nor any answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from cecert.domain.badge.proof import instant
from cecert.domain.badge.terms import CONTEXTS
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import credit_words, format_phrase, session_phrases
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.wording import hours_figure

__all__ = ["badge_of"]


def badge_of(
    certificate: Certificate,
    line: CreditLine,
    document: str,
    issuer: str,
    site: str,
    status: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the badge of a credit, unsigned.

    Args:
        certificate: That stands.
        line: One of its credits.
        document: SHA-256 of its file, hexadecimal.
        issuer: The DID that signs.
        site: Address of the verify page.
        status: Where its status stands, None where nowhere.
    """
    provider, course = certificate.provider, certificate.course
    badge: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": _named(provider.id, str(certificate.id), line.credential),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": course.title,
        "issuer": _profile(certificate, issuer, site),
        "validFrom": instant(certificate.issued_at),
        "awardedDate": _credit_day(certificate),
        "credentialSubject": _subject(certificate, line),
        "evidence": [
            {
                "id": f"urn:sha256:{document}",
                "type": ["Evidence"],
                "name": f"Certificate {certificate.id}",
                "description": f"The sealed PDF file with this SHA-256; {site} checks it",
            }
        ],
    }
    if status is not None:
        badge["credentialStatus"] = dict(status)
    return badge


def _named(*parts: str) -> str:
    """Return the same name for the same parts, whoever asks."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'urn:cecert:' + ':'.join(parts))}"


def _profile(certificate: Certificate, issuer: str, site: str) -> dict[str, Any]:
    provider = certificate.provider
    profile: dict[str, Any] = {
        "id": issuer,
        "type": ["Profile"],
        "name": provider.name,
        "url": site,
        "email": provider.email,
    }
    if provider.phone:
        profile["phone"] = provider.phone
    if provider.address:
        profile["address"] = {"type": ["Address"], "streetAddress": provider.address}
    return profile


def _credit_day(certificate: Certificate) -> str:
    """Return the day of the credit, which decides the licensing cycle, where the course was."""
    zone = ZoneInfo(certificate.course.timezone)
    return datetime.combine(certificate.credit_date, time(12), zone).isoformat()


def _subject(certificate: Certificate, line: CreditLine) -> dict[str, Any]:
    recipient, sessions = certificate.recipient, certificate.course.sessions
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": recipient.name,
                "identityType": "name",
            }
        ],
    }
    if recipient.licenses:
        subject["licenseNumber"] = "; ".join(map(str, recipient.licenses))
    if sessions:
        subject["activityStartDate"] = min(each.start for each in sessions).isoformat()
        subject["activityEndDate"] = max(each.end for each in sessions).isoformat()
    subject["creditsEarned"] = _number(line.hours)
    subject["achievement"] = _achievement(certificate, line)
    if line.categories:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": _category(certificate, line, each.code),
                "value": hours_figure(each.hours),
            }
            for each in line.categories
        ]
    return subject


def _number(hours: Decimal) -> int | float:
    # A whole number without a point: programs differ in what they sign for 6.0.
    return int(hours) if hours == int(hours) else float(hours)


def _category(certificate: Certificate, line: CreditLine, code: str) -> str:
    return _named(certificate.provider.id, certificate.course.id, line.credential, code)


def _achievement(certificate: Certificate, line: CreditLine) -> dict[str, Any]:
    course = certificate.course
    achievement: dict[str, Any] = {
        "id": _named(certificate.provider.id, course.id, line.credential),
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": course.title,
        "description": credit_words(line, certificate.provider.name),
        "criteria": {"narrative": _narrative(certificate, line)},
        "creditsAvailable": _number(line.hours),
        "humanCode": course.id,
    }
    if line.profession:
        achievement["fieldOfStudy"] = line.profession
    if line.categories:
        achievement["resultDescription"] = [
            {
                "id": _category(certificate, line, each.code),
                "type": ["ResultDescription"],
                "name": f"{line.category_label or 'Category'}: {each.code} ({line.unit})",
                "resultType": "Result",
            }
            for each in line.categories
        ]
    return achievement


def _narrative(certificate: Certificate, line: CreditLine) -> str:
    """Return what was to be done, and by whose leave: there is no member for an approval."""
    course = certificate.course
    parts = (
        f"Attended: {format_phrase(course)}" if course.sessions else format_phrase(course),
        *session_phrases(course),
        f"Presented by {course.presented_by}" if course.presented_by else "",
        line.statement,
    )
    return ". ".join(each.rstrip(". ") for each in parts if each) + "."
