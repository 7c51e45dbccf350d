"""JSON item by item, SQLite for reading only, XML without entities."""

import json
import sqlite3
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.errors import FileRefused
from carehub.imports import databases, trees
from carehub.imports.rows import Why
from carehub.imports.sources import Source
from tests.helpers import notebooks as n

JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def pieces(text, size):
    """Return a source whose text comes in pieces of that size."""
    source = Source.of_bytes(text.encode())

    class Cut(Source):
        def characters(self):
            yield from (text[k : k + size] for k in range(0, len(text), size))

    return Cut(source.open, source.size)


@given(st.lists(JSONS, max_size=4), st.integers(1, 7))
def test_items_come_as_json_reads_them_wherever_the_text_is_cut(items, size):
    text = json.dumps(items, indent=1)
    assert [item for _path, item in trees.leaves(pieces(text, size))] == items


@given(st.dictionaries(st.text(max_size=3), JSONS, max_size=4), st.integers(1, 7))
def test_every_scalar_outside_lists_and_every_item_is_met_once(tree, size):
    def expected(path, value):
        if isinstance(value, dict):
            return [
                leaf for name, inner in value.items() for leaf in expected((*path, name), inner)
            ]
        return [(path, item) for item in value] if isinstance(value, list) else [(path, value)]

    found = list(trees.leaves(pieces(json.dumps(tree), size)))
    assert found == expected((), tree)


def test_numbers_are_decimal_and_nan_is_nothing():
    assert [v for _p, v in trees.leaves(n.source_of("[1.5, NaN, 12]"))] == [
        Decimal("1.5"),
        None,
        12,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2",
        "[1 2]",
        '{"a" 1}',
        "{1: 2}",
        "[1] 2",
        "[" * 100_000,
        '{"a":' * 20 + "1" + "}" * 20,
        '["' + "x" * (trees.LONGEST_ITEM + 10),
        "[" + "9" * 5000 + "]",
        "{",
        "[",
    ],
)
def test_what_is_no_whole_json_is_refused(text):
    with pytest.raises(FileRefused):
        list(trees.leaves(n.source_of(text)))


def test_the_first_object_is_looked_for_at_the_beginning_only():
    assert trees.first(n.source_of("[" + "1," * 2000 + '{"a": 1}]')) == {}
    assert trees.first(n.source_of("[1, 2")) == {}
    assert trees.first(n.source_of("[]")) == {}


def test_a_damaged_database_is_refused():
    content = bytearray(n.database(*n.UBPM_DATABASE))
    content[4096:] = b"\xff" * (len(content) - 4096)
    with pytest.raises(FileRefused):
        n.rows(bytes(content))
    with pytest.raises(FileRefused):
        n.rows(b"SQLite format 3\x00" + b"\x00" * 200)


def test_a_view_is_no_table_and_is_not_run():
    content = n.database(
        "CREATE TABLE t(x)",
        "CREATE VIEW U1 AS SELECT 1 AS uts, 1 AS sys, 1 AS dia, 1 AS bpm, 1 AS msg",
    )
    with pytest.raises(FileRefused, match="no file"):
        n.rows(content)


def test_a_large_database_inside_a_zip_is_not_taken_into_memory(monkeypatch):
    content = n.database(*n.UBPM_DATABASE)
    monkeypatch.setattr(databases, "_LARGEST_IN_MEMORY", 10)
    with pytest.raises(FileRefused):
        n.rows(content)
    with pytest.raises(FileRefused, match="too large"):
        list(databases.select(n.source_of(content), "SELECT 1"))


def test_a_database_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(databases, "_STEPS", 1000)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT count(*) FROM c"
    with pytest.raises(FileRefused):
        list(databases.select(n.source_of(n.database("CREATE TABLE t(x)")), endless))


def test_importing_a_database_leaves_it_as_it_was(tmp_path):
    file = tmp_path / "u.db"
    file.write_bytes(n.database(*n.UBPM_DATABASE))
    before = file.read_bytes()
    assert n.entries(file)
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["u.db"]
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM U1").fetchone() == (2,)
    database.close()


def apple(*records):
    return '<?xml version="1.0"?>\n<HealthData>\n' + "\n".join(records) + "\n</HealthData>"


def half(kind, value, at="2025-04-10 07:24:00 +0800", unit="mmHg", source="a"):
    return (
        f'<Record type="HKQuantityTypeIdentifierBloodPressure{kind}" sourceName="{source}" '
        f'unit="{unit}" startDate="{at}" value="{value}"/>'
    )


