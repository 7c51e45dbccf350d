"""Load one of packaging's scripts as a module: the folder is no package, so that it shadows none."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent


def script(name: str) -> ModuleType:
    """Return `packaging/<name>.py`, freshly loaded; what a test changes in it is gone afterwards."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    del sys.modules[name]
    return module
