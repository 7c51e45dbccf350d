"""The build hook: compile the catalogues before resources are packed."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface[Any]):
    """Runs `locale_build.build`, so that neither a wheel nor a checkout lacks its translations."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch calls it
        """Compile what is stale."""
        script = Path(self.root) / "packaging" / "locale_build.py"
        runpy.run_path(str(script))["build"]()
