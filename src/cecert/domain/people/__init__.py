"""People: who somebody is, and when two names are one."""
