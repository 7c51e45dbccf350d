"""Measure blood pressure: sit, rest, two readings a minute apart, and a third when they differ."""
