"""The tray: readings whose owner nobody has told yet."""
