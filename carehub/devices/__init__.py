"""How things are measured: bytes to values, meter drivers, the radio link, pretend meters."""
