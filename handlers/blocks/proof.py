"""The test page: asks for one press, and then says on which legs it was heard. Pure."""

from handlers.blocks import ids, kit
from handlers.blocks.reader import Reader
from handlers.calls import Message
from incidents.ringing import Proof

_WHY = {
    "shift": "You have just taken a shift over: this shows that a page reaches you.",
    "asked": "Somebody asked whether a page reaches you.",
    "setup": "Meridian has just been set up, and you are on call: this shows that a page reaches you.",
}


def test_page(proof: Proof, reader: Reader) -> Message:
    """Waiting, it has the one button; answered, what was heard and what was not."""
    if proof.answered_at is None:
        blocks = [
            kit.lines("*Test. Press Acknowledge.*", _WHY.get(proof.why, ""), _phone(proof, reader)),
            kit.actions(kit.primary(kit.button("Acknowledge", ids.ANSWER_TEST, proof.id))),
        ]
        return kit.message("Test. Press Acknowledge.", blocks)
    slack = f"In Slack: {reader.own(proof.slack_at)}." if proof.slack_at else "In Slack: not pressed."
    lines = kit.lines("*Test answered.*", slack, _phone(proof, reader), "Nothing more for you to do.")
    return kit.message("Test answered.", [lines])


def _phone(proof: Proof, reader: Reader) -> str:
    if proof.no_phone:
        return f"By phone: not tested, {proof.no_phone}. Ask a lead to add it to the schedules file."
    if proof.phone_at:
        return f"By phone: {reader.own(proof.phone_at)}."
    if proof.answered_at is None:
        return "Your phone rings too, for five minutes. An answer there proves it; a press here stops it."
    return "By phone: rung, not answered."
