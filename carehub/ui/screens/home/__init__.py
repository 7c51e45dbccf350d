"""Home: the greeting, the three functions, and how things stand."""
