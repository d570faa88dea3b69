"""The token in the QR code: its claims, its verification and its outcomes."""
