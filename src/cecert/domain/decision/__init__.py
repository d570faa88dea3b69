"""Decisions: a completion record becomes awards and denials."""
