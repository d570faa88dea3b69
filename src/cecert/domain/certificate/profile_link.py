"""The link by which somebody adds a certificate to their LinkedIn profile."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import hours_words

__all__ = ["profile_link"]

_ADD = "https://www.linkedin.com/profile/add"


def profile_link(certificate: Certificate) -> str:
    """Return the link; whoever follows it tells LinkedIn what is in it.

    It carries the link of the QR code, and so all that the code says: name, course and hours.
    """
    words = {
        "startTask": "CERTIFICATION_NAME",
        "name": f"{certificate.course.title} ({hours_words(certificate.credit_lines)})",
        "organizationName": certificate.provider.name,
        "issueYear": str(certificate.credit_date.year),
        "issueMonth": str(certificate.credit_date.month),
        "certUrl": certificate.token_url,
        "certId": str(certificate.id),
    }
    return f"{_ADD}?{urlencode(words, quote_via=quote, safe='')}"
