"""Who may see my records: answer who asks, take leave back with one press, see who looked."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.family import How
from carehub.i18n import _
from carehub.ui import background, reach, theme
from carehub.ui.screens.family import loading
from carehub.ui.screens.family.empty import Empty
from carehub.ui.screens.family.giving import (
    HERE,
    Asking,
    Holder,
    LooksView,
    TrustedView,
    looks_of,
)
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Avatar,
    Body,
    Button,
    Chip,
    ListRow,
    Mark,
    Note,
    Panel,
    Scroll,
    Status,
    Tick,
    Words,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from carehub.archive.store import Archive
    from carehub.ui.shell import Shell


class Question(Panel):
    """Somebody asks for leave: who, what for, yes or no; a witness may be noted."""

    def __init__(self, name: str, asking: Asking, page: AnyPage) -> None:
        super().__init__(name, edge="indigo", edge_width=4)
        self._page, self._asking = page, asking
        inside = self.inside
        inside.addWidget(Words(f"{name}.question", asking.question, step=Step.TITLE, bold=True))
        inside.addWidget(Body(f"{name}.what", asking.what))
        if asking.guardian:
            inside.addWidget(Note(f"{name}.guardian", asking.guardian))
        self.witness = Tick(f"{name}.witness", _("A witness is here"))
        self.witness.setAccessibleDescription(_("A community worker, for example"))
        acts = row()
        acts.addWidget(
            Button(f"{name}.yes", _("Agree"), icon="check", kind="primary", press=self._approve)
        )
        acts.addWidget(
            Button(f"{name}.no", _("Refuse"), icon="x", kind="plain", press=self._refuse)
        )
        acts.addStretch(1)
        acts.addWidget(self.witness)
        inside.addLayout(acts)

    def _approve(self) -> None:
        visit = self._page.visit
        if visit.archive is not None and visit.person is not None:
            how = How.WITNESSED if self.witness.isChecked() else How.ON_SCREEN
            self._answer(partial(approve, visit.archive, visit.person.id, self._asking.id, how))

    def _refuse(self) -> None:
        visit = self._page.visit
        if visit.archive is not None and visit.person is not None:
            self._answer(partial(refuse, visit.archive, visit.person.id, self._asking.id))

    def _answer(self, work: "Callable[[], Coroutine[object, object, Changes]]") -> None:
        # An answer is given even where the person leaves the page at once.
        self._page.shell.background.run(work)


class Trusted(Page[TrustedView]):
    """Who asks, and who has leave; one press takes it back."""

    concerns = Changes.FAMILY | Changes.PEOPLE

    def title(self) -> str:
        return _("Who may see my records")

    def build(self) -> None:
        """Lay out the list."""
        self._view = TrustedView()
        self._parts: list[QWidget] = []
        look = partial(self.shell.open, "family.looks")
        self.looks = Button("trusted.looks", _("Who looked"), icon="search", press=look)
        self.invite = Button(
            "trusted.invite",
            _("Invite"),
            icon="plus",
            kind="primary",
            press=partial(self.shell.open, "family.invite"),
        )
        self.list = Scroll("trusted.list")
        self.sign_in = Button(
            "trusted.sync", _("Switch sharing on"), kind="primary", press=self._sign_in
        )
        only_me = _("Nobody but you can see your records")
        self.nobody = Empty("trusted.nobody", "shield", only_me, self.sign_in)
        self.list.inside.addWidget(self.nobody, 1)
        self.list.inside.addStretch()
        self.body.addWidget(self.list, 1)
        below = row()
        self.order = Button(
            "trusted.order",
            _("Who is told"),
            icon="warning",
            press=partial(self.shell.open, "family.order"),
        )
        below.addWidget(self.looks)
        below.addWidget(self.order)
        below.addStretch(1)
        below.addWidget(self.invite)
        self.body.addLayout(below)
        self._learned = False

    def load(self, visit: Visit, now: int) -> TrustedView:
        """Read who asks and who has leave, as last heard."""
        return loading.trusted(visit, now)

    def refresh(self) -> None:
        """Show what is known, and ask the platform once what is new."""
        super().refresh()
        archive = self.visit.archive
        if archive is not None and not self._learned:
            self._learned = True
            hear(self.shell, archive)

    def show_view(self, view: TrustedView) -> None:
        """Show requests first, then who has leave."""
        self._view = view
        for old in self._parts:
            old.hide()
            old.deleteLater()
        self._parts = [
            Question(f"trusted.asks.{n}", each, self) for n, each in enumerate(view.asking)
        ]
        self._parts += [self._holder(n, each) for n, each in enumerate(view.holding)]
        for number, each in enumerate(self._parts):
            self.list.inside.insertWidget(number, each)
        self.nobody.setVisible(not self._parts)
        advice = _(
            "Invite a child or somebody you trust; you decide what they see, and for how long."
        )
        if not view.ready:
            advice = _("To let family elsewhere see them, switch sharing on first.")
        self.nobody.say(_("Nobody but you can see your records"), advice)
        self.sign_in.setVisible(not view.ready)
        self.invite.setVisible(view.ready)
        self.looks.setVisible(view.ready)
        self.order.setVisible(view.ready and bool(view.holding))

    def _holder(self, number: int, holder: Holder) -> QWidget:
        name = f"trusted.{number}"
        actions: list[QWidget] = []
        if holder.chip:
            actions.append(Chip(f"{name}.state", holder.chip, Status[holder.status.upper()]))
        if not holder.ending:
            press = partial(self._revoke, holder)
            back = Button(
                f"{name}.revoke", _("Revoke"), icon="undo", kind="danger_outline", press=press
            )
            back.setAccessibleDescription(holder.name)
            actions.append(back)
        edge = round(theme.look().sizes.target * 1.2)
        lead = Avatar(f"{name}.face", holder.name, edge=edge)
        note = f"{holder.what}\n{holder.how}"
        return ListRow(name, holder.name, note, leading=lead, actions=tuple(actions))

    def _revoke(self, holder: Holder) -> None:
        visit = self.visit
        if visit.archive is not None and visit.person is not None:
            work = partial(revoke, visit.archive, visit.person.id, holder.id)
            # It is taken back even where the person leaves the page at once.
            self.shell.background.run(work, lambda _changes: self._revoked(holder))

    def _revoked(self, holder: Holder) -> None:
        text = _("Taken back. {name} can no longer see your records.").format(name=holder.name)
        self.shell.show_notice("revoked", text, Status.OK)

    def _sign_in(self) -> None:
        self.shell.open("sync")

    def spoken(self) -> list[str]:
        view = self._view
        said = [self.header.title.text()]
        for each in view.asking:
            said += [each.question, each.what]
        for holder in view.holding:
            said += [holder.name, holder.what, holder.how]
        return said if self._parts else [*said, *self.nobody.sentences()]


class Looks(Page[LooksView]):
    """谁看过我的档案: who looked at the records of the person who is here."""

    def title(self) -> str:
        return _("Who looked at my records")

    def build(self) -> None:
        """Lay out the list."""
        self._view = LooksView()
        self._lines: list[QWidget] = []
        self.nobody = Empty("looks.nobody", "search", _("Nobody but you has looked"))
        self.nobody.hide()
        self.list = Scroll("looks.list")
        self.list.inside.addWidget(self.nobody, 1)
        self.list.inside.addStretch()
        self.body.addWidget(self.list, 1)
        self.foot.show_words(_("The platform writes down each look, at most once an hour"), "info")

    def refresh(self) -> None:
        """Ask the platform; where it cannot be reached, say so."""
        self.stale = False
        if self.visit.archive is not None and self.visit.person is not None:
            self.ask(partial(looks, self.visit, background.now()), self.show_view)

    def show_view(self, view: LooksView) -> None:
        """Show one line for each look."""
        self._view = view
        for old in self._lines:
            old.hide()
            old.deleteLater()
        self.nobody.setVisible(not view.lines)
        self._lines = [self._line(n, text) for n, text in enumerate(view.lines)]
        for number, each in enumerate(self._lines):
            self.list.inside.insertWidget(number, each)

    def _line(self, number: int, text: str) -> QWidget:
        panel = Panel(f"looks.{number}", lying=True)
        edge = theme.look().sizes.icon
        panel.inside.addWidget(Mark(f"looks.{number}.mark", "person", edge=edge, tone="jade"))
        panel.inside.addWidget(Body(f"looks.{number}.words", text), 1)
        return panel

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), *self._view.lines]
        hidden = self.nobody.isHidden()
        return said if hidden else [*said, *self.nobody.sentences()]


# Asking the platform, in the background


def hear(shell: "Shell", archive: "Archive") -> background.Task:
    """Ask what is new of all mandates, for whichever page is here then.

    Nothing is said where it cannot be asked: what was heard before stands on the page.
    """
    return shell.background.run(partial(learn, archive), failed=lambda _error: None)


async def learn(archive: "Archive") -> Changes:
    """Hear what is new of all mandates."""
    async with reach.family(archive) as family:
        return await family.learn()


async def approve(archive: "Archive", person_id: UUID, mandate_id: UUID, how: How) -> Changes:
    """Say yes to who asks."""
    async with reach.family(archive) as family:
        await family.approve(person_id, mandate_id, how)
    return Changes.FAMILY | Changes.PEOPLE


async def refuse(archive: "Archive", person_id: UUID, mandate_id: UUID) -> Changes:
    """Say no to who asks."""
    async with reach.family(archive) as family:
        await family.refuse(person_id, mandate_id)
    return Changes.FAMILY


async def revoke(archive: "Archive", person_id: UUID, mandate_id: UUID) -> Changes:
    """Take leave back."""
    async with reach.family(archive) as family:
        return await family.revoke(person_id, mandate_id)


async def looks(visit: Visit, now: int) -> LooksView:
    """Ask who looked at the records of the person who is here."""
    assert visit.archive is not None
    assert visit.person is not None
    async with reach.family(visit.archive) as family:
        rows = await family.looks(visit.person.id)
    return looks_of(rows, loading.given_by(visit), visit.person.zone_offset or HERE, now)
