"""The supervisor, the heartbeats, the circuit and the life of a process, without real waiting."""

from datetime import timedelta

from bot.circuit import Circuit
from bot.clock import KEY_ALPHABET, SystemIds
from bot.heartbeats import Heartbeats
from bot.identity import actor_in
from bot.run import ENDED_BADLY, ENDED_WELL, Ending, Part, live
from bot.supervisor import Supervisor, Watched
from tests.support.clock import NOON


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_dead_thread_is_restarted() -> None:
    alive = [False]
    ends: list[str] = []
    one = Watched("timers", lambda: alive[0], restart=lambda: alive.__setitem__(0, True))
    supervisor = Supervisor([one], Heartbeats(Seconds()), ends.append)
    assert supervisor.faults() == {"timers": "died"}
    assert supervisor.look()
    assert (supervisor.faults(), ends) == ({}, [])


def test_a_dead_thread_that_cannot_be_restarted_ends_the_process() -> None:
    ends: list[str] = []
    assert not Supervisor([Watched("outbound", lambda: False)], Heartbeats(Seconds()), ends.append).look()
    assert ends == ["outbound died"]


def test_a_thread_that_hangs_ends_the_process() -> None:
    seconds, ends = Seconds(), list[str]()
    beats = Heartbeats(seconds)
    beats.beat("dispatcher")
    supervisor = Supervisor([Watched("dispatcher", lambda: True, stall_s=5)], beats, ends.append)
    seconds.now = 4.0
    assert supervisor.look()
    seconds.now = 6.0
    assert not supervisor.look()
    assert ends == ["dispatcher hangs"]


def test_parts_start_in_order_and_stop_in_reverse() -> None:
    told: list[str] = []
    parts = [Part(n, lambda n=n: told.append(f"+{n}"), lambda n=n: told.append(f"-{n}")) for n in ("a", "b")]  # type: ignore[misc]
    ending = Ending()
    assert live(parts, ending, ready=ending.ask) == ENDED_WELL
    assert told == ["+a", "+b", "-b", "-a"]


def test_a_failure_is_told_by_the_exit_code_and_a_part_that_cannot_stop_holds_up_nobody() -> None:
    told: list[str] = []

    def break_down() -> None:
        raise OSError

    parts = [Part("a", lambda: None, lambda: told.append("-a")), Part("b", lambda: None, break_down)]
    ending = Ending()
    assert live(parts, ending, ready=lambda: ending.fail("the loop died")) == ENDED_BADLY
    assert told == ["-a"]


def test_the_circuit_asks_at_growing_intervals_and_one_at_a_time() -> None:
    circuit = Circuit()
    assert circuit.open("token_revoked", NOON)
    assert not circuit.take_probe(NOON)
    at = NOON + timedelta(seconds=1)
    assert circuit.take_probe(at)
    assert not circuit.take_probe(at)
    circuit.probed(False, at)
    assert not circuit.take_probe(at + timedelta(seconds=1.9))
    assert circuit.take_probe(at + timedelta(seconds=2))
    circuit.probed(True, at)
    assert not circuit.is_open


def test_ids_are_short_plain_and_differ() -> None:
    ids = {SystemIds().new() for _ in range(50)}
    assert len(ids) == 50
    assert all(len(one) <= 26 and one.isalnum() and one == one.lower() for one in ids)


def test_restricted_keys_are_read_without_doubt() -> None:
    key = SystemIds().restricted_key()
    assert key[:2] == "R-"
    assert len(key) == 6
    assert set(key[2:]) <= set(KEY_ALPHABET)
    assert not set("01OILUV") & set(KEY_ALPHABET) - {"V"}


def test_people_are_named_as_slack_shows_them() -> None:
    member = {
        "id": "U1",
        "name": "bo",
        "tz": "Asia/Tokyo",
        "profile": {"display_name": "", "real_name": "Bo Li"},
    }
    found = actor_in({**member, "is_ultra_restricted": True, "deleted": True})
    assert (found.name, found.zone, found.is_guest, found.is_deactivated) == (
        "Bo Li",
        "Asia/Tokyo",
        True,
        True,
    )
