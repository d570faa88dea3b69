"""What a document says of itself: XMP, Info, colour space."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html import escape

from PIL import ImageCms

__all__ = ["info_date", "srgb_profile", "xmp"]

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 xmp:CreateDate="%b" pdf:Producer="cecert"%b>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%b</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%b</rdf:li></rdf:Seq></dc:creator>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()

_CLAIM = b' pdfaid:part="3" pdfaid:conformance="U" pdfuaid:part="1"'


def xmp(title: str, author: str, at: datetime, *, conformant: bool) -> bytes:
    """Return the metadata of a document (XMP).

    *conformant* ones say that they are PDF/A-3u and PDF/UA-1.

    Args:
        title: Of the document.
        author: Whose seal it gets.
        at: When it was made, UTC.
        conformant: Whether it says that it is PDF/A-3u and PDF/UA-1.
    """
    date = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    claim = _CLAIM if conformant else b""
    return _XMP % (
        date,
        claim,
        escape(title, quote=False).encode(),
        escape(author, quote=False).encode(),
    )


def info_date(at: datetime) -> str:
    """Write an instant, UTC, as the Info dictionary does."""
    return f"D:{at:%Y%m%d%H%M%S}Z"


@cache
def srgb_profile() -> bytes:
    """Return an sRGB profile whose date is fixed, so that equal documents are equal bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2010, 7.2.8: year, month, day, hour, minute, second, two bytes each.
    profile[24:36] = b"".join(part.to_bytes(2, "big") for part in (2020, 1, 1, 0, 0, 0))
    return bytes(profile)
