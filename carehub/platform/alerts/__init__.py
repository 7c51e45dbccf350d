"""Who is told of an urgent alert or of silence, and what a clinic is asked to do about it."""
