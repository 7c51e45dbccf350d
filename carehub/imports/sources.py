"""Where a file's bytes come from: always from the start, as bytes or as lines, never all at once."""

import codecs
import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from carehub.errors import FileRefused
from carehub.i18n import _

HEAD = 256 * 1024
LONGEST_LINE = 64 * 1024
LARGEST_PART = 4 * 1024**3
"""Bytes that one part of a ZIP may unpack to."""
MOST_SWELLING = 250
"""How many times its size a part may grow; real text stays below 60."""
SMALL_PART = 16 * 1024**2
MOST_NAMES = 4 * 1024**2
"""Bytes of a ZIP's own list of names."""
_CHUNK = 256 * 1024
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22

Line = tuple[int, str | None]
"""A line's number and its text, or None where it is no text or too long (`TOO_LONG` tells which)."""
TOO_LONG = "\x00too long"


@dataclass(frozen=True)
class Source:
    """A file that can be opened from the start as often as wanted.

    `path` is there for what only reads files (SQLite); `size` counts bytes.
    """

    open: Callable[[], IO[bytes]] = field(repr=False)
    size: int
    path: Path | None = field(default=None, repr=False)

    @classmethod
    def of_file(cls, path: Path) -> "Source":
        """Return the source of a file; raises OSError where it cannot be read."""
        return cls(lambda: path.open("rb"), path.stat().st_size, path)

    @classmethod
    def of_bytes(cls, content: bytes) -> "Source":
        """Return the source of bytes in memory."""
        return cls(lambda: io.BytesIO(content), len(content))

    @property
    def name(self) -> str:
        """Return the file's own name, where it has one."""
        return "" if self.path is None else self.path.name

    @cached_property
    def head(self) -> bytes:
        """Return the beginning."""
        with self.open() as stream:
            return stream.read(HEAD)

    @cached_property
    def encoding(self) -> str:
        """Return how the text is written, judged by the beginning."""
        return _encoding(self.head)

    @cached_property
    def first_lines(self) -> tuple[str, ...]:
        """Return the first lines as text, for looking at."""
        found = itertools.islice(_head_lines(self.head, self.encoding), 40)
        return tuple(text for _n, text in found if text is not None)

    @property
    def text_head(self) -> str:
        """Return the beginning as text."""
        return "\n".join(self.first_lines)

    def lines(self) -> Iterator[Line]:
        """Yield each line with its number, without its end; a line that is no text as None."""
        wide = self.encoding.startswith("utf-16")
        with self.open() as stream:
            pieces = _chunks(stream)
            yield from (
                _wide_lines(pieces, self.encoding)
                if wide
                else _lines(stream_lines(stream), self.encoding)
            )

    def characters(self) -> Iterator[str]:
        """Yield the text piece by piece; raises FileRefused where it is none."""
        decoder = codecs.getincrementaldecoder(_with_mark(self.encoding))()
        with self.open() as stream:
            for chunk in _chunks(stream):
                yield _decoded(decoder, chunk, final=False)
        yield _decoded(decoder, b"", final=True)

    @cached_property
    def zipped(self) -> "Zip | None":
        """Return what is in the file where it is a ZIP; raises FileRefused for a harmful one."""
        return Zip(self) if self.head.startswith(b"PK\x03\x04") else None


class Zip:
    """A ZIP file that is looked at before it is trusted."""

    def __init__(self, source: Source) -> None:
        self._source = source
        with source.open() as stream:
            _check_end(stream, source.size)
            with _named_faults(), zipfile.ZipFile(stream) as whole:
                self._parts = {info.filename: info for info in whole.infolist()}

    def find_start(self, beginning: str) -> str | None:
        """Return the name of the first part that begins so, or None."""
        return next((name for name in self._parts if name.startswith(beginning)), None)

    def names(self) -> list[str]:
        """Return the names of all parts."""
        return list(self._parts)

    def part(self, name: str) -> Source:
        """Return one part as a source; raises FileRefused where it would swell beyond all measure."""
        info = self._parts[name]
        swollen = info.file_size > MOST_SWELLING * max(info.compress_size, 1)
        if info.file_size > LARGEST_PART or (swollen and info.file_size > SMALL_PART):
            raise FileRefused(_("This ZIP file unpacks to far too much. It was not opened."))
        if info.flag_bits & 1:
            raise FileRefused(_("This ZIP file asks for a password. Unpack it first."))
        return Source(lambda: _unpacked(self._source.open(), info), info.file_size)

    def read(self, name: str, most: int) -> bytes:
        """Return a small part whole; raises FileRefused where it is larger than `most`."""
        part = self.part(name)
        if part.size > most:
            raise FileRefused(_("This ZIP file unpacks to far too much. It was not opened."))
        with part.open() as stream:
            return stream.read(most)


