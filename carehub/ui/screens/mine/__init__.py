"""Mine: family, records, meters, privacy, display, language, lock, and what this program is."""
