"""What was just measured: the sentence first, then the numbers."""
