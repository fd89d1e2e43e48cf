"""What a test may tune while the workspace runs: how slow this machine is, not the rules of Slack."""

from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlsplit

from sandbox.deliveries import HTTP, SOCKET

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(slots=True)
class Settings:
    """`latency_ms`: added to every API call; `tiers`: rate limits; `redelivery_s`: in real seconds.
    `limit_s`: how many real seconds the app has to acknowledge, and a trigger lives. Slack gives three; a
    story that is not about them, told on a busy machine, gives more.

    `delivery`: over `socket`, or over `http` to `request_url`, signed with `signing_secret`. `phone_secret`
    signs what rings people's telephones; without one nothing does.
    """

    latency_ms: float = 0
    tiers: bool = True
    ping_s: float = 5
    redelivery_s: list[float] = field(default_factory=lambda: [4, 60, 300])
    limit_s: float = 3
    delivery: str = SOCKET
    request_url: str = ""
    signing_secret: str = ""
    phone_secret: str = ""

    def changed(self, wanted: dict[str, Any]) -> "Settings":
        """A copy with these. Raises ValueError naming a setting that does not exist or makes no sense."""
        unknown = set(wanted) - {each.name for each in fields(self)}
        if unknown:
            raise ValueError(f"unknown setting: {', '.join(sorted(unknown))}")
        found = replace(self, **wanted)
        for name in ("latency_ms", "ping_s", "limit_s"):
            setattr(found, name, positive(getattr(found, name)))
        found.tiers = bool(found.tiers)
        found.redelivery_s = [positive(each) for each in found.redelivery_s]
        found.check_delivery()
        return found

    def check_delivery(self) -> None:
        """Raises ValueError. What people write here never leaves this machine."""
        if self.delivery not in (SOCKET, HTTP):
            raise ValueError(f"delivery is {SOCKET} or {HTTP}")
        address = urlsplit(self.request_url)
        if self.request_url and (address.scheme != "http" or address.hostname not in LOOPBACK):
            raise ValueError("request_url is no http address of this machine")
        if self.delivery == HTTP and not (self.request_url and self.signing_secret):
            raise ValueError("delivery over http needs request_url and signing_secret")

    def take(self, other: "Settings") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(other, each.name))

    def as_json(self) -> dict[str, Any]:
        """Everything but the secrets."""
        names = (each.name for each in fields(self) if not each.name.endswith("_secret"))
        return {name: getattr(self, name) for name in names}


def positive(value: Any) -> float:
    number = float(value)
    if number < 0:
        raise ValueError(f"{value} is negative")
    return number
