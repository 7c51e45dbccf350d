"""Every page, with each of its samples, in the looks and languages it is used in, is without fault."""

import pytest
from PySide6.QtGui import QFontDatabase

from carehub.config import Config, Mode
from carehub.i18n import Language
from carehub.ui import navigation, theme
from carehub.ui.screens.sample import samples_of
from tests.helpers import pages

FORMS: list[tuple[Mode, Language]] = [("elder", "zh_CN"), ("elder", "en"), ("standard", "zh_CN")]


@pytest.fixture(autouse=True)
def _font() -> None:
    pages.app()
    if theme.FAMILIES[0] not in QFontDatabase.families():
        pytest.skip("no Chinese font here; layouts would be measured in boxes")


@pytest.mark.unmeasured
@pytest.mark.parametrize("form", FORMS, ids="-".join)
@pytest.mark.parametrize("folder", navigation.folders())
def test_a_page_is_right_for_an_elder(folder: str, form: tuple[Mode, Language]) -> None:
    mode, language = form
    found: list[str] = []
    config = Config(mode=mode, language=language, helpline="400-000-0000")
    with pages.shell_for(config) as shell:
        for sample in samples_of(folder):
            page = pages.show(shell, sample)
            found += [f"{sample.key}: {fault}" for fault in pages.faults(page)]
    assert not found, "\n" + "\n".join(found)


def test_each_folder_of_screens_has_samples_of_each_page() -> None:
    missing = []
    for folder in navigation.folders():
        module = navigation.page_module(folder)
        shown = {sample.page for sample in samples_of(folder)}
        missing += sorted(set(module.PAGES) - shown)
    assert not missing
