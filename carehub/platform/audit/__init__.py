"""Who did what: append-only, hash-chained, readable by the person."""
