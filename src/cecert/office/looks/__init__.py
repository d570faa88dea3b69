"""Looking before issuing: previews, fonts, scripts that no font has."""
