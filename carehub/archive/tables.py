"""The tables of the archive; a column has the name of the field of `care` that it keeps.

No foreign key cascades: rows of different nouns reach a machine in any order, and a cascade during a
rebuild of the parent deletes children without a word.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from carehub.archive.columns import (
    Day,
    Digest,
    Grade,
    Id,
    Ids,
    Json,
    Micro,
    Texts,
    Times,
    UserSlots,
    word,
    words,
)
from carehub.care.alerts.model import State
from carehub.care.consent import Purpose
from carehub.care.people import ConditionCode, HistoryKind, MedicineClass, Sex
from carehub.care.plans import HealthGroup
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Setting,
    Source,
    Symptom,
    TimeQuality,
    Unit,
)
from carehub.wire.exchange import Act, EntityKind

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
REVISION = "0008"
"""The newest revision in `migrations/versions`; an archive that has it needs no migration."""

SEARCH_TABLE = "search_word"

OPEN_OPS = "state IN ('pending', 'inflight')"
"""Which ops are not acknowledged; a query must say it in the same words to be given the index."""


def _id() -> Column[object]:
    return Column("id", Id, primary_key=True)


def _of_person() -> Column[object]:
    return Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _integer(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=nullable)


def _bool(name: str) -> Column[bool]:
    return Column(name, Boolean(create_constraint=False), nullable=False)


meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value"))

person = Table(
    "person",
    metadata,
    _id(),
    _text("name"),
    _text("called"),
    Column("born", Day),
    Column("sex", word(Sex), nullable=False),
    _integer("zone_offset"),
    Column("photo_id", Id),
    _integer("created_at"),
)
condition = Table(
    "condition",
    metadata,
    _id(),
    _of_person(),
    Column("code", word(ConditionCode), nullable=False),
    _text("name"),
    _integer("since", nullable=True),
)
allergy = Table("allergy", metadata, _id(), _of_person(), _text("substance"), _text("reaction"))
medicine = Table(
    "medicine",
    metadata,
    _id(),
    _of_person(),
    _text("name"),
    _text("dose"),
    _text("timing"),
    Column("medicine_class", word(MedicineClass), nullable=False),
    _bool("stopped"),
)
history_line = Table(
    "history_line",
    metadata,
    _id(),
    _of_person(),
    Column("kind", word(HistoryKind), nullable=False),
    _text("text"),
    _integer("year", nullable=True),
)
emergency_contact = Table(
    "emergency_contact",
    metadata,
    _id(),
    _of_person(),
    _text("name"),
    _text("relation"),
    _text("phone"),
    _integer("order"),
    _bool("alerts"),
)
target = Table(
    "target",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("systolic", Micro),
    Column("diastolic", Micro),
    Column("fasting_low", Micro),
    Column("fasting_high", Micro),
    Column("other_low", Micro),
    Column("other_high", Micro),
)
glucose_plan = Table(
    "glucose_plan",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("hba1c", Micro),
    Column("hba1c_on", Day),
    _integer("every", nullable=True),
    _integer("every_since"),
    Column("health_group", word(HealthGroup)),
    _bool("ketone_strips"),
)
consent = Table(
    "consent",
    metadata,
    _id(),
    _of_person(),
    Column("purpose", word(Purpose), nullable=False),
    _text("text_version"),
    _integer("granted_at"),
    _text("method"),
    _integer("withdrawn_at", nullable=True),
)

reading = Table(
    "reading",
    metadata,
    _id(),
    Column("person_id", Id, ForeignKey("person.id")),
    Column("kind", word(Kind), nullable=False),
    _integer("taken_at"),
    Column("unit", word(Unit), nullable=False),
    Column("v1", Micro),
    Column("v2", Micro),
    Column("v3", Micro),
    Column("mean", Micro),
    _text("text"),
    Column("context", word(MealContext), nullable=False),
    Column("setting", word(Setting), nullable=False),
    Column("posture", word(Posture), nullable=False),
    Column("source", word(Source), nullable=False),
    _integer("zone_offset"),
    _integer("received_at"),
    Column("time_quality", word(TimeQuality), nullable=False),
    _text("device_taken_at"),
    Column("flags", words(Flag), nullable=False),
    Column("symptoms", words(Symptom), nullable=False),
    _text("device_id"),
    _integer("user_slot", nullable=True),
    _integer("sequence", nullable=True),
    _bool("simulated"),
    Column("replaces", Id),
    _bool("voided"),
    _text("note"),
    _integer("voided_at", nullable=True),
    _bool("in_force"),
    CheckConstraint("NOT (voided AND in_force)", name="void_is_out_of_force"),
)
Index(
    "ix_reading_chart",
    reading.c.person_id,
    reading.c.kind,
    reading.c.taken_at,
    reading.c.v1,
    reading.c.v2,
    reading.c.v3,
    reading.c.unit,
    reading.c.context,
    reading.c.text,
    reading.c.simulated,
    reading.c.in_force,
)
Index("ix_reading_replaces", reading.c.replaces, sqlite_where=reading.c.replaces.is_not(None))
Index("ix_reading_tray", reading.c.received_at, sqlite_where=text("person_id IS NULL"))

alert = Table(
    "alert",
    metadata,
    _id(),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    _text("rule"),
    _text("version"),
    _text("family"),
    Column("level", Grade, nullable=False),
    Column("state", word(State), nullable=False),
    _text("episode"),
    _text("text"),
    _integer("raised_at"),
    Column("advice", Texts, nullable=False),
    Column("readings", Ids, nullable=False),
    Column("renotified_at", Times, nullable=False),
    _integer("due_at", nullable=True),
    _integer("recheck_at", nullable=True),
    _integer("acknowledged_at", nullable=True),
    _text("acknowledged_by"),
    _integer("snoozed_until", nullable=True),
    _integer("cleared_at", nullable=True),
    _bool("clock_suspect"),
    _bool("historic"),
    Column("inputs", Json, nullable=False),
    Index("ix_alert_person_id_raised_at", "person_id", "raised_at"),
)

meter = Table(
    "meter",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("driver"),
    _text("address"),
    Column("kind", word(Kind), nullable=False),
    _text("model"),
    _bool("simulated"),
    Column("slots", UserSlots, nullable=False),
    _integer("last_sequence", nullable=True),
    _integer("clock_offset", nullable=True),
    _integer("last_read_at"),
)
frame = Table(
    "frame",
    metadata,
    _id(),
    _text("meter_id"),
    _text("driver"),
    _text("characteristic"),
    Column("data", LargeBinary, nullable=False),
    _integer("received_at"),
    Column("transfer_id", Id, nullable=False),
    _bool("simulated"),
    Column("outcome", Text),
    Column("reading_id", Id),
)
Index("ix_frame_reading_id", frame.c.reading_id)
Index("ix_frame_pending", frame.c.received_at, sqlite_where=text("outcome IS NULL"))

op = Table(
    "op",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("op_id", Id, nullable=False, unique=True),
    Column("person_id", Id, nullable=False),
    Column("kind", word(EntityKind), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("act", word(Act), nullable=False),
    _integer("at"),
    Column("body", Json, nullable=False),
    _text("state"),
    Column("base", Json, nullable=False, server_default="{}"),
    Column("code", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Integer, nullable=False, server_default="0"),
    _integer("seq", nullable=True),
    _integer("settled_at", nullable=True),
    Index("ix_op_entity_id", "entity_id"),
)
Index("ix_op_waiting", op.c.n, sqlite_where=text(OPEN_OPS))

stream = Table(
    "stream",
    metadata,
    Column("person_id", Id, primary_key=True),
    _text("role"),
    Column("scopes", Texts, nullable=False),
    _integer("cursor"),
    _integer("head"),
    _integer("epoch"),
    _integer("until_at", nullable=True),
    _text("paused"),
    _integer("digest_at"),
)
stream_entity = Table(
    "stream_entity",
    metadata,
    Column("person_id", Id, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("entity_id", Id, primary_key=True),
    _integer("rev"),
    Column("body", Json, nullable=False),
    Column("fields", Json, nullable=False),
    _bool("deleted"),
)
conflict = Table(
    "conflict",
    metadata,
    _id(),
    Column("person_id", Id, nullable=False, index=True),
    _text("kind"),
    Column("entity_id", Id, nullable=False),
    _text("field"),
    Column("kept", Json),
    Column("lost", Json),
    Column("kept_by", Id, nullable=False),
    Column("lost_by", Id, nullable=False),
    _integer("at"),
    _bool("needs_confirmation"),
    _integer("resolved_at", nullable=True),
)
account = Table(
    "account",
    metadata,
    _id(),
    _text("url"),
    _text("login"),
    Column("device_id", Id, nullable=False),
    _text("access"),
    _integer("access_until"),
    _text("refresh"),
    _integer("clock_offset"),
    _integer("heard_at"),
    _integer("grants_rev"),
    _integer("last_success_at", nullable=True),
    _text("trouble"),
    _integer("failures"),
    _integer("next_at"),
    _integer("batch"),
)
mandate = Table(
    "mandate",
    metadata,
    _id(),
    Column("person_id", Id, nullable=False, index=True),
    Column("account_id", Id, nullable=False),
    _text("role"),
    Column("scopes", Texts, nullable=False),
    _text("state"),
    _integer("from_at"),
    _integer("until_at"),
    _integer("granted_at"),
    _text("relation"),
    _text("name"),
    _text("account"),
    _text("how"),
    _integer("revoked_at", nullable=True),
    _integer("ending_at", nullable=True),
    _text("phone"),
)
parting = Table(
    "parting",
    metadata,
    _id(),
    _text("name"),
    Column("sex", word(Sex), nullable=False),
    _text("relation"),
    _text("code"),
    _integer("at"),
)
upload = Table(
    "upload",
    metadata,
    Column("attachment_id", Id, primary_key=True),
    Column("person_id", Id, nullable=False),
    _integer("sent"),
    _bool("complete"),
    Column("code", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Integer, nullable=False, server_default="0"),
)

attachment = Table(
    "attachment",
    metadata,
    _id(),
    Column("person_id", Id),
    _text("media_type"),
    _integer("size"),
    Column("sha256", Digest, nullable=False),
    Column("data", LargeBinary),
    Column("belongs_kind", Text, nullable=False, server_default=""),
    Column("belongs_id", Id),
    Column("here", Boolean(create_constraint=False), nullable=False, server_default="1"),
)
import_batch = Table(
    "import_batch",
    metadata,
    _id(),
    Column("person_id", Id, nullable=False, index=True),
    _text("format"),
    _text("name"),
    _integer("at"),
    _integer("readings"),
    _integer("undone_at", nullable=True),
)
import_reading = Table(
    "import_reading",
    metadata,
    Column("reading_id", Id, primary_key=True),
    Column("person_id", Id, nullable=False),
    Column("batch_id", Id, nullable=False, index=True),
    _bool("undone"),
)
search_entry = Table(
    "search_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Id),
    _text("kind"),
    Column("entity_id", Id, nullable=False, unique=True),
)
