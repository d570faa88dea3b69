"""What issuing needs of an office: its desk, its seal, and who draws."""
