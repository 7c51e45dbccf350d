"""The pages keep their word: links lead somewhere, commands exist, every dependency has its reason."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.helpers.scripts import ROOT, script

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Written in pieces, so that this page does not name them either.
HOSTS = re.compile(
    "|".join(
        ["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.org", "deb" + r"\.debian"]
    )
)
MACHINE = re.compile(r"(?<![\w.])/(work|root|farm)/")


def project() -> dict[str, object]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def dependencies() -> set[str]:
    """Return the name of each library that pyproject.toml asks for."""
    whole = project()
    tables = whole["project"]
    groups = whole["dependency-groups"]
    assert isinstance(tables, dict)
    assert isinstance(groups, dict)
    lists = [tables["dependencies"], *tables["optional-dependencies"].values(), *groups.values()]
    lines = [line for listed in lists for line in listed if isinstance(line, str)]
    return {re.split(r"[<>=;\[ ]", line)[0] for line in lines}


def tracked() -> list[Path]:
    """Return the text files of the project, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    kinds = {".md", ".py", ".toml", ".txt", ".yaml", ".po", ".sh", ""}
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.suffix in kinds and file.is_file()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    targets = [link.partition("#")[0] for link in LINK.findall(text)]
    local = [target for target in targets if target and "://" not in target]
    assert not [target for target in local if not (page.parent / target).exists()]


def test_every_dependency_has_its_reason():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    named = {word for row in rows for word in re.findall(r"[a-z0-9-]+", row.split("|")[1].lower())}
    assert not dependencies() - named


def test_readme_names_the_two_commands_and_they_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"python3 packaging/dev\.py (\w+)", text))
    assert {"demo", "test"} <= words
    assert words <= {"demo", "run", *script("dev").SCRIPTS}


def test_every_poe_task_in_the_pages_exists():
    tools = project()["tool"]
    assert isinstance(tools, dict)
    tasks = set(tools["poe"]["tasks"])
    for page in PAGES:
        named = set(re.findall(r"`poe ([\w]+)", page.read_text(encoding="utf-8")))
        assert named <= tasks, page


def test_each_decision_is_numbered_in_order_and_has_four_parts():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:3] for page in pages] == [f"{n:03}" for n in range(1, len(pages) + 1)]
    for page in pages:
        parts = re.findall(r"^## (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"], page.name


def test_no_file_names_a_registry_or_a_folder_of_somebodys_machine():
    guilty = {}
    for file in tracked():
        text = file.read_text(encoding="utf-8", errors="replace")
        found = HOSTS.findall(text) + [hit.group() for hit in MACHINE.finditer(text)]
        if found and file != Path(__file__):
            guilty[file.relative_to(ROOT).as_posix()] = found
    assert not guilty
