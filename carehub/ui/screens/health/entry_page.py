"""The form of one line of the health archive, with a pad where numbers are typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import background, phrases, theme
from carehub.ui.screens.health.forms import FORMS, Form, entry_of, troubles, values_of
from carehub.ui.screens.health.picks import Entry, Topic, lines
from carehub.ui.screens.page import Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Body,
    Button,
    Choices,
    Keypad,
    Note,
    Panel,
    TextField,
    Tick,
    row,
)


@dataclass(frozen=True, slots=True)
class Known:
    """The line that is changed, or None for a new one, and where a new contact comes."""

    entry: Entry | None = field(default=None, repr=False)
    order: int = 1


class FormPanel(QWidget):
    """The fields of one topic; a pad types into the number field."""

    def __init__(self, name: str, form: Form) -> None:
        super().__init__()
        self.setObjectName(name)
        self._form = form
        self.fields: dict[str, TextField] = {}
        self.choice: Choices | None = None
        self.tick: Tick | None = None
        self._target: QLineEdit | None = None
        across = row(self, space=theme.look().sizes.gap)
        across.addWidget(self._left(name), 6)
        across.addWidget(self._right(name), 5)

    def _left(self, name: str) -> Panel:
        panel = Panel(f"{name}.fields")
        line: QHBoxLayout | None = None
        for spec in self._form.fields:
            made = TextField(f"{name}.{spec.key}", _(spec.caption), hint=_(spec.hint))
            self.fields[spec.key] = made
            if line is None:
                line = row(space=theme.look().sizes.gap)
                panel.inside.addLayout(line)
            line.addWidget(made, 1)
            line = line if spec.half else None
            if spec.number:
                self._target = made.line
                made.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        if self._target is not None:
            self._add_more(name, panel)
        panel.inside.addStretch(1)
        return panel

    def _add_more(self, name: str, panel: Panel) -> None:
        """Add the choice and the tick; they stand where the pad does not."""
        options = self._form.options
        if options is not None:
            panel.inside.addWidget(Body(f"{name}.{options.key}.caption", _(options.caption)))
            words = [(key, _(text)) for key, text in options.words.items()]
            self.choice = Choices(f"{name}.{options.key}", words, columns=2)
            panel.inside.addWidget(self.choice)
        if self._form.tick is not None:
            self._add_tick(name, panel)

    def _add_tick(self, name: str, panel: Panel) -> None:
        assert self._form.tick is not None
        key, words, why = self._form.tick
        self.tick = Tick(f"{name}.{key}", _(words))
        self.tick.setAccessibleDescription(_(why))
        panel.inside.addWidget(self.tick)
        panel.inside.addWidget(Note(f"{name}.{key}.why", _(why)).flow())

    def _right(self, name: str) -> QWidget:
        panel = Panel(f"{name}.side")
        if self._target is not None:
            self._pad = Keypad(f"{name}.pad")
            self._pad.typed.connect(self._type)
            panel.inside.addWidget(self._pad, 1)
        else:
            self._add_more(name, panel)
            panel.inside.addStretch(1)
        panel.setVisible(self._form.options is not None or self._target is not None)
        return panel

    def _type(self, key: str) -> None:
        assert self._target is not None
        text = self._target.text()
        changed = {"clear": "", "back": text[:-1]}.get(key, text + key)
        self._target.setText(changed)

    def show_values(self, values: dict[str, str]) -> None:
        """Fill the form in."""
        for key, box in self.fields.items():
            box.line.setText(values.get(key, ""))
        if self.choice is not None and self._form.options is not None:
            chosen = values.get(self._form.options.key) or next(iter(self._form.options.words))
            self.choice.choose(chosen)
        if self.tick is not None and self._form.tick is not None:
            self.tick.setChecked(bool(values.get(self._form.tick[0])))

    def values(self) -> dict[str, str]:
        """Return what stands in the form."""
        found = {key: box.value() for key, box in self.fields.items()}
        if self.choice is not None and self._form.options is not None:
            found[self._form.options.key] = self.choice.value()
        if self.tick is not None and self._form.tick is not None:
            found[self._form.tick[0]] = "1" if self.tick.isChecked() else ""
        return found

    def complain(self, found: dict[str, str]) -> None:
        """Say what is wrong, field by field, and go to the first one."""
        for key, box in self.fields.items():
            box.complain(found.get(key, ""))
        for key in self.fields:
            if key in found:
                self.fields[key].line.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def captions(self) -> list[str]:
        """Return what the form asks for."""
        return [box.caption.text() for box in self.fields.values()]


class EntryPage(Page[Known]):
    """Add or change one line; opened with its `topic` and, for a change, its `id`."""

    typed_into = True

    def build(self) -> None:
        """Wait for the topic."""
        self.topic = Topic.CONDITIONS
        self.form: FormPanel | None = None
        self._known = Known()

    def opened(self, **what: object) -> None:
        """Lay out the form of the topic."""
        super().opened(**what)
        self.topic = Topic(str(what.get("topic", Topic.CONDITIONS)))
        self.header.show_title(_(FORMS[self.topic].title))
        self.form = FormPanel("entry", FORMS[self.topic])
        self.form.show_values({})
        self.body.addWidget(self.form, 1)
        self.save = Button(
            "entry.save", self.words_on(), icon="check", kind="primary", press=self._save
        )
        line = row()
        for each in self.other_ways():
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self.save)
        self.body.addLayout(line)

    def words_on(self) -> str:
        """Return the words of the button that keeps the line."""
        return _("Save")

    def other_ways(self) -> Sequence[QWidget]:
        """Return what stands at the left of the button."""
        return ()

    def load(self, visit: Visit, _now: int) -> Known:
        """Read the line, if one is changed."""
        from carehub.archive import people

        assert visit.archive is not None
        assert visit.person is not None
        with visit.archive.read() as tx:
            kept = lines(people.profile(tx, visit.person.id), self.topic)
        wanted = self.asked.get("id")
        found = [entry for entry in kept if entry.id == wanted]
        return Known(found[0] if found else None, len(kept) + 1)

    def show_view(self, view: Known) -> None:
        """Fill the form in."""
        self._known = view
        if self.form is not None and view.entry is not None:
            self.form.show_values(values_of(view.entry))

    def _save(self) -> None:
        visit = self.visit
        if self.form is None or visit.archive is None or visit.person is None:
            return
        now = background.now()
        year = phrases.local(now, visit.person.zone_offset).year
        values = self.form.values()
        found = troubles(self.topic, values, year)
        self.form.complain(found)
        if found:
            return
        from carehub.workflows import people

        old = self._known.entry
        entry = entry_of(
            self.topic,
            values,
            old=old,
            entry_id=old.id if old is not None else people.new_id(),
            person_id=visit.person.id,
            order=self._known.order,
        )
        self.save.setEnabled(False)
        self.ask(partial(people.note, visit.archive, entry, now), self._saved, self._not_saved)

    def _saved(self, _changes: Changes) -> None:
        self.go_on()

    def go_on(self) -> None:
        """Leave the page."""
        self.shell.back()

    def _not_saved(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self.shell.show_error(error)

    def spoken(self) -> list[str]:
        captions = self.form.captions() if self.form is not None else []
        return [self.header.title.text(), *captions]
