"""The catalogues: merged without contradiction, complete, and nothing forbidden is said."""

import os
from pathlib import Path

import pytest

from carehub import errors, i18n
from tests.helpers.scripts import script

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
HEADER += '"Plural-Forms: nplurals=1; plural=0;\\n"\n'


@pytest.fixture
def build():
    return script("locale_build")


@pytest.fixture
def write(tmp_path):
    """Write a catalogue from pairs, or code that marks texts."""

    def put(name: str, *pairs: tuple[str, str], flags: str = "") -> Path:
        file = tmp_path / "locale" / "zh_CN" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = [f'\n{flags}msgid "{text}"\nmsgstr "{translation}"\n' for text, translation in pairs]
        file.write_text(HEADER + "".join(rows), encoding="utf-8")
        return file

    return put


def code(tmp_path: Path, text: str) -> Path:
    """Write a source file that marks texts; return its folder."""
    folder = tmp_path / "source"
    folder.mkdir(exist_ok=True)
    (folder / "page.py").write_text(text, encoding="utf-8")
    return folder


def test_chinese_is_complete_and_says_nothing_forbidden(build):
    assert build.problems() == []


def test_aspects_are_merged_into_one_catalogue(build, write, tmp_path):
    write("a.po", ("Home", "首页"), ("Back", "返回"))
    write("b.po", ("Home", "首页"), ("Alert", "提醒"))
    merged = build.merge(tmp_path / "locale" / "zh_CN")
    assert {m.id: m.string for m in merged if m.id} == {
        "Home": "首页",
        "Back": "返回",
        "Alert": "提醒",
    }


def test_one_text_with_two_translations_is_refused_with_both_places(build, write, tmp_path):
    write("a.po", ("Home", "首页"))
    write("b.po", ("Home", "主页"))
    with pytest.raises(build.CatalogueError, match=r"b\.po and a\.po differ on 'Home'"):
        build.merge(tmp_path / "locale" / "zh_CN")


def test_only_what_is_stale_is_compiled(build, write, tmp_path):
    source = write("a.po", ("Home", "首页"))
    locale = tmp_path / "locale"
    (made,) = build.build(locale)
    assert made.read_bytes()[:4] == b"\xde\x12\x04\x95"
    assert build.build(locale) == []
    newer = made.stat().st_mtime + 10
    os.utime(source, (newer, newer))
    assert build.build(locale) == [made]


def test_the_same_sources_give_the_same_bytes(build, write, tmp_path):
    write("a.po", ("Home", "首页"))
    (made,) = build.build(tmp_path / "locale")
    first = made.read_bytes()
    build.build(tmp_path / "locale", force=True)
    assert made.read_bytes() == first


@pytest.mark.parametrize(
    ("pairs", "marked", "complaint"),
    [
        ([("Home", "首页")], '_("Away")', "'Away' has no zh_CN translation"),
        ([("Home", "")], '_("Home")', "'Home' has no zh_CN translation"),
        ([("{n} left", "还有几次")], '_("{n} left")', "other placeholders"),
        ([("{n} left", "还有 {m} 次")], 'N_("{n} left")', "other placeholders"),
        ([("Home", "您患有高血压")], '_("Home")', "'您患有' may not be said"),
        ([("This will cure you", "好")], '_("This will cure you")', "'cure' may not be said"),
    ],
)
def test_each_fault_is_named(build, write, tmp_path, pairs, marked, complaint):
    write("a.po", *pairs)
    (found, *_) = build.problems(tmp_path / "locale", code(tmp_path, marked))
    assert complaint in found


def test_a_fuzzy_translation_counts_as_missing(build, write, tmp_path):
    write("a.po", ("Home", "首页"), flags="#, fuzzy\n")
    (found,) = build.problems(tmp_path / "locale", code(tmp_path, '_("Home")'))
    assert "fuzzy" in found


def test_a_plural_may_drop_the_number_only_where_english_does(build, write, tmp_path):
    file = write("a.po")
    plural = '\nmsgid "one day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} 天"\n'
    file.write_text(file.read_text(encoding="utf-8") + plural, encoding="utf-8")
    marked = code(tmp_path, 'ngettext("one day", "{n} days", n)')
    assert build.problems(tmp_path / "locale", marked) == []


def test_unused_translations_are_listed(build, write, tmp_path):
    write("a.po", ("Home", "首页"), ("Old", "旧"))
    assert build.unused(tmp_path / "locale", code(tmp_path, '_("Home")')) == ["zh_CN: 'Old'"]


def test_the_command_fails_with_one_line_for_each_fault(build, monkeypatch, capsys):
    monkeypatch.setattr(build, "problems", lambda: ["a: one", "b: two"])
    assert build.main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == ["a: one", "b: two", "2 texts need attention"]


def test_every_error_speaks_chinese():
    i18n.set_language("zh_CN")
    assert errors.DiskFull().sentence().startswith("硬盘")
