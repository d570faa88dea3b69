"""What `collect` reads besides reports, and what it writes: lists, overrides, evidence."""
