"""Help: whom to ring, in figures large enough to dial from."""
