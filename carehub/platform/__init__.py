"""The other end: one area a folder (routes, service, tables), on SQLite or PostgreSQL."""
