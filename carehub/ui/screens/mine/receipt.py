"""What a receipt of an erasure says: what went, what stays and why, and how to know it again; no Qt."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carehub.i18n import _, language, ngettext
from carehub.ui import phrases

if TYPE_CHECKING:
    from carehub.wire.rights import Receipt, Sentences


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The receipt in words: one paragraph, then headings with their lines."""

    said: str = ""
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()


def receipt_of(receipt: "Receipt", zone_offset: int) -> ReceiptView:
    """Return the receipt in the language of the page."""
    done = phrases.local(receipt.done_at, zone_offset)
    day = phrases.day(done.date(), year=True)
    count = sum(receipt.erased.values())
    gone = ngettext(
        "{count} entry, on {day} at {time}", "{count} entries, on {day} at {time}", count
    )
    kept = tuple(f"{_said(each.what)} ({_said(each.why)})" for each in receipt.kept)
    return ReceiptView(
        _said(receipt.sentences),
        (
            (_("Erased"), (gone.format(count=count, day=day, time=phrases.clock(done)),)),
            (_("What stays there, and why"), kept),
            (_("Number of the receipt"), (str(receipt.id), receipt.hash)),
        ),
    )


def _said(sentences: "Sentences") -> str:
    return sentences.zh if language() == "zh_CN" else sentences.en