def _unpacked(stream: IO[bytes], info: zipfile.ZipInfo) -> IO[bytes]:
    """Return a part of a ZIP as a file; what it does not hold as promised becomes one sentence."""
    with _named_faults():
        part = zipfile.ZipFile(stream).open(info)  # noqa: SIM115 - closed with the stream below it
    return cast("IO[bytes]", _Part(stream, part))


class _Part:
    """A part of a ZIP while it is unpacked."""

    def __init__(self, stream: IO[bytes], part: IO[bytes]) -> None:
        self._stream = stream
        self._part = part

    def __enter__(self) -> "_Part":
        return self

    def __exit__(self, *_error: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end; a part never gives more than its size says."""
        with _named_faults():
            return self._part.read(size)


class _named_faults:  # noqa: N801 - read as a statement: with _named_faults()
    """Turn what a broken ZIP raises into one sentence."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        broken = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, struct.error)
        if kind is not None and issubclass(kind, (*broken, NotImplementedError, RuntimeError)):
            raise FileRefused(_("This ZIP file is damaged.")) from None


def stream_lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines of bytes, ends included; None for a line that is too long."""
    rest = b""
    skipping = False
    for chunk in _chunks(stream):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield None if skipping or len(line) > LONGEST_LINE else line
            skipping = False
        if len(rest) > LONGEST_LINE:
            skipping, rest = True, b""
    if skipping or rest:
        yield None if skipping else rest


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _lines(raw: Iterator[bytes | None], encoding: str) -> Iterator[Line]:
    for number, line in enumerate(raw, start=1):
        if line is None:
            yield number, TOO_LONG
            continue
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            yield number, line.decode().rstrip("\r")
        except UnicodeDecodeError:
            yield number, _otherwise(line, encoding)


def _otherwise(line: bytes, encoding: str) -> str | None:
    """Read a line that is not UTF-8: files that were pasted together mix encodings."""
    try:
        return line.decode("gb18030" if encoding == "utf-8" else encoding).rstrip("\r")
    except UnicodeDecodeError:
        return None


def _wide_lines(chunks: Iterator[bytes], encoding: str) -> Iterator[Line]:
    decoder = codecs.getincrementaldecoder(_with_mark(encoding))(errors="replace")
    rest, number, skipping = "", 0, False
    for chunk in itertools.chain(chunks, [b""]):
        *whole, rest = (rest + decoder.decode(chunk, final=not chunk)).split("\n")
        for line in whole:
            number += 1
            yield number, TOO_LONG if skipping or len(line) > LONGEST_LINE else line.rstrip("\r")
            skipping = False
        if len(rest) > LONGEST_LINE:
            skipping, rest = True, ""
    if skipping or rest:
        yield number + 1, TOO_LONG if skipping else rest


def _with_mark(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError:
        raise FileRefused(_("This file is not readable text.")) from None


def _head_lines(head: bytes, encoding: str) -> Iterator[Line]:
    if encoding.startswith("utf-16"):
        return _wide_lines(iter([head]), encoding)
    return _lines(stream_lines(io.BytesIO(head)), encoding)


def _encoding(head: bytes) -> str:
    """Judge by a mark, by zero bytes, then by which encoding the bytes fit."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    odd, even = head[1:2000:2].count(0), head[0:2000:2].count(0)
    if odd > 4 * even and odd * 4 > min(len(head), 2000):
        return "utf-16-le"
    if even > 4 * odd and even * 4 > min(len(head), 2000):
        return "utf-16-be"
    if _fits(head, "utf-8"):
        return "utf-8"
    # Files that were pasted together mix encodings: what is UTF-8 says nothing of the rest.
    strange = b"\n".join(line for line in head.split(b"\n") if not _fits(line, "utf-8"))
    chinese = _fits(strange, "gb2312") or (_fits(strange, "gb18030") and _far_east(strange))
    return "gb18030" if chinese else "cp1252"


def _fits(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return True


def _far_east(head: bytes) -> bool:
    """Tell whether bytes above ASCII come in runs, as Chinese does and accents do not."""
    high = sum(byte > 0x7F for byte in head)
    pairs = sum(a > 0x7F and b > 0x7F for a, b in itertools.pairwise(head))
    return pairs * 2 > high


def _check_end(stream: IO[bytes], size: int) -> None:
    """Look at the ZIP's own list of names before anything reads it into memory."""
    tail = min(size, 65_536 + _ZIP_END_SIZE)
    stream.seek(size - tail)
    end = stream.read(tail)
    at = end.rfind(_ZIP_END)
    if at < 0 or len(end) - at < _ZIP_END_SIZE:
        raise FileRefused(_("This ZIP file is damaged."))
    if int.from_bytes(end[at + 12 : at + 16], "little") > MOST_NAMES:
        raise FileRefused(_("This ZIP file unpacks to far too much. It was not opened."))
    stream.seek(0)
