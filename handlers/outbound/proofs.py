"""The test page as sent, and as edited once it was answered; what the one that ends the set-up tells."""

from handlers.blocks import setup
from handlers.blocks.proof import test_page
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import Desk, edited, posted
from incidents.operations.proving import is_waited_for, test_of
from incidents.operations.setting_up import TEST_FACT


def send(desk: Desk) -> Rendered:
    proof = test_of(desk.unit, desk.effect.subject)
    if proof is None or not is_waited_for(proof, desk.now):
        return Skip("the test is over")
    return posted(proof.user, test_page(proof, desk.reader(proof.user)))


def edit(desk: Desk) -> Rendered:
    proof = test_of(desk.unit, desk.effect.subject)
    if proof is None or proof.message is None:
        return Skip("the test was never sent")
    return edited(proof.message, test_page(proof, desk.reader(proof.user)))


def setup_done(desk: Desk) -> Rendered:
    proof = test_of(desk.unit, desk.effect.subject)
    if proof is None:
        return Skip("there was no such test")
    return posted(desk.user, setup.setup_done(proof, desk.reader(desk.user)))


def setup_silent(desk: Desk) -> Rendered:
    proof = test_of(desk.unit, desk.effect.subject)
    if proof is None or proof.answered_at is not None:
        return Skip("the test was answered")
    if desk.unit.facts.get(TEST_FACT) != proof.id:
        return Skip("another test was sent since")
    return posted(desk.user, setup.setup_silent(proof, desk.reader(desk.user)))
