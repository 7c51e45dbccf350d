"""How things travel: pydantic models with the same names as in `care`, and the exchange envelope."""
