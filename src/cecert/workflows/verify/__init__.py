"""Verify: from what somebody shows to an outcome."""
