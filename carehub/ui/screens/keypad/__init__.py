"""Type a reading in: one number after the other on a large pad."""
