"""The test page as sent, and as edited once it was answered."""

from handlers.blocks.proof import test_page
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import Desk, edited, posted
from incidents.operations.proving import test_of


def send(desk: Desk) -> Rendered:
    proof = test_of(desk.unit, desk.effect.subject)
    if proof is None or proof.answered_at is not None:
        return Skip("the test is over")
    return posted(proof.user, test_page(proof, desk.reader(proof.user)))


def edit(desk: Desk) -> Rendered:
    proof = test_of(desk.unit, desk.effect.subject)
    if proof is None or proof.message is None:
        return Skip("the test was never sent")
    return edited(proof.message, test_page(proof, desk.reader(proof.user)))
