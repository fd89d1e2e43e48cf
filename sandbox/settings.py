"""What a test may tune while the workspace runs. Rules of Slack are not among it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Settings:
    """`latency_ms`: added to every API call; `tiers`: rate limits; `redelivery_s`: real seconds."""

    latency_ms: float = 0
    tiers: bool = True
    ping_s: float = 5
    redelivery_s: list[float] = field(default_factory=lambda: [4, 60, 300])

    def change(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError naming a setting that does not exist or has no sense."""
        unknown = set(wanted) - {"latency_ms", "tiers", "ping_s", "redelivery_s"}
        if unknown:
            raise ValueError(f"unknown setting: {', '.join(sorted(unknown))}")
        self.latency_ms = positive(wanted.get("latency_ms", self.latency_ms))
        self.tiers = bool(wanted.get("tiers", self.tiers))
        self.ping_s = positive(wanted.get("ping_s", self.ping_s))
        self.redelivery_s = [positive(each) for each in wanted.get("redelivery_s", self.redelivery_s)]

    def as_json(self) -> dict[str, Any]:
        return {
            "latency_ms": self.latency_ms,
            "tiers": self.tiers,
            "ping_s": self.ping_s,
            "redelivery_s": self.redelivery_s,
        }


def positive(value: Any) -> float:
    number = float(value)
    if number < 0:
        raise ValueError(f"{value} is negative")
    return number
