"""Sharing with a platform: agreeing to it, signing in, how it stands, and what needs a look."""
