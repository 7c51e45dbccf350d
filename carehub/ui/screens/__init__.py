"""The screens, one folder per noun: `model` (a view built without Qt), `screen` (pages), `samples`."""
