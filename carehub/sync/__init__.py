"""How it is shared: what to send, what to apply, when, and the one door to the network."""
