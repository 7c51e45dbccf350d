"""A family of three cared for, nobody, somebody who left; and the elder's side of it."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.archive.mandates import Given, Parting
from carehub.archive.streams import Stream
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.escalation import Escalation, Rung, Told
from carehub.care.family import SCOPES, Role
from carehub.care.people import Person, Profile, Sex
from carehub.care.plans import Plan
from carehub.care.readings import Kind, Reading, Unit
from carehub.i18n import N_
from carehub.ui.screens.family.giving import (
    CodeView,
    LooksView,
    TrustedView,
    Wish,
    code_view,
    looks_of,
    trusted_of,
)
from carehub.ui.screens.family.model import CallView, FamilyView, Kin, call_of, cared_of, view_of
from carehub.ui.screens.family.order import OrderView, order_of
from carehub.ui.screens.sample import NOW, PERSON, PROFILE, Sample
from carehub.wire.clinic import CarerRow, CarerRows, ClinicRow
from carehub.wire.family import AuditRow
from carehub.workflows.escalations import Telling
from carehub.workflows.rulebook import rulebook

ME, OTHERS = UUID(int=71), UUID(int=72)
DAY = 86_400_000
YEAR = 365 * DAY
FATHER = Person(UUID(int=2), "李示范", "李爷爷", sex=Sex.MALE)
NEIGHBOUR = Person(UUID(int=3), "赵样例", "赵奶奶", sex=Sex.FEMALE)
_CARER = tuple(sorted(SCOPES[Role.CARER]))
_VIEWER = ("view",)
CONFIRM = N_(
    "Your blood pressure is clearly high. Sit down, rest for 5 minutes, then measure twice more."
)
CODE = "K7M2P-9QRTW"


def given(number: int, person: Person, relation: str, name: str, **more: object) -> Given:
    """Return a mandate in force, or as `more` says."""
    made = Given(
        UUID(int=number),
        person.id,
        ME,
        Role.CARER,
        _CARER,
        "active",
        NOW - 30 * DAY,
        NOW - 30 * DAY + YEAR,
        NOW - 30 * DAY,
        relation,
        name,
        "138****0000",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Given, by name


def pressure(person: Person, high: int, low: int, at: int) -> Reading:
    """Return a blood pressure."""
    return Reading(
        UUID(int=high * 1000 + low),
        person.id,
        Kind.BLOOD_PRESSURE,
        at,
        Unit.MMHG,
        Decimal(high),
        Decimal(low),
        Decimal(72),
    )


def alert(person: Person, reading: Reading, level: Level = Level.L3) -> Alert:
    """Return an alert about a very high pressure."""
    return Alert(
        UUID(int=81),
        person.id,
        "BP-CRIT",
        "1",
        "BP",
        level,
        State.ACTIVE,
        "e",
        CONFIRM,
        reading.taken_at,
        readings=(reading.id,),
    )


def kin(person: Person, *latest: Reading, relation: str = "daughter", **more: object) -> Kin:
    """Return what is known of one person cared for."""
    profile = PROFILE if person is PERSON else Profile(person)
    role = str(more.pop("role", "carer"))
    stream = Stream(person.id, role, _VIEWER if role == "viewer" else _CARER)
    held = given(90 + person.id.int, person, relation, "王芳", phone="13800000000")
    made = Kin(stream, profile, Plan(rulebook()), latest, mandate=held)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Kin, by name


def _mother() -> Kin:
    reading = pressure(PERSON, 187, 112, NOW - 900_000)
    raised = alert(PERSON, reading)
    told = Told(Rung.FIRST_CARER, NOW - 800_000, ME, "王小样", NOW - 790_000)
    began = Escalation(raised.id, PERSON.id, raised.rule, raised.level, NOW - 800_000, told=(told,))
    telling = Telling(began, shares=True, sent=True)
    about = {reading.id: reading}
    return kin(PERSON, reading, alerts=(raised,), about=about, telling={raised.id: telling})


def three() -> FamilyView:
    """Return a mother with an alert, a father not heard of for days, a neighbour who is fine."""
    father = kin(FATHER, pressure(FATHER, 131, 79, NOW - 5 * DAY))
    neighbour = kin(
        NEIGHBOUR,
        pressure(NEIGHBOUR, 126, 78, NOW - 3_600_000),
        relation="neighbour",
        role="viewer",
    )
    return view_of((neighbour, father, _mother()), (), 1, NOW)


def nobody() -> FamilyView:
    """Return the first time."""
    return view_of((), (), 0, NOW)


def left() -> FamilyView:
    """Return a mother who took her leave back."""
    gone = Parting(PERSON.id, "王奶奶", Sex.FEMALE, "daughter", "grant_revoked", NOW)
    return view_of((), (gone,), 0, NOW)


def ring() -> CallView:
    """Return whom to ring about the mother."""
    mother = _mother()
    return call_of(mother, cared_of(mother, NOW))


def ring_unknown() -> CallView:
    """Return a father whose number nobody has typed yet."""
    father = kin(FATHER, mandate=given(92, FATHER, "daughter", "王芳"))
    return call_of(father, cared_of(father, NOW))


def trusted() -> TrustedView:
    """Return a son who asks, a daughter who helps, a worker who may look and was taken back."""
    rows = (
        given(101, PERSON, "son", "王强", state="asked", account_id=OTHERS),
        given(102, PERSON, "daughter", "王芳"),
        given(
            103,
            PERSON,
            "worker",
            "赵样例",
            role="viewer",
            scopes=_VIEWER,
            how="witnessed",
            ending_at=NOW,
        ),
    )
    return trusted_of(rows, 480, NOW)


def trusted_new() -> TrustedView:
    """Return somebody who has not switched sharing on."""
    return trusted_of((), 480, NOW, ready=False)


def looked() -> LooksView:
    """Return three looks."""
    rows = [
        AuditRow(n=n, at=NOW - at, actor=ME, who="138****0000", act="looked", previous="", hash="")
        for n, at in enumerate((1_200_000, 4_000_000, DAY))
    ]
    return looks_of(rows, [given(102, PERSON, "daughter", "王芳")], 480, NOW)


def code_new() -> CodeView:
    """Return a code that nobody has typed yet."""
    return code_view((), frozenset(), 480, NOW)


def code_asked() -> CodeView:
    """Return a code that the daughter has typed."""
    rows = (given(101, PERSON, "daughter", "王芳", state="asked"),)
    return code_view(rows, frozenset(), 480, NOW)


def code_done() -> CodeView:
    """Return a code that led to a mandate."""
    return code_view((given(101, PERSON, "daughter", "王芳"),), frozenset(), 480, NOW)


def order() -> OrderView:
    """Return a daughter who is told first, a son who did not agree, and two clinics."""
    carers = [
        CarerRow(account_id=ME, name="王小样", agreed=True),
        CarerRow(account_id=OTHERS, name="王示例", agreed=False),
    ]
    clinics = [
        ClinicRow(code="a", name="示例社区卫生服务站"),
        ClinicRow(code="b", name="样例街道社区卫生服务中心"),
    ]
    return order_of(CarerRows(carers=carers, clinic="a"), clinics, ())


SAMPLES = (
    Sample("family", "three", three),
    Sample("family", "nobody", nobody),
    Sample("family", "left", left),
    Sample("family.call", "known", ring, {"person": PERSON.id}),
    Sample("family.call", "unknown", ring_unknown, {"person": FATHER.id}),
    Sample("family.trusted", "several", trusted),
    Sample("family.trusted", "new", trusted_new),
    Sample("family.looks", "three", looked),
    Sample("family.looks", "nobody", LooksView),
    Sample("family.invite", "new"),
    Sample("family.consent", "carer", what={"wish": Wish("daughter")}),
    Sample("family.consent", "guardian", what={"wish": Wish("son", Role.GUARDIAN, 30)}),
    Sample("family.code", "new", code_new, {"code": CODE}),
    Sample("family.code", "asked", code_asked, {"code": CODE}),
    Sample("family.code", "done", code_done, {"code": CODE}),
    Sample("family.join", "new"),
    Sample("family.order", "two", order),
    Sample("family.order", "nobody", OrderView),
)
