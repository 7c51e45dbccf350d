"""Which finding belongs to which open alert, and which finding of a family wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from carehub.care.alerts.model import Alert, Finding, Standing
from carehub.care.alerts.rulebook import Rulebook

LIVE = frozenset({Standing.RAISE, Standing.CONFIRM, Standing.HOLD})


@dataclass(frozen=True, slots=True)
class Match:
    """An open alert with what its rule says now: a finding, or nothing; `wins` within its family."""

    alert: Alert
    finding: Finding | None
    wins: bool = True


def winners(findings: Iterable[Finding], book: Rulebook) -> list[Finding]:
    """Return the gravest live finding of each family; the rulebook's order settles a tie."""

    def weight(finding: Finding) -> tuple[int, int, str]:
        return (-finding.level, book.rank(finding.rule), finding.episode)

    best: dict[str, Finding] = {}
    for finding in sorted((f for f in findings if f.standing in LIVE), key=weight):
        best.setdefault(finding.family, finding)
    return list(best.values())


def matched(
    alerts: Sequence[Alert], findings: Sequence[Finding], best: Sequence[Finding]
) -> list[Match]:
    """Pair each open alert with its finding: the same episode, or the same readings told anew.

    An older reading that arrives late, or a correction, moves the start of an episode; the alert
    that is open stays the one alert of it.
    """
    exact = {(f.rule, f.episode): f for f in findings}
    taken: set[int] = set()
    pairs: list[tuple[Alert, Finding | None]] = []
    for alert in alerts:
        finding = exact.get((alert.rule, alert.episode))
        pairs.append((alert, finding))
        taken.add(id(finding))
    matches = []
    for alert, finding in pairs:
        if finding is None:
            finding = next((f for f in findings if id(f) not in taken and _moved(alert, f)), None)
            taken.add(id(finding))
        matches.append(Match(alert, finding, any(finding is f for f in best)))
    return matches


def _moved(alert: Alert, finding: Finding) -> bool:
    if finding.rule != alert.rule or finding.standing not in LIVE:
        return False
    made_by = {*finding.readings, *finding.replaced}
    return bool(set(alert.readings) & made_by) or not (alert.readings or finding.readings)
