"""How other programs' notebooks are read: bytes to rows, one module for each format, no archive."""
