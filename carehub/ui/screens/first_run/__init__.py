"""First run: language, size, consent, who, PIN, recovery code, the health archive in three steps."""