def test_apple_health_counts_a_pressure_and_its_repetition():
    first, second, sugar = n.entries(n.APPLE)
    assert n.name_of(n.APPLE) == "apple_health"
    assert (first.v1, first.v2, first.taken_at) == (second.v1, second.v2, second.taken_at)
    assert first.taken_at == 1_744_241_040_000
    assert (sugar.v1, sugar.context.value) == (Decimal("6.4"), "before_meal")
    assert [line for line, _row in n.rows(n.APPLE)] == [8, 12, 14]


def test_apple_health_in_its_zip():
    content = n.zipped(
        {"apple_health_export/export_cda.xml": "<x/>", "apple_health_export/export.xml": n.APPLE}
    )
    assert n.name_of(content) == "apple_health"
    assert len(n.entries(content)) == 3


def test_apple_health_halves_that_do_not_meet(monkeypatch):
    text = apple(
        half("Systolic", 133),
        half("Systolic", 134),
        half("Diastolic", 86),
        half("Systolic", 120, source="b"),
        '<Correlation type="HKCorrelationTypeIdentifierBloodPressure" startDate="">',
        half("Systolic", 133),
        "</Correlation>",
        half("Systolic", 131, unit="mol", source="c"),
        half("Diastolic", 81, source="c"),
    )
    assert n.pressures(n.entries(text)) == [(134, 86, None)]
    assert n.refused(text) == [
        (3, Why.HALF_A_PRESSURE),
        (7, Why.HALF_A_PRESSURE),
        (10, Why.BAD_UNIT),
        (6, Why.HALF_A_PRESSURE),
    ]
    from carehub.imports.formats import apple_health

    monkeypatch.setattr(apple_health, "_WAITING", 0)
    assert n.refused(apple(half("Systolic", 133), half("Diastolic", 86))) == [
        (3, Why.HALF_A_PRESSURE),
        (4, Why.HALF_A_PRESSURE),
    ]


def test_apple_health_glucose_without_unit_or_time():
    kind = 'type="HKQuantityTypeIdentifierBloodGlucose"'
    text = apple(
        f'<Record {kind} unit="count" startDate="2025-04-10 07:24:00 +0800" value="5"/>',
        f'<Record {kind} unit="mg/dL" value="95"/>',
        f'<Record {kind} unit="mg/dL" startDate="soon" value="95"/>',
    )
    assert [why for _line, why in n.refused(text)] == [Why.BAD_UNIT, Why.NO_TIME, Why.BAD_TIME]


def test_apple_health_behind_a_long_beginning(monkeypatch):
    from carehub.imports.formats import apple_health

    monkeypatch.setattr(apple_health, "_CHUNK", 16)
    assert len(n.entries(n.APPLE)) == 3
    monkeypatch.setattr(apple_health, "_LONGEST_DOCTYPE", 40)
    assert len(n.entries(apple(half("Systolic", 133), half("Diastolic", 86)))) == 1


def test_xml_that_never_comes_to_its_root():
    from carehub.imports.formats import apple_health

    cut = apple_health._without_doctype  # noqa: SLF001 - a file that changed between two looks
    found = list(cut(iter([b"<a/>", b"<b/>"])))
    assert b"".join(found) == b"<a/><b/>"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE HealthData [<!ENTITY a "b">]>\n<HealthData>&a;</HealthData>',
        '<!DOCTYPE HealthData SYSTEM "file:///etc/passwd">\n<HealthData>&a;</HealthData>',
        '<!DOCTYPE HealthData [<!ENTITY % a SYSTEM "http://example.invalid/x">%a;]>\n<HealthData/>',
        '<?xml version="1.0"?><!DOCTYPE HealthData [ <HealthData/>',
        "<HealthData><Record>",
        "<HealthData></Other>",
        "<HealthData>" + '<Record type="' + "\x00",
    ],
)
def test_xml_with_entities_or_cut_short_is_refused(text):
    with pytest.raises(FileRefused):
        n.rows(text)


def test_entities_behind_the_beginning_are_refused_too():
    filler = " " * (600 * 1024)
    text = f'<!--<HealthData-->{filler}<!DOCTYPE HealthData [<!ENTITY a "b">]>\n<HealthData/>'
    with pytest.raises(FileRefused, match="entities"):
        n.rows(text)
