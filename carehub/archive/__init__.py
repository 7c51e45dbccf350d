"""How things are kept: keys, the encrypted database, attachments, search and backups."""
