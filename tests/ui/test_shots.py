"""Pictures of pages come out in every form, at the size of the screen."""

from pathlib import Path

from PySide6.QtGui import QImage

from carehub.ui import shots, theme
from tests.helpers import pages


def test_the_help_page_is_drawn_in_each_form(tmp_path: Path) -> None:
    pages.app()
    files = shots.draw(tmp_path, ["help"])
    names = {file.name for file in files}
    assert "help-family-elder-paper.png" in names
    assert "help-family-standard-contrast.png" in names
    assert "help-family-english.png" in names
    pictures = {file.name: QImage(str(file)) for file in files}
    assert pictures["help-family-elder-paper.png"].width() == 1366
    assert pictures["help-family-1920x1080.png"].width() == 1920
    dark = pictures["help-family-elder-contrast.png"].pixelColor(3, 300).name()
    assert dark.upper() == theme.CONTRAST.paper
    theme.apply(pages.app())


def test_the_command_fails_when_nothing_is_of_that_name(
    tmp_path: Path,
) -> None:
    pages.app()
    assert shots.main([str(tmp_path / "out"), "nothing-of-that-name"]) == 1
    theme.apply(pages.app())
