"""Each import contract of pyproject.toml is broken once, to prove that it holds."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.scripts import ROOT

pytestmark = pytest.mark.unmeasured

# Contract, where the forbidden import is written, what it says.
TRESPASSES = [
    ("directions", "care/trespass.py", "import carehub.wire"),
    ("directions", "wire/trespass.py", "import carehub.archive"),
    ("directions", "archive/trespass.py", "import carehub.devices"),
    ("directions", "devices/trespass.py", "import carehub.archive"),
    ("directions", "imports/trespass.py", "import carehub.archive"),
    ("directions", "workflows/trespass.py", "import carehub.ui"),
    ("directions", "ui/trespass.py", "import carehub.cli"),
    ("directions", "helpers.py", ""),  # a new part without a place
    ("platform", "platform/people.py", "import carehub.archive"),
    ("platform-door", "ui/trespass.py", "import carehub.platform.people"),
    ("settings", "workflows/trespass.py", "import carehub.config"),
    ("models-without-qt", "ui/screens/trespass/model.py", "from PySide6.QtCore import QPoint"),
    ("models-without-qt", "ui/screens/trespass/model.py", "import carehub.ui.widgets.buttons"),
    ("light-vault", "archive/vault/trespass.py", "import sqlalchemy"),
    ("home-screen", "care/trespass.py", "import PySide6.QtCore"),
    ("home-screen", "workflows/trespass.py", "import matplotlib"),
    ("home-tables", "workflows/trespass.py", "from sqlalchemy import select"),
    ("home-service", "sync/trespass.py", "import fastapi"),
    ("home-database", "ui/trespass.py", "import keyring"),
    ("home-radio", "devices/trespass.py", "import bleak"),
    ("home-pretend-radio", "devices/trespass.py", "import bumble.device"),
    ("home-bus", "devices/trespass.py", "import dbus_fast"),
    ("home-wire", "care/trespass.py", "import pydantic"),
    ("home-oauth", "platform/trespass.py", "from authlib.oauth2 import rfc7636"),
    ("home-ids", "archive/trespass.py", "import uuid_utils.compat"),
    ("home-paper", "platform/trespass.py", "import fpdf"),
    ("directions", "sync/trespass.py", "import carehub.workflows"),
    ("home-network", "sync/trespass.py", "import httpx"),
    ("home-network", "workflows/trespass.py", "import httpx_sse"),
    ("home-folders", "ui/trespass.py", "import platformdirs"),
]


def settings() -> dict[str, object]:
    """Return pyproject.toml's `[tool.importlinter]`."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, object] = tomllib.loads(text)["tool"]["importlinter"]
    return found


def contracts() -> list[dict[str, object]]:
    """Return the contracts of pyproject.toml."""
    found = settings()["contracts"]
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the code and its contracts to where it may be spoilt."""
    folder = tmp_path_factory.mktemp("contracts")
    ignored = shutil.ignore_patterns("__pycache__", "_resources")
    shutil.copytree(ROOT / "carehub", folder / "carehub", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def write(skeleton: Path) -> Iterator[object]:
    """Write one file into the copy, with the folders it needs; take it out again afterwards."""
    made: list[Path] = []

    def put(name: str, text: str) -> None:
        file = skeleton / "carehub" / name
        for folder in reversed(file.relative_to(skeleton).parents):
            package = skeleton / folder / "__init__.py"
            if folder != Path() and not package.exists():
                package.parent.mkdir(exist_ok=True)
                package.touch()
                made.append(package)
        file.write_text(f'"""A trespass."""\n\n{text}\n', encoding="utf-8")
        made.append(file)

    yield put
    for file in reversed(made):
        file.unlink(missing_ok=True)
        if file.parent.exists() and not any(file.parent.iterdir()):
            file.parent.rmdir()


def lint(folder: Path, *contract: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter in `folder` as `poe check` does."""
    chosen = [word for name in contract for word in ("--contract", name)]
    line = "import sys; from importlinter.cli import lint_imports_command as run; run(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", line, "--no-logo", "--cache-dir", str(folder / "cache"), *chosen],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_code_keeps_every_contract(skeleton):
    told = lint(skeleton)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("contract", "name", "text"),
    TRESPASSES,
    ids=[f"{contract}-{name}-{text}".replace("/", ".") for contract, name, text in TRESPASSES],
)
def test_one_forbidden_import_breaks_its_contract(skeleton, write, contract, name, text):
    write("platform/people.py", "")
    write(name, text)
    told = lint(skeleton, contract)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "BROKEN" in told.stdout


def test_every_contract_is_proved():
    assert {contract["id"] for contract in contracts()} == {row[0] for row in TRESPASSES}


def imported() -> dict[str, set[str]]:
    """Return the top-level name of every import of the code, and the files that write it."""
    found: dict[str, set[str]] = {}
    for file in (ROOT / "carehub").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            else:
                continue
            for name in names:
                found.setdefault(name.partition(".")[0], set()).add(
                    file.relative_to(ROOT).as_posix()
                )
    return found


def test_every_library_has_a_home():
    housed: set[str] = set()
    for contract in contracts():
        if str(contract["id"]).startswith("home-"):
            libraries = contract["protected_modules"]
            assert isinstance(libraries, list)
            housed.update(libraries)
    strangers = imported().keys() - set(sys.stdlib_module_names) - {"carehub", "_typeshed"} - housed
    assert not strangers


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh Python holds after `statement`."""
    line = f"{statement}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    told = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


HEAVY = {
    "alembic", "argon2", "bleak", "bumble", "cryptography", "dbus_fast", "keyring", "matplotlib",
    "numpy", "pydantic", "sqlalchemy", "sqlcipher3",
}  # fmt: skip


def test_the_command_line_starts_light():
    assert not loaded_by("import carehub.__main__, carehub.cli") & (HEAVY | {"PySide6"})


def test_the_home_screen_starts_light():
    statement = "import carehub.ui.shell, carehub.ui.screens.home.screen"
    assert not loaded_by(statement) & HEAVY
