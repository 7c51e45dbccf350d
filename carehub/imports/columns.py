"""What the headings of a table mean, in the languages in which programs write them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carehub.care.readings import Unit
from carehub.imports.numbers import unit_in

_WORDS = {
    "moment": """datetime timestamp takenat taken_at time_stamp measuredat measured_at datum/uhrzeit
        date/time datetimes formattedtime formattedtimestamp recordedat timestampunixms sys_time
        marcatemporal zeitstempel horodatage fechayhora dataeora 测量时间 时间戳 日期时间 记录时间
        datumochtid devicetimestamp displaytime measurementtime recordtime measurementdate
        date&time dateandtime dateofmeasurement dateutc""",
    "day": """date datum fecha data dato 日期 测量日期 day päivämäärä tarih dátum дата""",
    "clock": """time uhrzeit zeit heure hora ora tid tijd godzina klockslag 时间 时刻 time_of_day
        klokkeslæt aika saat время""",
    "systolic": """systolic sys systolicpressure systolicbp systole systolisch systolique sistólica
        sistolica sistolico systoliskt systolisk skurczowe sbp 收缩压 高压 上压 bpsys upper systolic_bp
        systolicbloodpressure systolischerdruck pressionsystolique systolinen систолическое
        систолический maximum max""",
    "diastolic": """diastolic dia diastolicpressure diastolicbp diastole diastolisch diastolique
        diastólica diastolica diastolico diastoliskt diastolisk rozkurczowe dbp 舒张压 低压 下压 bpdia
        lower diastolic_bp diastolicbloodpressure diastolischerdruck pressiondiastolique
        diastolinen диастолическое диастолический minimum min""",
    "pulse": """pulse bpm heartrate heart_rate pulserate puls pouls pulso polso hr pul 脉搏 心率 脉率
        hartslag tętno frequenzacardiaca fréquencecardiaque frecuenciacardiaca herzfrequenz пульс
        pulssi nabiz beats/min""",
    "glucose": """glucose glucosevalue bloodglucose bg bgreading sensorglucose glucosereading
        valordelsensor niveldeglucosa cgmglucosevalue glucosa glukose glicemia glycémie blutzucker
        血糖 血糖值 葡萄糖 glucoselevel sgv gl glucose_mmol glucose_mgdl blodsocker bloedglucose
        глюкоза sensorglucosevalue reading result value wert""",
    "note": """note notes comment comments remark remarks kommentar bemerkung commentaire comentario
        commenti anteckningar 备注 注释 msg message notizen beschreibung opmerkingen huomautus nota
        noter uwagi""",
    "context": """context meal category mealtag meal_context 用餐 测量时段 时段 餐前餐后
        mealmarker beforemeal/aftermeal situation""",
    "unit": """unit units einheit unité unidad unità eenhet enhet 单位""",
    "user": """user user_id person profile nutzer benutzer utilisateur usuario 用户 成员 姓名""",
    "posture": "posture position körperhaltung 体位 姿势",
    "irregular": """irregular irregularflag ihb irregularheartbeat arrhythmia 心律不齐 不规则脉搏
        irregularheartbeatdetected""",
    "movement": "movement mov bodymovement 身体移动 体动",
    "offset": "localoffsetminutes utcoffset timezoneoffset",
    "kind": "type recordtype entrytype",
}
_FIELDS = {word: name for name, words in _WORDS.items() for word in words.split()}
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]?")
_PER = re.compile(r"(?:mg\s*/\s*dl|mmol\s*/\s*l|mm\s*hg|kpa|/\s*min|beats/min)", re.IGNORECASE)
_FROM_FAR = re.compile(r"[^\w/&]+", re.UNICODE)

OURS = ("day", "clock", "moment", "systolic", "diastolic", "pulse", "glucose", "note", "context",
        "unit", "user", "posture", "irregular", "movement", "offset", "kind")  # fmt: skip
"""The names that a mapping of columns may use."""


@dataclass(frozen=True, slots=True)
class Columns:
    """At which place each of our fields stands, and which unit its heading names."""

    places: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)

    @property
    def timed(self) -> bool:
        """Tell whether there is a time."""
        return "moment" in self.places or "day" in self.places

    @property
    def measured(self) -> bool:
        """Tell whether there are values."""
        return {"systolic", "diastolic"} <= set(self.places) or "glucose" in self.places


def meant(header: str) -> tuple[str, Unit | None]:
    """Return which of our fields a heading means, or nothing, and the unit it names."""
    plain = unicodedata.normalize("NFKC", header).casefold().strip().strip("\ufeff\"'")
    unit = unit_in(plain)
    if "/min" in plain and unit is not None:
        return "", None  # a rate of change
    bare = _FROM_FAR.sub("", _PER.sub("", _BRACKETS.sub("", plain)))
    for word in (bare, bare.strip("/"), _FROM_FAR.sub("", plain)):
        if word in _FIELDS:
            return _FIELDS[word], unit
    return "", unit


def columns_of(header: Sequence[str]) -> Columns:
    """Return what the headings of a table mean; the first of two equal ones counts."""
    places: dict[str, int] = {}
    units: dict[str, Unit] = {}
    for place, name in enumerate(header):
        ours, unit = meant(name)
        if ours and ours not in places:
            places[ours] = place
            if unit is not None:
                units[ours] = unit
    return _settled(places, units, header)


def _settled(places: dict[str, int], units: dict[str, Unit], header: Sequence[str]) -> Columns:
    """Let a lone "time" be the whole moment, and the unit of one pressure that of both."""
    if "clock" in places and "day" not in places and "moment" not in places:
        places["moment"] = places.pop("clock")
    named = header[places["glucose"]].casefold() if "glucose" in places else ""
    if named.strip() in ("value", "wert", "reading", "result") and "systolic" in places:
        del places["glucose"]
    if named.endswith("_mmol"):
        units["glucose"] = Unit.MMOL_L
    elif named.endswith("_mgdl"):
        units["glucose"] = Unit.MG_DL
    return Columns(places, units)
