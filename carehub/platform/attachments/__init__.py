"""Attachments: files that come in pieces (tus 1.0), lie on the disk, and go out by the piece."""
