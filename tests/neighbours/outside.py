"""Looks at the running window from outside, as a screen reader does; runs on the system's Python.

Reads one JSON command a line and answers each with one line. A name is what the control is called
for a person, or its id, which is the object name.

    {"find": NAME}          wait until it is on the screen; [role, name], or null
    {"gone": NAME}          wait until it is no longer there; true, or null
    {"press": NAME}         wait until it can be pressed, and do its action
    {"type": [NAME, TEXT]}  fill a field
    {"text": NAME}          what a field holds
    {"focus": NAME}         give it the focus; true where it then has it
    {"controls": true}      every control on the screen: [role, name, id, actions, focusable, enabled]
    {"words": true}         everything that can be read on the screen
    {"window": true}        [window's name, whether it is in front]

Needs pyatspi and an accessibility bus; imports nothing of CareHub.
"""

import json
import sys
import time

import pyatspi

APP = "CareHub"
SECONDS = 40.0
CONTROLS = {
    pyatspi.ROLE_PUSH_BUTTON,
    pyatspi.ROLE_TOGGLE_BUTTON,
    pyatspi.ROLE_RADIO_BUTTON,
    pyatspi.ROLE_CHECK_BOX,
    pyatspi.ROLE_TEXT,
    pyatspi.ROLE_PASSWORD_TEXT,
    pyatspi.ROLE_ENTRY,
    pyatspi.ROLE_SPIN_BUTTON,
    pyatspi.ROLE_COMBO_BOX,
    pyatspi.ROLE_LINK,
}


def application():
    """Return the application's node, or None."""
    for app in pyatspi.Registry.getDesktop(0):
        if app is not None and app.name == APP:
            return app
    return None


def showing(node):
    """Yield every node that is on the screen, the whole tree down."""
    try:
        if node.getRole() != pyatspi.ROLE_APPLICATION and not has(node, pyatspi.STATE_SHOWING):
            return
        yield node
        for child in node:
            if child is not None:
                yield from showing(child)
    except Exception:  # noqa: BLE001 - a node may vanish while it is looked at
        pass


def has(node, state):
    """Tell whether a node is in a state."""
    return node.getState().contains(state)


def ident(node):
    """Return the toolkit's id of a node: Qt sends the object name, its parents' before it."""
    try:
        found = node.get_accessible_id()
    except Exception:  # noqa: BLE001 - older bindings do not have it
        return ""
    return found or ""


def named(node, name):
    """Tell whether a node is the one that is meant."""
    return node.name == name or ident(node).endswith("." + name)


def wait(true):
    """Return the first answer that is neither None nor false, or None when it takes too long."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            found = true()
        except Exception:  # noqa: BLE001 - the application may be busy, or not be there yet
            found = None
        if found:
            return found
        time.sleep(0.1)
    return None


def find(name, *states):
    """Return the first node on the screen with this name or id, in all of `states`."""
    app = application()
    for node in showing(app) if app is not None else ():
        if named(node, name) and all(has(node, state) for state in states):
            return node
    return None


def actions(node):
    """Return the names of what a node can do."""
    try:
        action = node.queryAction()
    except NotImplementedError:
        return []
    return [action.getName(i) for i in range(action.nActions)]


def told(node):
    """Return what a node is."""
    return [node.getRoleName(), node.name]


def looked_at(name, look, *states):
    """Wait for a node and return what `look` finds in it; a node that vanished is looked for again."""
    return wait(lambda: (node := find(name, *states)) is not None and look(node))


def press(name):
    """Do the first action of a control: what Space would do."""
    found = looked_at(name, lambda node: (node, actions(node), told(node)), pyatspi.STATE_SENSITIVE)
    if found is None:
        return None
    node, names, said = found
    verb = next((each for each in ("Press", "Toggle", "Check") if each in names), None)
    if verb is None:
        return None
    node.queryAction().doAction(names.index(verb))
    return said


def fill(name, text):
    """Put a text into a field."""

    def put(node):
        node.queryEditableText().setTextContents(text)
        return told(node)

    return looked_at(name, put, pyatspi.STATE_EDITABLE)


def text_of(name):
    """Return what a field holds."""

    def whole(node):
        text = node.queryText()
        return [text.getText(0, text.characterCount)]

    found = looked_at(name, whole)
    return None if found is None else found[0]


def focus(name):
    """Move the focus to a control."""
    node = wait(lambda: find(name))
    if node is None:
        return None
    node.queryComponent().grabFocus()
    return wait(lambda: has(node, pyatspi.STATE_FOCUSED))


def controls():
    """Return every control on the screen."""
    found = []
    for node in showing(application()):
        if node.getRole() in CONTROLS:
            states = [has(node, pyatspi.STATE_FOCUSABLE), has(node, pyatspi.STATE_SENSITIVE)]
            found.append([*told(node), ident(node), actions(node), *states])
    return found


def words():
    """Return everything on the screen that has a name."""
    return [node.name for node in showing(application()) if node.name]


def window():
    """Return the window's name, and whether it is the active one."""
    frames = [node for node in application() if node.getRole() == pyatspi.ROLE_FRAME]
    return [frames[0].name, has(frames[0], pyatspi.STATE_ACTIVE)]


VERBS = {
    "find": lambda name: looked_at(name, told),
    "gone": lambda name: wait(lambda: find(name) is None),
    "press": press,
    "type": lambda what: fill(*what),
    "text": text_of,
    "focus": focus,
    "controls": lambda _all: wait(controls),
    "words": lambda _all: wait(words),
    "window": lambda _one: wait(window),
}

for line in sys.stdin:
    ((verb, what),) = json.loads(line).items()
    print(json.dumps(VERBS[verb](what), ensure_ascii=False), flush=True)
