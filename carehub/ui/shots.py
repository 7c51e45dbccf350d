"""Pictures of every page: draws the samples off the screen into PNG files."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from carehub import i18n
from carehub.config import Config, Mode, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from carehub.ui.screens.page import AnyPage
    from carehub.ui.screens.sample import Sample
    from carehub.ui.shell import Shell

HELPLINE = "400-000-0000"
SMALL, LARGE = (1366, 768), (1920, 1080)
FORMS: tuple[tuple[Mode, Palette], ...] = (
    ("elder", "paper"),
    ("elder", "contrast"),
    ("standard", "paper"),
    ("standard", "contrast"),
)


def shown(app: "QApplication", shell: "Shell", sample: "Sample") -> "AnyPage":
    """Put a sample's page on the shell's screen, filled with its view."""
    from PySide6.QtCore import QDeadlineTimer

    from carehub.ui.screens.page import Page

    page = shell.make(sample.page)
    page.opened(**sample.what)
    view = sample.view()
    if isinstance(page, Page) and view is not None:
        page.show_view(view)
    shell.start_with(page)
    app.processEvents()
    patience = QDeadlineTimer(60_000)
    while page.busy and not patience.hasExpired():
        app.processEvents()
    return page


def make_shell(app: "QApplication", config: Config, size: tuple[int, int]) -> "Shell":
    """Return a shell of the sample person, laid out at `size` without a window on any screen."""
    from carehub.ui import theme
    from carehub.ui.background import Background
    from carehub.ui.screens.sample import sample_visit
    from carehub.ui.shell import Shell

    i18n.set_language(config.language)
    theme.apply(app, config.mode, config.palette, theme.scale_for(*size))
    shell = Shell(sample_visit(config), Background(), follow_size=False)
    shell.resize(*size)
    shell.show()
    return shell


def draw(folder: Path, only: Iterable[str] = ()) -> list[Path]:
    """Draw all samples whose key begins with one of `only` (all, where empty) and return the files."""
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for mode, palette in FORMS:
        config = Config(mode=mode, palette=palette, helpline=HELPLINE)
        made += _draw_form(app, folder, config, SMALL, tuple(only), f"{mode}-{palette}")
    plain = Config(helpline=HELPLINE)
    made += _draw_form(app, folder, plain, LARGE, tuple(only) or ("home",), "1920x1080")
    english = Config(language="en", helpline=HELPLINE)
    made += _draw_form(app, folder, english, SMALL, tuple(only), "english")
    return made


def _draw_form(
    app: "QApplication",
    folder: Path,
    config: Config,
    size: tuple[int, int],
    only: tuple[str, ...],
    form: str,
) -> list[Path]:
    from carehub.ui.screens.sample import all_samples

    shell = make_shell(app, config, size)
    made: list[Path] = []
    for sample in all_samples(only):
        page = shown(app, shell, sample)
        page.setFocus()
        app.processEvents()
        file = folder / f"{sample.key}-{form}.png"
        shell.grab().save(str(file))
        made.append(file)
    shell.close()
    shell.background.close()
    shell.deleteLater()
    app.processEvents()
    return made


def main(arguments: list[str] | None = None) -> int:
    """Draw into the folder that was named."""
    parser = argparse.ArgumentParser(prog="shots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("only", nargs="*", help="beginnings of sample names; all without")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    files = draw(chosen.folder, chosen.only)
    sys.stdout.write(f"{len(files)} pictures in {chosen.folder}\n")
    return 0 if files else 1


if __name__ == "__main__":
    raise SystemExit(main())
