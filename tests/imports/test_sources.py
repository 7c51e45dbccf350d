"""Encodings, endless lines, open quotation marks, ZIPs that would burst: one sentence each."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from carehub.errors import FileRefused
from carehub.imports import sources
from carehub.imports.rows import Why
from carehub.imports.sources import Source
from tests.helpers import notebooks as n

TABLE = "时间,收缩压,舒张压,备注\n2025-01-01 08:00,131,79,早上\n2025-01-02 08:00,129,77,晚上\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gb2312"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_table_in_every_encoding(encoding, end):
    found = n.entries(TABLE.replace("\n", end).encode(encoding))
    assert [e.note for e in found] == ["早上", "晚上"]


def test_rare_characters_of_gb18030_are_read():
    text = TABLE.replace("早上", "㐀㐁早上")
    assert n.entries(text.encode("gb18030"))[0].note == "㐀㐁早上"


def test_a_western_table_is_no_chinese():
    text = "Fecha,Sistólica,Diastólica,Pulso,Comentario\n2025-01-01 08:00,131,79,61,mañana é\n"
    (found,) = n.entries(text.encode("cp1252"))
    assert found.note == "mañana é"


def test_encodings_may_be_mixed_line_by_line():
    first, second, third = TABLE.encode().splitlines(keepends=True)
    mixed = first + second + third.decode().encode("gb18030")
    assert [e.note for e in n.entries(mixed)] == ["早上", "晚上"]


def test_a_line_that_is_no_text_is_refused_and_the_next_is_read():
    lines = TABLE.encode().splitlines(keepends=True)
    found = lines[0] + b"2025-01-01 08:00,1\x81\xff,79,\n" + lines[2]
    assert n.refused(found) == [(2, Why.NOT_TEXT)]
    assert len(n.entries(found)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("length", [sources.LONGEST_LINE + 10, 600_000])
def test_an_endless_line_is_refused_and_the_next_is_read(encoding, length):
    first, second, third = TABLE.splitlines(keepends=True)
    text = first + "x" * length + "\n" + second + third + "y" * length
    found = text.encode(encoding)
    assert [e.note for e in n.entries(found)] == ["早上", "晚上"]
    assert n.refused(found) == [(2, Why.TOO_LONG), (5, Why.TOO_LONG)]


def test_a_quotation_mark_that_stays_open_takes_nothing_with_it():
    text = "time,sys,dia,note\n" + '2025-01-01 08:00,131,79,"open\n'
    text += "".join(f"2025-01-{day:02} 08:00,131,79,\n" for day in range(2, 30))
    assert n.refused(text) == [(2, Why.OPEN_QUOTE)]
    assert len(n.entries(text)) == 28
    assert n.refused('time,sys,dia,note\n2025-01-01 08:00,131,79,"open') == [(2, Why.OPEN_QUOTE)]


def test_two_open_marks_do_not_swallow_what_lies_between():
    text = 'time,sys,dia,note\n2025-01-01 08:00,131,79,"a\n2025-01-02 08:00,131,79,b\n'
    text += '2025-01-03 08:00,131,79,c"\n2025-01-04 08:00,131,79,"d\n'
    assert n.refused(text) == [(5, Why.OPEN_QUOTE)]


def test_a_note_of_several_lines_is_one_row():
    text = (
        'time,sys,dia,note\n2025-01-01 08:00,131,79,"one\n""two"" two"\n2025-01-02 08:00,131,79,\n'
    )
    found = n.entries(text)
    assert [e.note for e in found] == ['one "two" two', ""]


def test_a_cell_that_csv_cannot_part_is_refused(monkeypatch):
    import csv

    before = csv.field_size_limit(50)
    try:
        text = "time,sys,dia,note\n2025-01-01 08:00,131,79," + '"' + "x" * 99 + '"\n'
        assert n.refused(text) == [(2, Why.BROKEN)]
    finally:
        csv.field_size_limit(before)


def test_a_long_file_is_never_whole_in_memory(tmp_path):
    file = tmp_path / "long.csv"
    file.write_text("time,sys,dia\n" + "2025-01-01 08:00,131,79\n" * 50_000, encoding="utf-8")
    read = []

    class Counted(io.FileIO):
        def read(self, size=-1):
            read.append(size)
            return super().read(size)

    source = Source(lambda: Counted(file), file.stat().st_size)
    assert sum(1 for _line in source.lines()) == 50_001
    assert max(read) <= sources.HEAD


def test_zip_that_would_burst():
    bomb = n.zipped({"apple_health_export/export.xml": b"\x00" * (20 * 1024**2)})
    with pytest.raises(FileRefused, match="far too much"):
        n.rows(bomb)


def test_zip_with_too_many_names(monkeypatch):
    monkeypatch.setattr(sources, "MOST_NAMES", 10)
    with pytest.raises(FileRefused, match="far too much"):
        n.rows(n.zipped({"a.txt": "x"}))


def test_zip_that_asks_for_a_password():
    content = bytearray(n.zipped({"record.json": "{}"}))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(FileRefused, match="password"):
        n.rows(bytes(content))


@pytest.mark.parametrize("harm", ["cut", "garbled", "no end", "short end", "lying size"])
def test_zip_that_is_damaged(harm):
    record = n.zipped({"record.json": '{"format": "carehub-record", "readings": []}' * 40})
    content = bytearray(record)
    if harm == "cut":
        content = content[:60]
    elif harm == "garbled":
        content[45:60] = b"\xff" * 15
    elif harm == "no end":
        content = bytearray(b"PK\x03\x04" + b"x" * 100)
    elif harm == "short end":
        content = bytearray(b"PK\x03\x04" + b"x" * 30 + b"PK\x05\x06")
    else:
        at = content.index(b"PK\x01\x02")
        content[at + 42 : at + 46] = struct.pack("<I", 10)
    with pytest.raises(FileRefused, match="damaged"):
        n.rows(bytes(content))


def test_a_small_part_is_read_whole_and_a_large_one_refused():
    found = n.source_of(n.zipped({"a/b.txt": b"hello"})).zipped
    assert found is not None
    assert found.find_start("a/") == "a/b.txt"
    assert found.find_start("c/") is None
    assert found.read("a/b.txt", 10) == b"hello"
    with pytest.raises(FileRefused, match="far too much"):
        found.read("a/b.txt", 3)


def test_a_source_of_a_file_knows_its_name(tmp_path: Path):
    file = tmp_path / "readings.csv"
    file.write_text(TABLE, encoding="utf-8")
    assert Source.of_file(file).name == "readings.csv"
    assert Source.of_bytes(b"").name == ""


def test_json_that_is_no_text_somewhere_behind_is_refused():
    many = "[" + n.TIDEPOOL.strip()[1:-1] + ("," + " " * 1000 + "7") * 300
    with pytest.raises(FileRefused, match="not readable text"):
        n.rows(many.encode() + b"\xff\xff]")


def test_zip_of_another_kind_is_looked_at_only():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        whole.writestr("record.json", "[]")
    with pytest.raises(FileRefused, match="no file"):
        n.rows(out.getvalue())
