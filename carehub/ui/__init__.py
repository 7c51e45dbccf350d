"""How it looks: the only place for Qt and matplotlib."""
