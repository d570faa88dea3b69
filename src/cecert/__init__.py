"""Issues continuing-education certificates that can be defended."""
