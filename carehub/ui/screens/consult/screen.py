"""The consult page: the summary as a sheet to show, print or keep, and whom to ring."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.care.civil import DAY
from carehub.care.readings import Kind
from carehub.errors import CareHubError
from carehub.i18n import _
from carehub.ui import background, phrases, sheet, theme
from carehub.ui.screens.consult.model import FOOTNOTE, ConsultView, Part, view_of
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Body,
    Button,
    Heading,
    Note,
    Panel,
    Scroll,
    Status,
    Words,
    column,
    row,
)


class Consult(Page[ConsultView]):
    """A doctor cannot be reached from here yet; what the doctor will ask stands ready."""

    concerns = Changes.READINGS | Changes.ALERTS | Changes.PEOPLE

    def title(self) -> str:
        return _("Consult")

    def build(self) -> None:
        """Lay out the sheet beside what can be done with it."""
        self._view: ConsultView | None = None
        across = row()
        across.addWidget(self._sheet(), 7)
        across.addLayout(self._acts(), 4)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("This page is sent to nobody; show it or print it"), "lock")

    def _sheet(self) -> QWidget:
        panel = Panel("consult.sheet")
        self.who = Heading("consult.who")
        self.made = Note("consult.made")
        panel.inside.addWidget(self.who)
        panel.inside.addWidget(self.made)
        self.reel = Scroll("consult.scroll")
        self.parts = QWidget()
        self.lines: QVBoxLayout = column(self.parts, space=theme.look().px(4))
        self.reel.inside.addWidget(self.parts)
        self.reel.inside.addStretch(1)
        panel.inside.addWidget(self.reel, 1)
        return panel

    def _acts(self) -> QVBoxLayout:
        lines = column()
        panel = Panel("consult.how")
        self.truth = Body("consult.truth", _("Talking with a doctor here is not possible yet."))
        self.advice = Body(
            "consult.advice",
            _("Show this page to your doctor, or read it out on the telephone."),
            tone="ink_2",
        )
        panel.inside.addWidget(self.truth)
        panel.inside.addWidget(self.advice)
        lines.addWidget(panel)
        self.saved = Note("consult.saved")
        lines.addWidget(self.saved)
        lines.addStretch(1)
        self.printing = Button(
            "consult.print", _("Print"), icon="printer", kind="primary", press=self._print
        )
        self.keeping = Button("consult.pdf", _("Keep as PDF"), icon="sheet", press=self._keep)
        phone = Button(
            "consult.phone", _("Numbers"), icon="phone", press=partial(self.shell.open, "help")
        )
        for button in (self.printing, self.keeping, phone):
            lines.addWidget(button)
        return lines

    def load(self, visit: Visit, now: int) -> ConsultView:
        """Read the last week's readings and the last month's alerts."""
        from carehub.archive import alerts, people, readings

        assert visit.archive is not None
        assert visit.person is not None
        who, week = visit.person.id, now - 7 * DAY
        with visit.archive.read() as tx:
            return view_of(
                people.profile(tx, who),
                readings.between(tx, who, Kind.BLOOD_PRESSURE, week, now + 1),
                readings.between(tx, who, Kind.GLUCOSE, week, now + 1),
                alerts.between(tx, who, now - 30 * DAY, now + 1),
                now,
                people.glucose_plan(tx, who),
            )

    def show_view(self, view: ConsultView) -> None:
        """Write the sheet."""
        self._view = view
        self.who.setText(view.who)
        self.made.setText(view.made)
        while (old := self.lines.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, part in enumerate(view.parts):
            self._write(number, part)

    def _write(self, number: int, part: Part) -> None:
        name = f"consult.part.{number}"
        heading = Words(name, part.heading, step=Step.NOTE, bold=True, tone="jade")
        if number:
            self.lines.addSpacing(theme.look().px(8))
        self.lines.addWidget(heading)
        for index, text in enumerate(part.lines):
            self.lines.addWidget(Body(f"{name}.{index}", text))

    def paper(self) -> sheet.Sheet | None:
        """Return the summary for paper, once it is loaded."""
        if self._view is None:
            return None
        sections = tuple(sheet.Section(part.heading, part.lines) for part in self._view.parts)
        return sheet.Sheet(
            _("Summary for the doctor"),
            f"{self._view.who}  {self._view.made}",
            sections,
            footnote=_(FOOTNOTE),
        )

    def _keep(self) -> None:
        paper = self.paper()
        if paper is not None:
            self.keep(paper, sheet.documents(), background.now())

    def keep(self, paper: sheet.Sheet, folder: Path, now: int) -> None:
        """Save the sheet as a PDF named after the day, and say where it is."""
        zone = self.visit.person.zone_offset if self.visit.person is not None else 480
        file = folder / f"CareHub-{phrases.local(now, zone):%Y-%m-%d-%H%M}.pdf"
        try:
            sheet.save_pdf(paper, file)
        except OSError:
            self.shell.show_notice("pdf", _("The PDF could not be saved."), Status.WARN)
        else:
            self.saved.setText(_("Saved: {place}").format(place=f"{folder.name}/{file.name}"))

    def _print(self) -> None:
        paper = self.paper()
        if paper is None:
            return
        try:
            sheet.print_out(paper)
        except CareHubError as error:
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        """Read the whole sheet, so that it can be listened to on the telephone."""
        if self._view is None:
            return [self.truth.text(), self.advice.text()]
        said = [self._view.who]
        for part in self._view.parts:
            said += [part.heading, *part.lines]
        return said


PAGES = {"consult": Consult}
