"""Clinics, health workers and doctors, kept by the operator."""
