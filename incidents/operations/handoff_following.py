"""Letters of a shift change that is on its way follow what is open meanwhile, and who has it."""

from collections.abc import Iterable
from datetime import datetime

from incidents import handoff_effects
from incidents.model import Incident
from incidents.ports import Unit


def is_told(before: Incident, after: Incident) -> bool:
    """Whether a letter reads differently: somebody else has it, or it is over, or open again."""
    changed = before.manager != after.manager or before.status.is_open != after.status.is_open
    return changed and not after.restricted


def tell_letters(unit: Unit, incidents: Iterable[Incident], now: datetime) -> None:
    """Drafts and offers are edited. Takes no lock: nothing of the handoff itself changes."""
    causes = [f"{incident.key}:{incident.version}" for incident in incidents]
    if not causes:
        return
    live = (*unit.handoffs.drafted(), *unit.handoffs.waiting())
    unit.outbox.put([e for one in live for e in handoff_effects.show_again(one, causes[-1])], now)
