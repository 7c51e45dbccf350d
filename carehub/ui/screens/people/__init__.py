"""People: who lives here, choosing one, adding and changing one."""
