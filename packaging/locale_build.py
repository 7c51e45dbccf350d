"""Merge each language's catalogues into one that gettext reads, and check that nothing is missing.

    python packaging/locale_build.py            write LC_MESSAGES/carehub.mo where it is stale
    python packaging/locale_build.py --check    also compare with the texts the code shows

Every aspect keeps its own `resources/locale/<language>/<aspect>.po`; a text that two aspects share
must be translated the same way in both.
"""

import argparse
import os
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
SOURCES = ROOT / "carehub"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
MESSAGES = "carehub.mo"
THEN = datetime(2026, 1, 1, tzinfo=UTC)  # never today: the same sources give the same bytes

# What no sentence of ours may say: it names a disease, promises, or touches a dose.
FORBIDDEN = ("诊断为", "您患有", "确诊", "治愈", "停药", "加量", "减量", "换药", "保证")
FORBIDDEN_ENGLISH = ("diagnosed", "you have hypertension", "you have diabetes", "guarantee", "cure")

Id = str | tuple[str, ...] | list[str]


class CatalogueError(Exception):
    """The catalogues cannot be merged; the message lists each place."""


def languages(locale: Path = LOCALE) -> list[Path]:
    """Return the folder of each language that has at least one catalogue."""
    return sorted({file.parent for file in locale.glob("*/*.po")})


def merge(folder: Path) -> Catalog:
    """Return one catalogue of all `*.po` in a language's folder.

    Raises CatalogueError where two files translate one text differently.
    """
    merged = Catalog(
        folder.name, "carehub", creation_date=THEN, revision_date=THEN, charset="utf-8"
    )
    origin: dict[str, str] = {}
    clashes: list[str] = []
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=folder.name, charset="utf-8", abort_invalid=True)
        for message in _entries(catalogue):
            known = merged.get(_first(message.id))
            if known is None:
                merged.add(message.id, message.string, flags=message.flags)
                origin[_first(message.id)] = file.name
            elif known.string != message.string or known.id != message.id:
                first = origin.get(_first(known.id), "?")
                clashes.append(f"{file.name} and {first} differ on {_first(message.id)!r}")
    if clashes:
        raise CatalogueError("\n".join(clashes))
    return merged


def build(locale: Path = LOCALE, *, force: bool = False) -> list[Path]:
    """Write each language's merged catalogue where it is stale; return those written."""
    written = []
    for folder in languages(locale):
        target = folder / "LC_MESSAGES" / MESSAGES
        if not force and _fresh(target, folder):
            continue
        catalogue = merge(folder)
        target.parent.mkdir(exist_ok=True)
        # Two runs may build at once; each writes a file of its own, the last one stays.
        unfinished = target.with_suffix(f".{os.getpid()}.tmp")
        with unfinished.open("wb") as stream:
            write_mo(stream, catalogue)
        unfinished.replace(target)
        written.append(target)
    return written


def used(sources: Path = SOURCES) -> dict[str | tuple[str, ...], str]:
    """Return each text the code marks for translation and the first place that marks it."""
    found: dict[str | tuple[str, ...], str] = {}
    texts = extract_from_dir(sources, [("**.py", "python")], keywords=KEYWORDS)
    for file, line, text, _comments, _context in texts:
        found.setdefault(text, f"{sources.name}/{file}:{line}")
    return found


def problems(locale: Path = LOCALE, sources: Path = SOURCES) -> list[str]:
    """Return one line for each text that is missing, empty, fuzzy, broken or may not be said."""
    wanted = used(sources)
    lines = [f"{place}: {word!r} may not be said" for place, word in _forbidden(wanted)]
    for folder in languages(locale):
        catalogue = merge(folder)
        for text, place in wanted.items():
            lines += [f"{place}: {why}" for why in _faults(catalogue, folder.name, text)]
        for message in _entries(catalogue):
            said = "".join(_parts(message.string))
            lines += [f"{folder.name}: {word!r} may not be said" for word in _words(said)]
    return lines


def unused(locale: Path = LOCALE, sources: Path = SOURCES) -> list[str]:
    """Return the translated texts that no code marks; rules and other data may still show them."""
    wanted = {_first(text) for text in used(sources)}
    return [
        f"{folder.name}: {_first(message.id)!r}"
        for folder in languages(locale)
        for message in _entries(merge(folder))
        if _first(message.id) not in wanted
    ]


def _faults(catalogue: Catalog, language: str, text: Id) -> Iterator[str]:
    message = catalogue.get(_first(text))
    name = _first(text)
    if message is None or not all(_parts(message.string)):
        yield f"{name!r} has no {language} translation"
        return
    if message.fuzzy:
        yield f"the {language} translation of {name!r} is marked fuzzy"
    wanted = set().union(*map(_fields, _parts(text)))
    for translation in _parts(message.string):
        if not _fields(translation) <= wanted or _needed(text) - _fields(translation):
            yield f"the {language} translation of {name!r} has other placeholders"


def _needed(text: Id) -> set[str]:
    """Return the placeholders that each form of a text shares: a translation may drop no other."""
    parts = [_fields(part) for part in _parts(text)]
    return set.intersection(*parts) if parts else set()


def _fields(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {f"broken braces in {text!r}"}


def _forbidden(texts: Mapping[str | tuple[str, ...], str]) -> Iterator[tuple[str, str]]:
    for text, place in texts.items():
        for word in _words(" ".join(_parts(text))):
            yield place, word


def _words(text: str) -> list[str]:
    lowered = text.lower()
    return [word for word in FORBIDDEN + FORBIDDEN_ENGLISH if word in lowered]


def _entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _first(text: Id) -> str:
    return text if isinstance(text, str) else text[0]


def _parts(text: Id | None) -> tuple[str, ...]:
    if not text:
        return ("",)
    return (text,) if isinstance(text, str) else tuple(text)


def _fresh(target: Path, folder: Path) -> bool:
    if not target.exists():
        return False
    made = target.stat().st_mtime
    # The folder's own time moves when a catalogue is removed.
    return all(made >= file.stat().st_mtime for file in (folder, *folder.glob("*.po")))


def _report(lines: Iterable[str]) -> int:
    count = 0
    for line in lines:
        print(line, file=sys.stderr)
        count += 1
    return count


def main(arguments: list[str] | None = None) -> int:
    """Build, or with `--check` build and compare; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail on a missing translation")
    parser.add_argument("--unused", action="store_true", help="list texts that no code marks")
    parser.add_argument("--force", action="store_true", help="write even what is fresh")
    chosen = parser.parse_args(arguments)
    try:
        for file in build(force=chosen.force):
            print(f"wrote {file.relative_to(ROOT)}")
        if chosen.unused:
            _report(unused())
        if chosen.check and (count := _report(problems())):
            print(f"{count} texts need attention", file=sys.stderr)
            return 1
    except (CatalogueError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
