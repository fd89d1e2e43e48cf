"""A failure becomes one sentence for the person who asked, with what they typed kept. Decides nothing."""

import logging
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from handlers.commands import NotUnderstood
from handlers.listeners.edge import Edge
from incidents.errors import IncidentError, NotKnownYet, StoreUnavailable
from rotations.refusals import DomainError
from runbooks.refusals import RunbookError

NOT_SAVED = "Nothing was saved. Try again in a moment."
REFUSALS = (IncidentError, RunbookError, DomainError, NotUnderstood)

T = TypeVar("T")
log = logging.getLogger(__name__)


class Refused(Struct, frozen=True):
    """Why it was not done, as a sentence; `error` says by which rule, for the way on."""

    sentence: str
    error: Exception


def attempt(edge: Edge, work: Callable[[], T]) -> T | Refused:
    """Do it, or say why not. The boundary of interactive deliveries: Slack never repeats those."""
    try:
        return work()
    except REFUSALS as refusal:
        if isinstance(refusal, NotKnownYet):
            edge.learn()
        return Refused(str(refusal), refusal)
    except StoreUnavailable as error:
        log.warning("the database takes nothing now")
        return Refused(NOT_SAVED, error)
    except Exception as error:
        reference = edge.house.ids.new()[-6:]
        log.exception("a delivery failed, reference %s", reference)
        return Refused(f"{NOT_SAVED} Reference {reference}.", error)


def note_failure(error: Exception) -> None:
    """What Slack will deliver again is written down and no more. Log lines never quote what was said."""
    if isinstance(error, StoreUnavailable):
        log.warning("the database takes nothing now: Slack delivers this again")
    else:
        log.error("a delivery failed and is not acknowledged", exc_info=error)
