"""The certificate: its record, its phrases, and what stands printed on it."""
