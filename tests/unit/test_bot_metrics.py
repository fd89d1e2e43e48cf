"""What is counted, in Prometheus's text form."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.counting import count_fired, count_settled
from bot.metrics import Counter, Gauge, Histogram, Metrics
from bot.readiness import Readiness, stuck
from bot.sending import Sent
from bot.settling import Again, Answer, Drop, Finish, GiveUp, Plan, Planned
from handlers.calls import Call
from incidents.effects import Effect, EffectKind, Outcome, Priority, Timer, TimerKind
from storage.claims import Claimed
from storage.readings import Waiting

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


def test_a_counter_counts_by_its_labels() -> None:
    effects = Counter("x_total", "Words.", ("kind", "outcome"))
    for kind in ("b", "a", "a"):
        effects.add(kind, "done")
    assert list(effects.lines()) == [
        "# HELP x_total Words.",
        "# TYPE x_total counter",
        'x_total{kind="a",outcome="done"} 2',
        'x_total{kind="b",outcome="done"} 1',
    ]


def test_a_counter_without_labels_is_there_before_it_has_counted() -> None:
    assert list(Counter("x_total", "Words.").lines())[-1] == "x_total 0"


def test_a_histogram_counts_upwards() -> None:
    acks = Histogram("x_seconds", "Words.", ("by",))
    for seconds in (0.004, 0.025, 0.026, 9000.0):
        acks.observe(seconds, "http")
    lines = list(acks.lines())
    assert 'x_seconds_bucket{by="http",le="0.005"} 1' in lines
    assert 'x_seconds_bucket{by="http",le="0.025"} 2' in lines
    assert 'x_seconds_bucket{by="http",le="0.05"} 3' in lines
    assert 'x_seconds_bucket{by="http",le="300.0"} 3' in lines
    assert lines[-3:] == [
        'x_seconds_bucket{by="http",le="+Inf"} 4',
        'x_seconds_sum{by="http"} 9000.055',
        'x_seconds_count{by="http"} 4',
    ]


def test_a_label_cannot_break_out_of_its_line() -> None:
    (*_, line) = Gauge("x", "Words.", [({"a": 'b"c\\d\ne'}, 1)]).lines()
    assert line == 'x{a="b\\"c\\\\d\\ne"} 1'


def _settled(plan: Plan, kind: EffectKind = EffectKind.SEND_PAGE, page: str = "1.0.UANA") -> Planned:
    effect = Effect(kind, "page:R-SECRET:1", "R-SECRET", args={"page": page} if page else {})
    claimed = Claimed(effect, 1, False, "me", NOW)
    return Planned(Answer(claimed, Call("chat.postMessage", {"channel": "C1"}), Sent(True)), plan)


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (Finish(Outcome(True)), "done"),
        (GiveUp("unknown"), "given_up"),
        (Drop("no longer wanted"), "skipped"),
        (Again(NOW, "timeout", True), "retried"),
        (Again(NOW + timedelta(seconds=30), "held", False, counts=False), "held"),
    ],
)
def test_what_became_of_an_effect_is_counted(plan: Plan, outcome: str) -> None:
    metrics = Metrics()
    count_settled(metrics, _settled(plan), NOW)
    assert f'meridian_effects_total{{kind="send_page",outcome="{outcome}"}} 1' in metrics.text()


def test_pages_that_left_are_counted_by_level_and_leg() -> None:
    metrics = Metrics()
    for kind, page in ((EffectKind.SEND_PAGE, "1.0.UANA"), (EffectKind.RING, "2.1.UBO")):
        count_settled(metrics, _settled(Finish(Outcome(True)), kind, page), NOW)
    count_settled(metrics, _settled(Finish(Outcome(True)), EffectKind.RING, ""), NOW)
    assert 'meridian_pages_total{level="1",leg="slack"} 1' in metrics.text()
    assert 'meridian_pages_total{level="2",leg="phone"} 1' in metrics.text()
    assert 'meridian_pages_total{level="none",leg="phone"} 1' in metrics.text()


def test_a_wait_for_a_rate_limit_is_measured_by_its_method() -> None:
    metrics = Metrics()
    held = Again(NOW + timedelta(seconds=30), "ratelimited", False, counts=False, slow=True)
    count_settled(metrics, _settled(held), NOW)
    assert 'meridian_bucket_wait_seconds_sum{method="chat.postMessage"} 30.0' in metrics.text()


def test_a_wait_for_its_turn_is_measured_by_its_method_too() -> None:
    metrics = Metrics()
    it = _settled(Finish(Outcome(True)))
    claimed = replace(it.answer.claimed, bucket="chat.postMessage:UANA", waited=timedelta(seconds=3))
    count_settled(metrics, replace(it, answer=replace(it.answer, claimed=claimed)), NOW)
    assert 'meridian_bucket_wait_seconds_sum{method="chat.postMessage"} 3.0' in metrics.text()


def test_pages_that_left_together_are_counted_one_by_one() -> None:
    metrics = Metrics()
    it = _settled(Finish(Outcome(True)), EffectKind.SEND_PAGES)
    both = {"pages": "INC-1/1.0.UANA INC-2/1.1.UANA", "keys": "a b"}
    effect = replace(it.answer.claimed.effect, args=both)
    claimed = replace(it.answer.claimed, effect=effect)
    count_settled(metrics, replace(it, answer=replace(it.answer, claimed=claimed)), NOW)
    assert 'meridian_pages_total{level="1",leg="slack"} 1' in metrics.text()
    assert 'meridian_pages_total{level="2",leg="slack"} 1' in metrics.text()


def test_a_late_timer_is_measured() -> None:
    metrics = Metrics()
    count_fired(metrics, Timer(TimerKind.CALL_LEVEL, "k", "INC-1", NOW - timedelta(seconds=2)), NOW)
    assert 'meridian_timer_lateness_seconds_sum{kind="call_level"} 2.0' in metrics.text()


def test_no_incident_shows_in_the_metrics() -> None:
    metrics = Metrics()
    count_settled(metrics, _settled(Finish(Outcome(True))), NOW)
    assert "R-SECRET" not in metrics.text()
    assert "UANA" not in metrics.text()


def _waited(priority: Priority, seconds: int) -> str:
    return stuck([Waiting(priority, 1, NOW - timedelta(seconds=seconds))], NOW)


def test_a_page_may_wait_for_a_minute_and_anything_else_for_a_quarter_of_an_hour() -> None:
    assert _waited(Priority.PAGE, 60) == ""
    assert _waited(Priority.PAGE, 61) == "a page has waited for 61 s"
    assert _waited(Priority.COSMETIC, 900) == ""
    assert _waited(Priority.COSMETIC, 901) == "something of priority 4 has waited for 901 s"


def test_reasons_are_named_and_dead_threads_are_told_from_slow_ones() -> None:
    faults = {"timers": "died", "web": "hangs"}
    readiness = Readiness({"database": lambda: "it does not answer", "clock": lambda: ""}, lambda: faults)
    assert readiness.reasons() == {"database": "it does not answer", "threads": "timers died, web hangs"}
    assert readiness.dead() == ("timers",)
