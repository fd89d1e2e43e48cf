"""Several pages in one message: rendered from fresh state, recorded for each of them, edited as a whole."""

from handlers.calls import Call, Rendered, Skip
from handlers.outbound import render
from incidents.bundles import bundled
from incidents.effects import Effect, EffectKind, Outcome, Priority
from incidents.model import MessageRef, PageState, Severity
from incidents.operations import delivery, responding
from incidents.people import Ask
from sandbox import check
from tests.support.house import TestHouse

ANA, BO = "UANA", "UBO"
POSTED = Outcome(True, {"channel": "D1", "ts": "1796065200.000100"})
REF = MessageRef("D1", "1796065200.000100")


def three(there: TestHouse) -> tuple[list[str], Effect]:
    """Three incidents that page Ana, and the effect that does it at once."""
    keys = [there.declare(f"Fraud wave {n}", severity=Severity.SEV2).key for n in range(3)]
    alone = [
        Effect(
            EffectKind.SEND_PAGE,
            f"page:{key}:1.0.{ANA}",
            key,
            {"page": f"1.0.{ANA}"},
            (ANA,),
            priority=Priority.PAGE,
        )
        for key in keys
    ]
    return keys, bundled(alone, there.clock.now())


def rendered(there: TestHouse, effect: Effect) -> Rendered:
    return there.store.read(lambda unit: render(effect, unit, there.house))


def call(there: TestHouse, effect: Effect) -> Call:
    made = rendered(there, effect)
    assert isinstance(made, Call), made
    assert check.blocks(made.args["blocks"], "message") == []
    return made


def record(there: TestHouse, effect: Effect, outcome: Outcome) -> None:
    there.store.write(lambda unit: delivery.record(there.house, unit, effect, outcome, there.clock.now()))


def acknowledge(there: TestHouse, key: str, user: str = ANA) -> None:
    responding.acknowledge(there.house, Ask(user), key)


def edit_of(there: TestHouse, key: str) -> Effect:
    return Effect(EffectKind.UPDATE_PAGE, "edit", key, {"page": f"1.0.{ANA}"}, (ANA,))


def test_all_are_named_in_one_message_to_the_person(there: TestHouse) -> None:
    keys, together = three(there)
    sent = call(there, together)
    assert (sent.method, sent.args["channel"]) == ("chat.postMessage", ANA)
    assert all(f"{key}|1.0.{ANA}" in str(sent.args["blocks"]) for key in keys)


def test_what_was_answered_meanwhile_is_not_sent(there: TestHouse) -> None:
    keys, together = three(there)
    acknowledge(there, keys[0])
    assert call(there, together).args["text"] == f"2 pages: SEV2 {keys[1]}, SEV2 {keys[2]} · acknowledge"


def test_the_one_that_is_left_reads_as_a_page_alone(there: TestHouse) -> None:
    keys, together = three(there)
    for key in keys[:2]:
        acknowledge(there, key)
    assert call(there, together).args["text"].startswith(f"SEV2 · {keys[2]} · acknowledge by")


def test_when_none_waits_nothing_is_sent(there: TestHouse) -> None:
    keys, together = three(there)
    for key in keys:
        acknowledge(there, key)
    assert isinstance(rendered(there, together), Skip)


def test_every_page_remembers_its_message_and_what_else_is_in_it(there: TestHouse) -> None:
    keys, together = three(there)
    record(there, together, POSTED)
    pages = [there.incident(key).pages[0] for key in keys]
    assert {page.message for page in pages} == {REF}
    assert {page.bundle for page in pages} == {tuple(f"{key}/1.0.{ANA}" for key in keys)}


def test_an_answer_to_one_edits_the_whole_message(there: TestHouse) -> None:
    keys, together = three(there)
    record(there, together, POSTED)
    acknowledge(there, keys[1])
    edit = call(there, edit_of(there, keys[1]))
    assert (edit.method, edit.args["channel"], edit.args["ts"]) == ("chat.update", REF.channel, REF.ts)
    assert edit.args["text"] == f"2 pages: SEV2 {keys[0]}, SEV2 {keys[2]} · acknowledge"
    assert "You have it since" in str(edit.args["blocks"])
    assert edit == call(there, edit_of(there, keys[0]))


def test_edits_of_one_message_overtake_each_other(there: TestHouse) -> None:
    keys, together = three(there)
    there.slack()
    record(there, together, POSTED)
    for key in keys:
        acknowledge(there, key)
    edits = [effect for effect in there.slack() if effect.kind is EffectKind.UPDATE_PAGE]
    assert [effect.subject for effect in edits] == keys[2:]


def test_somebody_whom_slack_does_not_reach_is_passed_over_in_each_incident(there: TestHouse) -> None:
    keys, together = three(there)
    record(there, together, Outcome(False, error="user_not_found"))
    for key in keys:
        first, second = there.incident(key).pages
        assert (first.state, second.user) == (PageState.UNREACHABLE, BO)
