"""Opening: a calm page while the archive is being opened."""
