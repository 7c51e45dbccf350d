"""CareHub: meters, an encrypted local archive, trends and alerts for elders and their families."""

__version__ = "0.1.0"
