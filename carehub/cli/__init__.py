"""The doors: desktop, demo and every headless command."""
