"""The scripts beside the set-up: coverage floors, checks in their order, the way to a bare Debian."""

import pytest

from tests.helpers.scripts import script


def file(covered: int, lines: int, branches: tuple[int, int] = (0, 0)) -> dict[str, object]:
    """Return what coverage.py says of one file: lines, and branches as (covered, all)."""
    return {
        "summary": {
            "covered_lines": covered,
            "num_statements": lines,
            "covered_branches": branches[0],
            "num_branches": branches[1],
        },
        "missing_lines": list(range(1, lines - covered + 1)),
        "missing_branches": [],
    }


def test_a_file_belongs_to_the_first_pattern_that_matches():
    floors = {"carehub/ui/screens/*/model.py": 100.0, "carehub/ui/*": 60.0}
    files = {"carehub/ui/screens/home/model.py": file(9, 10), "carehub/ui/shell.py": file(7, 10)}
    folders = script("coverage_floors").by_folder(files, floors)
    model, rest = folders.values()
    assert (model.percent, model.holds) == (90.0, False)
    assert (rest.percent, rest.holds) == (70.0, True)
    assert model.gaps == ["carehub/ui/screens/home/model.py: 1"]


def test_a_branch_counts_like_a_line_and_almost_is_not_enough():
    files = {"carehub/care/a.py": file(9_999, 9_999, (0, 1))}
    (folder,) = script("coverage_floors").by_folder(files, {"carehub/care/*": 100.0}).values()
    assert not folder.holds


def test_every_check_is_run_even_after_one_has_failed(monkeypatch):
    verify = script("verify")
    run = []

    def fail(name, line):
        run.append(name)
        return False

    monkeypatch.setattr(verify, "passes", fail)
    assert verify.main(["check"]) == 1
    assert run == list(verify.CHECKS)


def test_pytests_own_words_run_only_those_tests(monkeypatch):
    verify = script("verify")
    run = []

    def pass_all(name, line):
        run.append(line[2:])
        return True

    monkeypatch.setattr(verify, "passes", pass_all)
    assert verify.main(["test", "tests/care", "-x"]) == 0
    assert run == [["pytest", "tests/care", "-x"]]


@pytest.mark.parametrize(
    ("name", "handed_on"),
    [
        ("PIP_INDEX_URL", True),
        ("SSL_CERT_FILE", True),
        ("REQUESTS_CA_BUNDLE", True),
        ("https_proxy", True),
        ("NO_PROXY", True),
        ("PYTHONPATH", False),
        ("API_TOKEN", False),
    ],
)
def test_only_the_way_to_the_network_is_handed_to_the_bare_system(name, handed_on):
    assert bool(script("prove_clean").NETWORK.match(name)) is handed_on
