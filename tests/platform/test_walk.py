"""Two devices of one person: what one pushes, the other pulls."""

from tests.helpers.platforms import op


async def test_a_reading_crosses_from_one_device_to_the_other(platform):
    home = await platform.register()
    person = await home.open()
    away = await platform.sign_in(home.login)

    reading = op(person, body={"v1": "187", "v2": "96"})
    (answer,) = await home.push(reading)

    assert answer["status"] == "ok"
    assert answer["seq"] == 1
    page = await away.pull(person)
    (change,) = page["changes"]
    assert change["entity_id"] == reading["entity_id"]
    assert change["body"] == {"v1": "187", "v2": "96"}
    assert change["device"] == str(home.device_id)
    assert (page["next"], page["head"], page["epoch"]) == (1, 1, 1)
    assert (await away.head(person))["head"] == 1


async def test_the_same_op_again_is_a_duplicate_with_the_first_answer(platform):
    home = await platform.register()
    person = await home.open()
    edit = op(person, "person", "set", body={"called": "x"})

    first = await home.push(edit)
    again = await home.push(edit, edit)

    assert [each["status"] for each in first + again] == ["ok", "duplicate", "duplicate"]
    assert {each["seq"] for each in first + again} == {1}
    assert len((await home.pull(person))["changes"]) == 1
