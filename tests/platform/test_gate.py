"""No door without the gate: every route and every service that touches a person's rows asks first.

The tests read the code itself, so that a new route or service function without the gate fails here.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import carehub.platform
from carehub.platform.db import metadata
from carehub.platform.schema import AREAS

ROOT = Path(carehub.platform.__file__).parent
GATES = {"access.require", "access.require_own", "access.require_right", "access.standing"}
"""What asks who may do this, and with whose consent."""
OPEN = {
    "rights.routes.fetch": "the link is the key; copies.pieces asks the gate for whoever made it",
    "fhir.routes.metadata": "says nothing of anybody",
}
"""Routes that nobody needs to be signed in for although they stand among a person's."""
PERSONAL = {t.name for t in metadata.sorted_tables if t.info["distribution"] == "person"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        if "migrations" not in file.parts:
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def functions() -> dict[str, ast.AsyncFunctionDef | ast.FunctionDef]:
    """Return every function and method by its module and name."""
    return {
        f"{module}.{node.name}": node
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    }


def named() -> dict[str, dict[str, str]]:
    """Return for each module what its imported names stand for: a module, or something of one."""
    found: dict[str, dict[str, str]] = {}
    for module, tree in modules():
        found[module] = {
            alias.asname or alias.name: f"{node.module}.{alias.name}".removeprefix(
                "carehub.platform."
            )
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("carehub.platform")
            for alias in node.names
        }
    return found


def called(name: str, node: ast.AST, names: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield the functions of ours that this one mentions: calls them, or passes them on."""
    module = name.rpartition(".")[0]
    known = names.get(module, {})
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield known.get(each.id, f"{module}.{each.id}")
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            yield f"{known.get(each.value.id, module)}.{each.attr}"


def reaches(start: str, known: dict[str, ast.AsyncFunctionDef | ast.FunctionDef]) -> bool:
    """Tell whether a gate is asked by this function, or by one that it leads to."""
    names, seen, left = named(), set(), [start]
    while left:
        name = left.pop()
        if name in GATES:
            return True
        if name not in seen and name in known:
            seen.add(name)
            left += called(name, known[name], names)
    return False


def routes() -> Iterator[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    for name, node in functions().items():
        decorated = [ast.unparse(each) for each in node.decorator_list]
        if any(each.startswith("router.") for each in decorated):
            yield name, node


def test_every_route_that_names_a_person_reaches_the_gate():
    known, without = functions(), []
    for name, node in routes():
        arguments = {each.arg for each in node.args.args}
        # A clinic's worker acts on a task or a document of their own clinic: tasks and family's
        # clinic pages compare the clinic's code (their own tests).
        of_clinic = "member" in arguments
        if {"person_id", "person"} & arguments and not of_clinic and not reaches(name, known):
            without.append(name)
    assert without == []
    assert len(list(routes())) > 40


def test_every_route_of_a_person_knows_who_asks():
    for name, node in routes():
        area = name.partition(".")[0]
        arguments = {each.arg for each in node.args.args}
        if (
            area in ("records", "family", "consents", "audit", "rights", "alerts")
            and name not in OPEN
        ):
            assert arguments & {"who", "_who", "member"}, name


def test_whoever_reads_a_person_s_rows_for_a_route_has_an_actor_or_a_caller_that_asked():
    """A service function that takes an actor must ask the gate: the name alone proves nothing."""
    known, without = functions(), []
    for name, node in known.items():
        arguments = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
        public = not name.rpartition(".")[2].startswith("_")
        if public and {"tx", "person_id", "actor"} <= arguments and not reaches(name, known):
            without.append(name)
    # Each of these is called by one that asked, in the same transaction.
    asked_before = {
        "consents.agreeing.ensure", "family.service.ask", "family.service.end_all",
        "records.opening.open_person", "family.reviewing.keep_word", "audit.service.note",
        "audit.service.looked",
    }  # fmt: skip
    assert set(without) <= asked_before


def test_a_route_without_the_gate_would_be_noticed():
    known = functions()
    path = "audit.routes.looks"
    assert reaches(path, known)
    spoilt = ast.parse(
        "async def looks(person_id, here, who):\n    return await here.db.read(rows)"
    )
    assert isinstance(spoilt.body[0], ast.AsyncFunctionDef)
    assert not reaches(path, known | {path: spoilt.body[0]})


def test_an_area_s_person_tables_are_written_by_that_area_alone():
    """Erasing is the one exception: it empties whatever is a person's."""
    owners = {
        table.name: area.__name__.split(".")[2]
        for area in AREAS
        for table in vars(area).values()
        if getattr(table, "name", None) in PERSONAL
    }
    assert set(owners) == PERSONAL
