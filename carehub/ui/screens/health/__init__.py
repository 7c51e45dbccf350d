"""The health archive: conditions, allergies, medicines, history, the doctor's target, contacts."""
