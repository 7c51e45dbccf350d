"""The parts that every screen is built of; import them from here."""

from carehub.ui.widgets.banners import NoticeBanner, UndoBar
from carehub.ui.widgets.buttons import Button, Choices, Tick
from carehub.ui.widgets.cards import FunctionCard
from carehub.ui.widgets.chips import Chip, Mark, Status
from carehub.ui.widgets.fields import BigField, DateField, TextField
from carehub.ui.widgets.gauges import DayMark, DayMarks, Dot, Ring, Sparkline
from carehub.ui.widgets.header import PageFoot, PageHeader
from carehub.ui.widgets.keypad import Keypad
from carehub.ui.widgets.panel import Panel, column, row
from carehub.ui.widgets.rows import Avatar, ListRow
from carehub.ui.widgets.scroll import Scroll
from carehub.ui.widgets.steps import ProgressSteps, StepItem, StepList
from carehub.ui.widgets.words import Body, Heading, Note, Words

__all__ = [
    "Avatar",
    "BigField",
    "Body",
    "Button",
    "Chip",
    "Choices",
    "DateField",
    "DayMark",
    "DayMarks",
    "Dot",
    "FunctionCard",
    "Heading",
    "Keypad",
    "ListRow",
    "Mark",
    "Note",
    "NoticeBanner",
    "PageFoot",
    "PageHeader",
    "Panel",
    "ProgressSteps",
    "Ring",
    "Scroll",
    "Sparkline",
    "Status",
    "StepItem",
    "StepList",
    "TextField",
    "Tick",
    "UndoBar",
    "Words",
    "column",
    "row",
]
