"""Restore: what to do when the archive or its key file can no longer be read."""
