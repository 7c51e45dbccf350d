"""`carehub people`: adding, listing, and whom a command means."""

import json

import pytest

NAME = "王示例"


def add(unlocked, *words: str, name: str = NAME) -> dict[str, object]:
    told: dict[str, object] = unlocked("people", "add", "--name", name, "--json", *words).json
    return told


def test_a_person_is_printed_as_kept(unlocked):
    made = add(
        unlocked,
        "--called",
        "王奶奶",
        "--born",
        "1948-03-12",
        "--sex",
        "female",
        "--zone",
        "+07:00",
    )
    assert {**made, "id": ""} == {
        "id": "", "name": NAME, "called": "王奶奶", "born": "1948-03-12", "sex": "female",
        "zone_offset": 420,
    }  # fmt: skip
    assert unlocked("people", "list", "--json").json == {"people": [made]}
    assert unlocked("people", "list").out == f"{made['id']}  {NAME}  1948-03-12\n"


def test_little_needs_to_be_known(unlocked):
    made = add(unlocked)
    assert (made["born"], made["sex"], made["zone_offset"]) == (None, "unknown", 480)
    assert unlocked("people", "add", "--name", "李示例").out.startswith("李示例 was added. Id: ")


def test_nobody_yet(unlocked):
    assert unlocked("people", "list").out.startswith("Nobody is kept here yet.")
    assert unlocked("people", "list", "--json").json == {"people": []}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--name", "  "), "A name is needed."),
        (("--name", NAME, "--born", "1848-03-12"), "That birthday cannot be right."),
        (("--name", NAME, "--born", "12.3.1948"), "12.3.1948 is not a date."),
        (("--name", NAME, "--zone", "Beijing"), "Beijing is not an offset from UTC."),
        (("--name", NAME, "--sex", "other"), "argument --sex: invalid choice: 'other'"),
    ],
)
def test_what_cannot_be_right_is_refused(unlocked, words, told):
    answer = unlocked("people", "add", *words)
    assert answer.code == 2
    assert answer.err.startswith(told)
    assert unlocked("people", "list", "--json").json == {"people": []}


def test_a_person_is_meant_by_id_or_name_or_by_being_alone(unlocked):
    def readings(*words):
        return unlocked("readings", "list", *words)

    assert readings().err.startswith("Nobody is kept here yet.")
    first = add(unlocked)
    assert readings().code == 0
    second = add(unlocked, name="李示例")
    assert readings().err.startswith("More than one person fits.")
    for words in (first["id"], str(second["id"]).upper(), NAME, f" {NAME} "):
        assert readings("--person", str(words)).code == 0
    assert readings("--person", "王").err.startswith("There is nobody of that name or id here.")
    add(unlocked)
    assert readings("--person", NAME).err.startswith("More than one person fits.")


def test_names_keep_their_characters(unlocked):
    made = add(unlocked, name='示例 "𠮷" O\'Neill')
    assert json.loads(json.dumps(made))["name"] == '示例 "𠮷" O\'Neill'
