"""Courses: sessions, credit lines, approvals, regimes, and what a provider may claim."""
