"""The App Home: the open incidents this person can see, who is on call, and the button that matters."""

from collections.abc import Mapping, Sequence

from handlers.blocks import ids, kit
from handlers.blocks.answers import incident_line
from handlers.blocks.oncall import on_call_now
from handlers.blocks.reader import Reader
from handlers.blocks.setup import begin_button
from handlers.calls import Json
from handlers.text import count
from incidents.model import Incident, Page, PageState
from rotations.answers import OnCallAnswer

INCIDENTS_SHOWN = 25


def home(
    incidents: Sequence[Incident],
    on_call: OnCallAnswer | None,
    zones: Mapping[str, str],
    user: str,
    reader: Reader,
    shows_on_call: bool = True,
) -> Json:
    """What waits for your answer first, then what is yours; on an empty workspace the set-up before all.

    `on_call` None: no schedule is set up yet; guests are not shown who is on call.
    """
    ordered = sorted(
        incidents, key=lambda each: (_waiting(each, user) is None, each.manager != user, each.severity)
    )
    head = count(len(ordered), "open incident") if ordered else "Nothing is open that you can see."
    declare = kit.primary(kit.button("Declare incident", ids.DECLARE))
    blocks = [kit.section(f"*{head}*", declare)]
    blocks += [_line(each, user, reader) for each in ordered[:INCIDENTS_SHOWN]]
    if len(ordered) > INCIDENTS_SHOWN:
        blocks.append(kit.context(f"and {len(ordered) - INCIDENTS_SHOWN} more: /incident list"))
    if on_call is not None:
        blocks += [kit.divider(), *_on_call(on_call, zones, reader)]
    elif shows_on_call:
        blocks = [*blocks, kit.divider(), _set_up()] if ordered else [_set_up(), kit.divider(), *blocks]
    return {"type": "home", "blocks": blocks}


def _line(incident: Incident, user: str, reader: Reader) -> Json:
    """An incident that waits for this person's answer can be answered here."""
    page = _waiting(incident, user)
    if page is not None:
        answer = kit.button("Acknowledge", ids.ACKNOWLEDGE, ids.pack(incident.key, page.id))
        words = f"*You are paged*  {incident_line(incident, reader)}"
        return kit.section(words, kit.primary(answer), f"home.{incident.key}")
    yours = "*Yours*  " if incident.manager == user else ""
    show = kit.button("Show", ids.SHOW, incident.key)
    return kit.section(f"{yours}{incident_line(incident, reader)}", show, f"home.{incident.key}")


def _waiting(incident: Incident, user: str) -> Page | None:
    mine = (page for page in reversed(incident.pages) if page.user == user)
    return next((page for page in mine if page.state is PageState.WAITING), None)


def _set_up() -> Json:
    words = "*No schedule is set up yet, so nobody can be paged.* It takes five minutes and no file."
    return kit.section(words, begin_button())


def _on_call(on_call: OnCallAnswer, zones: Mapping[str, str], reader: Reader) -> list[Json]:
    answer = on_call_now(on_call, zones, reader)
    return [block for block in answer.blocks if block["type"] != "actions"]
