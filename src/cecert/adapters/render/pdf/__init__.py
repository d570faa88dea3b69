"""The tagged document as bytes; it knows no certificate."""
