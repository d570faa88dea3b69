"""Opening a verifier, and whose root it may trust."""
