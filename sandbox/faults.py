"""Faults on order: what the next calls, envelopes and sockets suffer. Counted, never by chance."""

from dataclasses import dataclass, field
from typing import Any

CALL_FAULTS = ("error", "status", "retry_after", "reset_before", "reset_after", "delay_ms", "html_500")
COUNTED = ("ack_lost", "duplicate_envelope", "refuse_connections", "slow_hello_ms")
SWITCHES = ("withhold_pong", "half_open", "expire_triggers")


@dataclass(slots=True)
class CallFault:
    """What the next `times` calls of `method` (or of any, `*`) meet. `what` holds keys of CALL_FAULTS."""

    method: str
    what: dict[str, Any]
    times: int = 1


@dataclass(slots=True)
class Faults:
    """`counted` faults strike that many times; `switches` hold until cleared."""

    calls: list[CallFault] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    switches: set[str] = field(default_factory=set)

    def for_call(self, method: str) -> dict[str, Any]:
        """The fault that this call meets, used up by one; empty when there is none."""
        for fault in self.calls:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.calls.remove(fault)
                return fault.what
        return {}

    def strikes(self, name: str) -> bool:
        left = self.counted.get(name, 0)
        if left:
            self.counted[name] = left - 1
        return left > 0

    def is_on(self, name: str) -> bool:
        return name in self.switches

    def clear(self) -> None:
        self.calls.clear()
        self.counted.clear()
        self.values.clear()
        self.switches.clear()

    def order(self, wanted: dict[str, Any]) -> None:
        """Takes one `/_control/faults` document. Raises ValueError naming what it does not know."""
        known = {*CALL_FAULTS, *COUNTED, *SWITCHES, "method", "times", "clear", "slow_hello"}
        unknown = set(wanted) - known
        if unknown:
            raise ValueError(f"unknown fault: {', '.join(sorted(unknown))}")
        if wanted.get("clear"):
            self.clear()
        times = int(wanted.get("times", 1))
        if "method" in wanted:
            what = {key: wanted[key] for key in CALL_FAULTS if key in wanted}
            if not what:
                raise ValueError(f"a fault of a method is one of {', '.join(CALL_FAULTS)}")
            self.calls.append(CallFault(str(wanted["method"]), what, times))
        self.order_sockets(wanted, times)

    def order_sockets(self, wanted: dict[str, Any], times: int) -> None:
        if "slow_hello" in wanted:
            self.values["slow_hello_ms"] = int(wanted["slow_hello"])
            self.counted["slow_hello_ms"] = times
        for name in COUNTED:
            if name in wanted and name != "slow_hello_ms":
                value = wanted[name]
                self.counted[name] = times if value is True else int(value)
        for name in SWITCHES:
            if name in wanted:
                (self.switches.add if wanted[name] else self.switches.discard)(name)
