"""An office that has no files: what a program gives in their place."""
