"""Text that is shaped, broken into lines and fitted; it knows no page."""
