"""Home and the doctor's sheet read a real archive and follow what changes in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QAbstractButton, QLabel

from carehub.archive import people, readings
from carehub.archive.store import Archive
from carehub.care.changes import Changes
from carehub.care.family import Scope
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.config import Config
from carehub.ui import background
from carehub.ui.screens.sample import PERSON
from carehub.ui.shell import Shell
from carehub.ui.visit import Visit
from tests.helpers import archives, pages
from tests.helpers.builders import bp, make_plan


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = archives.new(tmp_path / "archive")
    with made.write() as tx:
        people.add(tx, PERSON)
    yield made
    made.close(background.now())


@pytest.fixture
def shell(archive: Archive) -> Iterator[Shell]:
    with pages.shell_for(Config(language="en", lock_minutes=0)) as made:
        plan: Plan = make_plan()
        visit = Visit(
            config=made.visit.config,
            archive=archive,
            person=PERSON,
            profile=Profile(PERSON),
            plan=plan,
        )
        made.set_visit(visit)
        yield made


def text(shell: Shell, name: str) -> str:
    label = shell.findChild(QLabel, name)
    return label.text() if label is not None else ""


def wait_for(ready: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(60_000)
    while not ready() and not deadline.hasExpired():
        pages.app().processEvents()
    assert ready()


def test_home_invites_then_shows_what_was_measured(shell: Shell, archive: Archive) -> None:
    shell.start("home")
    wait_for(lambda: "Sit down" in text(shell, "home.pressure.first"))
    reading = replace(bp(128, 82, background.now()), person_id=PERSON.id)

    def take() -> Changes:
        with archive.write() as tx:
            readings.add(tx, reading)
        return Changes.READINGS

    shell.background.run(take)
    wait_for(lambda: text(shell, "home.pressure.value") == "128/82")
    assert text(shell, "home.pressure.state") == "In target"


def test_the_sheet_is_made_from_the_archive(shell: Shell, archive: Archive, tmp_path: Path) -> None:
    from carehub.ui.screens.consult.screen import Consult

    with archive.write() as tx:
        readings.add(tx, replace(bp(138, 86, background.now() - 1000), person_id=PERSON.id))
    page = shell.start("consult")
    assert isinstance(page, Consult)
    wait_for(lambda: PERSON.name in text(shell, "consult.who"))
    paper = page.paper()
    assert paper is not None
    page.keep(paper, tmp_path, background.now())
    (file,) = tmp_path.glob("*.pdf")
    assert PERSON.name not in file.name
    assert file.name in text(shell, "consult.saved")
    assert any("138/86" in line for section in paper.sections for line in section.lines)


def test_a_folder_that_cannot_be_written_is_said(shell: Shell, tmp_path: Path) -> None:
    from carehub.ui.screens.consult.screen import Consult

    page = shell.start("consult")
    assert isinstance(page, Consult)
    wait_for(lambda: PERSON.name in text(shell, "consult.who"))
    paper = page.paper()
    assert paper is not None
    (tmp_path / "file").touch()
    page.keep(paper, tmp_path / "file", background.now())
    assert text(shell, "notice.pdf.text")
    assert text(shell, "consult.saved") == ""


def test_what_the_mandate_does_not_allow_is_not_offered(shell: Shell) -> None:
    own = shell.visit
    cared = replace(own, caring="女儿", scopes=frozenset({Scope.VIEW}))
    helper = replace(cared, scopes=frozenset({Scope.VIEW, Scope.RECORD, Scope.CONSULT}))
    for visit, offered in ((own, True), (cared, False), (helper, True)):
        shell.set_visit(visit)
        shell.start("report")
        page = shell.page
        assert page is not None
        names = ("report.measure", "report.doctor")
        found = [b for b in page.findChildren(QAbstractButton) if b.objectName() in names]
        assert len(found) == len(names)
        wait_for(lambda: all(each.isHidden() is not offered for each in found))  # noqa: B023 - waited for at once
