"""JSON of any length, one item after the other: nothing but the item at hand is held in memory."""

import json
from collections.abc import Iterator
from decimal import Decimal

from carehub.errors import FileRefused
from carehub.i18n import _
from carehub.imports.sources import Source

LONGEST_ITEM = 1024 * 1024
_DEEPEST = 6

Path = tuple[str, ...]
Leaf = tuple[Path, object]
"""The names that lead to a value, and the value: a scalar, or an item of a list."""


def leaves(source: Source) -> Iterator[Leaf]:
    """Yield every item of every list, and every scalar outside lists, in the order of the file.

    Objects outside lists are entered; items of lists come whole. Numbers are int or Decimal.
    Raises FileRefused where the text is no JSON.
    """
    text = _Text(source.characters())
    yield from _inside(text, (), 0)
    if text.peek():
        raise _broken()


class _Text:
    """A window on the text that moves on as it is read."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._window = ""
        self._at = 0

    def peek(self) -> str:
        """Return the next sign that is not a space, or nothing at the end."""
        while True:
            while self._at < len(self._window) and self._window[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def take(self, *signs: str) -> str:
        """Take one of these signs; raises FileRefused for another one."""
        sign = self.peek()
        if sign not in signs or not sign:
            raise _broken()
        self._at += 1
        return sign

    def value(self) -> object:
        """Take one whole value; raises FileRefused where it is none, or longer than any of ours."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._window, self._at)
            except RecursionError:
                raise _broken() from None
            except ValueError:
                if len(self._window) - self._at > LONGEST_ITEM or not self._more():
                    raise _broken() from None
                continue
            # A number at the window's edge may go on behind it.
            if end == len(self._window) and self._more():
                continue
            self._at = end
            return found

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        while piece == "":
            piece = next(self._pieces, None)
        if piece is None:
            return False
        self._window = self._window[self._at :] + piece
        self._at = 0
        return True


def _inside(text: _Text, path: Path, depth: int) -> Iterator[Leaf]:
    sign = text.peek()
    if depth > _DEEPEST:
        raise _broken()
    if sign == "[":
        yield from _items(text, path)
    elif sign == "{":
        yield from _members(text, path, depth)
    else:
        yield path, text.value()


def _items(text: _Text, path: Path) -> Iterator[Leaf]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        yield path, text.value()
        if text.take(",", "]") == "]":
            return


def _members(text: _Text, path: Path, depth: int) -> Iterator[Leaf]:
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        if text.peek() != '"':
            raise _broken()
        name = str(text.value())
        text.take(":")
        yield from _inside(text, (*path, name), depth + 1)
        if text.take(",", "}") == "}":
            return


def _constant(_name: str) -> None:
    """Read NaN and its kin as nothing: they are no numbers."""


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant)


def _broken() -> FileRefused:
    return FileRefused(_("This file is damaged or cut short: it is no whole JSON."))


def looks_like(source: Source) -> bool:
    """Tell whether a file begins as JSON."""
    return source.text_head.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def first(source: Source, path: Path = ()) -> dict[str, object]:
    """Return the first object of the list at `path`, or an empty one where there is none."""
    if not looks_like(source):
        return {}
    try:
        for number, (at, item) in enumerate(leaves(source)):
            if at == path and isinstance(item, dict):
                return item
            if number > 1000:
                break
    except FileRefused:
        return {}
    return {}
