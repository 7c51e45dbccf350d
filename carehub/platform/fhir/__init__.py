"""FHIR R4 for other systems: what a person holds, to be read and searched through the one gate."""
