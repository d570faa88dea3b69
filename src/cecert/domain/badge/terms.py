"""What the members of our credentials mean: their names in RDF, as the contexts define them.

A Data Integrity proof signs statements, not JSON: a member that no context defines makes no
statement, and anybody could change it. So nothing is written that does not stand here. The
tables are those of the contexts of Verifiable Credentials 2.0 and Open Badges 3.0.3, as far as
we use them; tests hold them against two other programs' reading of the contexts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

__all__ = ["CONTEXTS", "CREDENTIALS", "TERMS", "TYPES", "Kind"]

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
CONTEXTS = (CREDENTIALS, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
"""The contexts of a badge, in this order; a status list has the first alone."""

_VC = "https://www.w3.org/2018/credentials#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
_OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_SECURITY = "https://w3id.org/security#"
_SCHEMA = "https://schema.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_HTTPS_XSD = "https://www.w3.org/2001/XMLSchema#"
"""As the context of Open Badges spells it; so does what is signed."""


class Kind(Enum):
    """What a member's value is, where it has no type of its own."""

    TEXT = "text"
    NUMBER = "number"
    LINK = "link"
    """The id of something."""
    NODE = "node"
    """Something with members of its own, or several of them."""


TERMS: Mapping[str, tuple[str, Kind | str]] = {
    # a credential
    "issuer": (f"{_VC}issuer", Kind.NODE),
    "credentialSubject": (f"{_VC}credentialSubject", Kind.NODE),
    "credentialStatus": (f"{_VC}credentialStatus", Kind.NODE),
    "evidence": (f"{_VC}evidence", Kind.NODE),
    "validFrom": (f"{_VC}validFrom", f"{_XSD}dateTime"),
    "validUntil": (f"{_VC}validUntil", f"{_XSD}dateTime"),
    "awardedDate": (f"{_OB}awardedDate", "xsd:dateTime"),
    # its status
    "encodedList": (f"{_STATUS}encodedList", f"{_SECURITY}multibase"),
    "statusListCredential": (f"{_STATUS}statusListCredential", Kind.LINK),
    "statusListIndex": (f"{_STATUS}statusListIndex", Kind.TEXT),
    "statusPurpose": (f"{_STATUS}statusPurpose", Kind.TEXT),
    "ttl": (f"{_STATUS}ttl", f"{_XSD}integer"),
    # a profile
    "address": (f"{_OB}address", Kind.NODE),
    "email": (f"{_SCHEMA}email", Kind.TEXT),
    "phone": (f"{_OB}phone", Kind.TEXT),
    "streetAddress": (f"{_SCHEMA}streetAddress", Kind.TEXT),
    "url": (f"{_SCHEMA}url", f"{_HTTPS_XSD}anyURI"),
    # an achievement, and somebody's
    "achievement": (f"{_OB}achievement", Kind.NODE),
    "achievementType": (f"{_OB}achievementType", Kind.TEXT),
    "activityEndDate": (f"{_OB}activityEndDate", f"{_HTTPS_XSD}date"),
    "activityStartDate": (f"{_OB}activityStartDate", f"{_HTTPS_XSD}date"),
    "creditsAvailable": (f"{_OB}creditsAvailable", f"{_HTTPS_XSD}float"),
    "creditsEarned": (f"{_OB}creditsEarned", f"{_HTTPS_XSD}float"),
    "criteria": (f"{_OB}Criteria", Kind.NODE),
    "description": (f"{_SCHEMA}description", Kind.TEXT),
    "fieldOfStudy": (f"{_OB}fieldOfStudy", Kind.TEXT),
    "hashed": (f"{_OB}hashed", f"{_HTTPS_XSD}boolean"),
    "humanCode": (f"{_OB}humanCode", Kind.TEXT),
    "identifier": (f"{_OB}identifier", Kind.NODE),
    "identityHash": (f"{_OB}identityHash", Kind.TEXT),
    "identityType": (f"{_OB}identityType", Kind.TEXT),
    "licenseNumber": (f"{_OB}licenseNumber", Kind.TEXT),
    "name": (f"{_SCHEMA}name", Kind.TEXT),
    "narrative": (f"{_OB}narrative", Kind.TEXT),
    "result": (f"{_OB}result", Kind.NODE),
    # of an achievement something with members, of a result the text of its id
    "resultDescription": (f"{_OB}resultDescription", f"{_HTTPS_XSD}anyURI"),
    "resultType": (f"{_OB}resultType", Kind.TEXT),
    "value": (f"{_SCHEMA}value", Kind.TEXT),
    # a proof
    "created": ("http://purl.org/dc/terms/created", f"{_XSD}dateTime"),
    "cryptosuite": (f"{_SECURITY}cryptosuite", f"{_SECURITY}cryptosuiteString"),
    "proofPurpose": (f"{_SECURITY}proofPurpose", Kind.LINK),
    "verificationMethod": (f"{_SECURITY}verificationMethod", Kind.LINK),
}
"""IRI and kind of each member; a text in place of the kind is the type of its values."""

TYPES: Mapping[str, str] = {
    "VerifiableCredential": f"{_VC}VerifiableCredential",
    "BitstringStatusListCredential": f"{_STATUS}BitstringStatusListCredential",
    "BitstringStatusList": f"{_STATUS}BitstringStatusList",
    "BitstringStatusListEntry": f"{_STATUS}BitstringStatusListEntry",
    "DataIntegrityProof": f"{_SECURITY}DataIntegrityProof",
} | {
    each: f"{_OB}{each}"
    for each in (
        "OpenBadgeCredential", "Profile", "Address", "AchievementSubject", "Achievement",
        "IdentityObject", "Evidence", "Result", "ResultDescription", "Criteria",
    )
}  # fmt: skip
"""IRI of each type."""
