"""Both ways to the app, and which of them is used now."""

from collections.abc import Mapping
from typing import Any

from sandbox.deliveries import HTTP, SOCKET, Carrier, Delivery
from sandbox.settings import Settings


class Carriers:
    """What begins over one way ends over it, though the setting may change meanwhile."""

    def __init__(self, settings: Settings, socket: Carrier, http: Carrier) -> None:
        self._settings = settings
        self._ways: Mapping[str, Carrier] = {SOCKET: socket, HTTP: http}

    def deliver_event(self, payload: dict[str, Any]) -> Delivery:
        return self._ways[self._settings.delivery].deliver_event(payload)

    def deliver(self, kind: str, payload: dict[str, Any], accepts_response: bool) -> Delivery | None:
        return self._ways[self._settings.delivery].deliver(kind, payload, accepts_response)

    def give_up(self, delivery: Delivery, error: str) -> None:
        self._ways[delivery.via].give_up(delivery, error)
