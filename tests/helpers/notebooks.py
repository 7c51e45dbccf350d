"""Small made-up files of other programs, and what CareHub makes of them."""
# ruff: noqa: E501 - a line of a file is as long as that program writes it

import io
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from carehub.imports import settling
from carehub.imports.formats import registry
from carehub.imports.rows import Answers, Entry, Row, Why
from carehub.imports.sources import Source

NOW = 1_795_000_000_000
"""2026-11-18, UTC milliseconds: later than every sample."""

OMRON = """Date,Time,Systolic (mmHg),Diastolic (mmHg),Pulse (bpm),Symptoms,Consumed,TruRead,Notes
Mar 02 2025,07:05,131,79,61,-,-,Off,before tea
Mar 02 2025,20:10,127,77,66,-,-,On,"after tea, sitting"
"""
OMRON_SWEDISH = """Datum,Tid,Systoliskt (mmHg),Diastoliskt (mmHg),Puls (bpm),Symtom,Intag,TruRead,Noteringar
02 maj 2025,07:05,131,79,61,-,-,Off,-
"""
IHEALTH = """Date,Time,SYS(mmHg),DIA(mmHg),Pulse(Beats/Min),Note
"Oct 3, 2025",06:58,118,76,59,ok
"""
WITHINGS = """Date,Heart rate,Systolic,Diastolic,Comments
"2025-03-02 07:05:00",61,131,79,
"""
OMBLEPY = """datetime,dia,sys,bpm,mov,ihb
2025-03-02 07:05:16,79,131,61,1,1
"""
HEALTHLOG = """# READINGS
systolic,diastolic,pulse,takenAt,localOffsetMinutes,posture,arm,medsContext,irregularFlag,tags,note
121,77,63,2025-03-02T07:05:00.000Z,-300,standing,left,1\\,2,1,a\\,b,Before tea
"""
BP_FL = """timestampUnixMs,systolic,diastolic,pulse,notes
1740870300000,131,79,61,tea
1740870400000,131,79,null,
"""
UBPM_CSV = """Date,Time,Systolic,Diastolic,Pulse,Irregular,Movement,Invisible,Comment
02.03.2025,07:05:00,131,79,61,1,0,0,tea
"""
UBPM_JSON = """{"UBPM": {"U1": [
 {"date": "02.03.2025", "time": "07:05:16", "msg": "tea", "sys": 131, "dia": 79, "bpm": 61, "ihb": 1, "mov": 0},
 {"time": "07:05:16", "sys": 131, "dia": 79, "bpm": null}, 7],
 "U2": [{"date": "02.03.2025", "time": "08:00", "sys": 141, "dia": 89, "bpm": 71}]}}
"""
OBPM = """1;02.03.25;07:05;131;079;061;tea;and cake
2;03.03.25;08:00;141;089;071;
1;04.03.25
"""
LIBRE = """Glucose Data,Created 26-06-2025 10:00 UTC,Created by,Example
Device,Serial Number,Device Timestamp,Record Type,Historic Glucose mmol/L,Scan Glucose mmol/L,a,b,c,d,e,f,g,Notes,Strip Glucose mmol/L,Ketone mmol/L
L3,S,01-05-2025 06:00,0,5.4,,,,,,,,,,,
L3,S,01-05-2025 06:10,1,,6.2,,,,,,,,tea,,
L3,S,01-05-2025 06:20,2,,,,,,,,,,,LO,
L3,S,01-05-2025 06:30,3,,,,,,,,,,,,0.4
L3,S,01-05-2025 06:40,4,,,,,,,,,,,,
L3,S,01-05-2025 06:50,0,,,,,,,,,,,,
L3,S
"""
LIBRE_US = """Glucose Data,Created by,Example
Device,Serial Number,Device Timestamp,Record Type,Historic Glucose mg/dL,Scan Glucose mg/dL
L3,S,05-01-2025 06:00 PM,0,97,
"""
CLARITY = """Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,Glucose Value (mg/dL),Insulin Value (u),Glucose Rate of Change (mg/dL/min)
1,,FirstName,,Example,,,,,
2,2025-05-20T08:00:00,EGV,,,,,95,,
3,2025-05-20T08:05:00,EGV,,,,,High,,
4,2025-05-20T08:10:00,EGV,,,,,Low,,
5,2025-05-20T08:15:00,Calibration,,,,,100,,
6,2025-05-20T08:20:00,Fasting Glucose,,,,,101,,
7,2025-05-20T08:25:00,EGV,,,,,,,
8,,EGV,,,,,99,,
9
"""
ACCU_CHEK = """Serial number;Download date;Download time;;;;;;;
U1;08.12.2025;17:04;;;;;;;
Date;Time;Result;Unit;Temperature warning;Out of target range;Other;Before meal;After meal;Control test
08.12.2025;16:58;6.4;mmol/L;;;;X;;
08.12.2025;12:10;HI;mmol/L;;;;;X;
07.12.2025;07:20;5.1;mmol/L;;;;;;X
07.12.2025;07:10;5.1;stones;;;;;;
07.12.2025;07:00
"""
TIDEPOOL = """[
{"type": "smbg", "time": "2025-10-10T15:00:00.000Z", "deviceTime": "2025-10-10T11:00:00", "timezoneOffset": -240, "units": "mmol/L", "value": 6.66089758925464},
{"type": "cbg", "time": "2025-10-10T15:05:00", "units": "mg/dL", "value": 118, "uploadId": "u"},
{"type": "cbg", "time": 1760108700000, "units": "mmol/L", "value": 6.5},
{"type": "smbg", "time": "2025-10-10T15:05:00Z", "units": "mmol/L", "value": 6.123},
{"type": "bolus"}, {"type": "bloodKetone"}, {"type": "smbg", "subType": "control"},
{"type": "smbg", "units": "cups"}, {"type": "smbg", "units": "mg/dL"},
{"type": "smbg", "units": "mg/dL", "time": "soon"},
{"type": "smbg", "units": "mg/dL", "time": 1760108700000}, 3,
{"type": "smbg", "units": "mg/dL", "time": 1760108700000, "value": "much"}]
"""
NIGHTSCOUT = """[
{"type": "sgv", "sgv": "142", "date": 1760108400000, "dateString": "x", "utcOffset": 480},
{"type": "mbg", "mbg": 131, "date": 1760108400000.5},
{"type": "sgv", "sgv": 131, "dateString": "2025-10-10T15:00:00Z"},
{"type": "sgv", "sgv": 5, "date": 1760108400000},
{"type": "cal", "date": 1760108400000}, {"type": "note", "date": 1760108400000},
{"type": "sgv", "sgv": 100}, {"type": "sgv", "sgv": [1], "date": 1760108400000}, null]
"""
NIGHTSCOUT_CSV = """Date,Time,Glucose (mg/dL),Type,Device,Trend,ID
3/31/2025,7:51:03 PM,120,sgv,d,4,a
3/31/2025,7:56:03 PM,10,sgv,d,4,b
3/31/2025,7:57:03 PM,110,cal,d,4,c
3/31/2025
"""
APPLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (Record|Correlation)*>
<!ATTLIST Record type CDATA #REQUIRED garbled>
]>
<HealthData locale="zh_CN">
 <Record type="HKQuantityTypeIdentifierStepCount" value="7"/>
 <Correlation type="HKCorrelationTypeIdentifierBloodPressure" startDate="2025-04-10 07:24:00 +0800">
  <Record type="HKQuantityTypeIdentifierBloodPressureSystolic" sourceName="a" unit="mmHg" startDate="2025-04-10 07:24:00 +0800" value="133"/>
  <Record type="HKQuantityTypeIdentifierBloodPressureDiastolic" sourceName="a" unit="mmHg" startDate="2025-04-10 07:24:00 +0800" value="86"/>
 </Correlation>
 <Record type="HKQuantityTypeIdentifierBloodPressureDiastolic" sourceName="a" unit="mmHg" startDate="2025-04-10 07:24:00 +0800" value="86"/>
 <Record type="HKQuantityTypeIdentifierBloodPressureSystolic" sourceName="a" unit="mmHg" startDate="2025-04-10 07:24:00 +0800" value="133"/>
 <Record type="HKQuantityTypeIdentifierBloodGlucose" unit="mmol&lt;180.1558800000541&gt;/L" startDate="2025-04-10 07:30:00 +0800" value="6.4">
  <MetadataEntry key="HKBloodGlucoseMealTime" value="1"/>
 </Record>
