"""Signed bytes: strict CBOR, COSE and the digits of a QR code."""
