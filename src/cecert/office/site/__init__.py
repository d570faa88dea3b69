"""The office's site: what is published, and when."""