</HealthData>
"""
TABLE = """measured on,Blutzucker (mmol/L),Kommentar
"""

PRESSURE_SAMPLES: dict[str, str] = {
    "omron_connect": OMRON,
    "ihealth": IHEALTH,
    "withings": WITHINGS,
    "omblepy": OMBLEPY,
    "healthlog": HEALTHLOG,
    "blood_pressure_monitor_fl": BP_FL,
    "ubpm": UBPM_CSV,
    "obpm": OBPM,
}


def rows(content: str | bytes | Path, answers: Answers = Answers()) -> list[Row]:  # noqa: B008
    """Return every row of a file, as an entry or why it is none."""
    source = source_of(content)
    form = registry.recognise(source, answers)
    settled = settling.settle(source, form, answers, NOW)
    return list(settling.rows(source, form, answers, settled))


def source_of(content: str | bytes | Path) -> Source:
    if isinstance(content, Path):
        return Source.of_file(content)
    return Source.of_bytes(content.encode() if isinstance(content, str) else content)


def name_of(content: str | bytes | Path) -> str:
    """Return the name of the format that a file is recognised as."""
    return registry.recognise(source_of(content), Answers()).name


def entries(content: str | bytes | Path, answers: Answers = Answers()) -> list[Entry]:  # noqa: B008
    return [row for _line, row in rows(content, answers) if isinstance(row, Entry)]


def refused(content: str | bytes | Path, answers: Answers = Answers()) -> list[tuple[int, Why]]:  # noqa: B008
    return [(line, row) for line, row in rows(content, answers) if isinstance(row, Why)]


def pressures(found: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """Return what matters of pressures: the values as whole numbers."""
    return [(int(e.v1 or 0), int(e.v2 or 0), None if e.v3 is None else int(e.v3)) for e in found]


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Return a ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return out.getvalue()


def database(*statements: str) -> bytes:
    """Return a SQLite database made by these statements."""
    made = sqlite3.connect(":memory:")
    try:
        for statement in statements:
            made.execute(statement)
        made.commit()
        return made.serialize()
    finally:
        made.close()


UBPM_DATABASE = (
    (
        "CREATE TABLE 'U1' ('uts' INTEGER, 'sys' INTEGER, 'dia' INTEGER, 'bpm' INTEGER, 'ihb' INTEGER,"
        " 'mov' INTEGER, 'inv' INTEGER, 'msg' TEXT)"
    ),
    (
        "CREATE TABLE U2 (uts INTEGER, sys INTEGER, dia INTEGER, bpm INTEGER, ihb INTEGER, mov INTEGER,"
        " inv INTEGER, msg TEXT)"
    ),
    "INSERT INTO U1 VALUES (1740870300, 131, 79, 61, 1, 0, 0, 'tea'), (NULL, 1, 1, 1, 0, 0, 0, '')",
    "INSERT INTO U2 VALUES (1740870300000, 141, 89, NULL, 0, 1, 0, NULL)",
)
OBPM_DATABASE = (
    "CREATE TABLE 'U1' ('uts' INTEGER, 'sys' INTEGER, 'dia' INTEGER, 'bpm' INTEGER, 'msg' TEXT)",
    "INSERT INTO U1 VALUES (1740870300, 131, 79, 61, 'tea')",
)
BP_FL_DATABASE = (
    'CREATE TABLE "Timestamps" ("entryID" INTEGER PRIMARY KEY, "timestampUnixS" INTEGER)',
    'CREATE TABLE "Systolic" ("entryID" INTEGER PRIMARY KEY, "sys" REAL)',
    'CREATE TABLE "Diastolic" ("entryID" INTEGER PRIMARY KEY, "dia" REAL)',
    'CREATE TABLE "Pulse" ("entryID" INTEGER PRIMARY KEY, "pul" REAL)',
    'CREATE TABLE "Notes" ("entryID" INTEGER PRIMARY KEY, "note" TEXT)',
    "INSERT INTO Timestamps VALUES (1, 1740870300), (2, 1740870400), (3, 1740870500), (4, 'x'), (5, 1)",
    "INSERT INTO Systolic VALUES (1, 17.465182), (2, 17.31), (3, 17.0), (4, 1), (5, 'x')",
    "INSERT INTO Diastolic VALUES (1, 10.532438), (2, 10.57), (4, 1), (5, 1)",
    "INSERT INTO Pulse VALUES (1, 61.0)",
    "INSERT INTO Notes VALUES (1, 'tea')",
)
BP_FL_OLDER = (
    (
        "CREATE TABLE bloodPressureModel(timestamp INTEGER(14) PRIMARY KEY, systolic INTEGER, diastolic"
        " INTEGER, pulse INTEGER, notes STRING)"
    ),
    "INSERT INTO bloodPressureModel VALUES (1740870300000, 131, 79, 61, 'tea')",
)
