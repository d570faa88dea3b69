"""Acts upon an office's keys, and what they must not undo."""
