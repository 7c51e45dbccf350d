"""Where a page is found by its name, and the way a person came.

The page "measure" lives in `screens/measure/screen.py`, "measure.keypad" in the same file; each such
file has `PAGES`, its pages by name. Only the page that is opened is imported.
"""

from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from carehub.ui import screens

if TYPE_CHECKING:
    from carehub.ui.screens.page import AnyPage

HOME = "home"


def page_module(folder: str) -> ModuleType:
    """Import and return the module with the pages of one screen folder."""
    return import_module(f"{screens.__name__}.{folder}.screen")


def page_class(name: str) -> "type[AnyPage]":
    """Return the class of the page `name`; raises KeyError where no screen has it."""
    pages: dict[str, type[AnyPage]] = page_module(name.partition(".")[0]).PAGES
    return pages[name]


def folders() -> list[str]:
    """Return the names of all folders with screens."""
    return sorted(found.name for found in iter_modules(screens.__path__) if found.ispkg)


@dataclass(slots=True)
class Way:
    """The pages a person came through, home first; the last one is on the screen."""

    pages: list["AnyPage"] = field(default_factory=list)

    @property
    def here(self) -> "AnyPage | None":
        """Return the page on the screen."""
        return self.pages[-1] if self.pages else None

    def go(self, page: "AnyPage") -> None:
        """Put a page on top."""
        self.pages.append(page)

    def back(self) -> "AnyPage | None":
        """Take the top page away and return it; None where it is the only one."""
        return self.pages.pop() if len(self.pages) > 1 else None

    def clear(self) -> list["AnyPage"]:
        """Take all pages away and return them."""
        gone, self.pages = self.pages, []
        return gone
