"""Reporting to registers of credits: what they were not told yet, and what they know wrongly."""
