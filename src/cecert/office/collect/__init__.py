"""Collecting, wired: a course's files, exports and forms to a batch."""
