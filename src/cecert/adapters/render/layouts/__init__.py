"""The layouts: a new one is a module here, a file in `templates/layouts`, one entry."""
