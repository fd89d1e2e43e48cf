"""An import that is taken back: what it was, and whose shifts move, before it counts."""

from handlers.blocks import ids, kit
from handlers.blocks.plan_forms import STRETCHES_SHOWN, Outcome
from handlers.blocks.reader import Reader
from handlers.calls import Json
from handlers.text import count, literal
from incidents.rota_imports import RotaImport


def take_back_form(was: RotaImport, outcome: Outcome, reader: Reader) -> Json:
    """The import's id goes with the form: what was shown is taken back, and nothing that came since."""
    rows = [f"• {literal(each, 400)}" for each in outcome.moved[:STRETCHES_SHOWN]]
    more = len(outcome.moved) - len(rows)
    rows += [f"and {count(more, 'more change')}"] if more > 0 else []
    soon = "Some of it is within 24 hours or leaves nobody: you are asked once more."
    blocks = [
        kit.section(f"The last import: *{literal(was.source, 200)}*"),
        kit.section(f"Imported {reader.own(was.made_at)} by {_by(was, reader)}"),
        *kit.sections(rows or ["Nobody's shift of the next 8 weeks moves."]),
        kit.context(
            "What was served meanwhile stays, and so does what was changed in chat since.",
            soon if outcome.alarming else "",
        ),
    ]
    return kit.modal(ids.VIEW_TAKE_BACK, "Take it back?", blocks, "Take it back", was.id)


def _by(was: RotaImport, reader: Reader) -> str:
    """A person of the workspace, or the command line."""
    return literal(was.by, 80) if " " in was.by else reader.name(was.by)
