"""What a person may always ask for: a copy of everything, and that everything be erased."""
