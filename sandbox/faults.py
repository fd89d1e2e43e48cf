"""Faults on order: what calls, envelopes and sockets suffer. Counted or for a time, never by chance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

CALL_FAULTS = (
    "error",
    "status",
    "retry_after",
    "reset_before",
    "reset_after",
    "delay_ms",
    "delay_after_ms",
    "html_500",
)
COUNTED = ("ack_lost", "duplicate_envelope", "refuse_connections", "slow_hello_ms")
DOWN = "down"
SWITCHES = (DOWN, "dead_token", "withhold_pong", "half_open", "expire_triggers")


def never() -> float:
    """A clock for those who have none: nothing is ever over."""
    return 0.0


@dataclass(slots=True)
class CallFault:
    """What calls of `method` (or of any, `*`) meet: the next `times`, or all before `until`.

    `what` holds keys of CALL_FAULTS; `where`: arguments that a call must have to meet it.
    """

    method: str
    what: dict[str, Any]
    where: dict[str, Any] = field(default_factory=dict)
    times: float = 1
    until: float = inf

    def meets(self, method: str, args: Mapping[str, Any]) -> bool:
        return self.method in (method, "*") and all(
            name in args and str(args[name]) == str(value) for name, value in self.where.items()
        )


@dataclass(slots=True)
class Faults:
    """`counted` faults strike that many times; `switches` hold until told, or until that instant.

    `stamp`: the workspace's time in Unix seconds.
    """

    stamp: Callable[[], float] = never
    calls: list[CallFault] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    switches: dict[str, float] = field(default_factory=dict)

    def for_call(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """The fault that this call meets, used up by one; empty when there is none."""
        now = self.stamp()
        self.calls = [fault for fault in self.calls if now < fault.until and fault.times > 0]
        for fault in self.calls:
            if fault.meets(method, args):
                fault.times -= 1
                return fault.what
        return {}

    def strikes(self, name: str) -> bool:
        left = self.counted.get(name, 0)
        if left:
            self.counted[name] = left - 1
        return left > 0

    def is_on(self, name: str) -> bool:
        return bool(self.switches) and self.stamp() < self.switches.get(name, -inf)

    def until(self, name: str) -> float | None:
        """When a switch that is on goes off by itself, in Unix seconds; None where it waits to be told."""
        end = self.switches.get(name, -inf)
        return None if end == inf else end

    def clear(self) -> None:
        self.calls.clear()
        self.counted.clear()
        self.values.clear()
        self.switches.clear()

    def order(self, wanted: dict[str, Any]) -> None:
        """Takes one `/_control/faults` document. Raises ValueError naming what it does not know."""
        known = {
            *CALL_FAULTS,
            *COUNTED,
            *SWITCHES,
            "method",
            "where",
            "times",
            "for_s",
            "clear",
            "slow_hello",
        }
        unknown = set(wanted) - known
        if unknown:
            raise ValueError(f"unknown fault: {', '.join(sorted(unknown))}")
        if wanted.get("clear"):
            self.clear()
        if "method" in wanted:
            self.order_calls(wanted)
        self.order_sockets(wanted, int(wanted.get("times", 1)))
        for name in SWITCHES:
            if name in wanted:
                self.switch(name, wanted[name])

    def order_calls(self, wanted: dict[str, Any]) -> None:
        """So many `times` (1), or `for_s` seconds of the workspace's time."""
        what = {key: wanted[key] for key in CALL_FAULTS if key in wanted}
        if not what:
            raise ValueError(f"a fault of a method is one of {', '.join(CALL_FAULTS)}")
        where = wanted.get("where", {})
        if not isinstance(where, dict):
            raise ValueError("where is an object of arguments")
        fault = CallFault(str(wanted["method"]), what, where, int(wanted.get("times", 1)))
        if "for_s" in wanted:
            fault.times, fault.until = inf, self.stamp() + float(wanted["for_s"])
        self.calls.append(fault)

    def order_sockets(self, wanted: dict[str, Any], times: int) -> None:
        if "slow_hello" in wanted:
            self.values["slow_hello_ms"] = int(wanted["slow_hello"])
            self.counted["slow_hello_ms"] = times
        for name in COUNTED:
            if name in wanted and name != "slow_hello_ms":
                value = wanted[name]
                self.counted[name] = times if value is True else int(value)

    def switch(self, name: str, value: Any) -> None:
        """True: on until told; false: off; a number: on for so many seconds of the workspace's time."""
        if isinstance(value, bool):
            self.switches[name] = inf if value else -inf
        else:
            self.switches[name] = self.stamp() + float(value)
