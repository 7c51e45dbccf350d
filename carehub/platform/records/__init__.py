"""Person streams: push, pull, heads, snapshots, digests, live events."""
