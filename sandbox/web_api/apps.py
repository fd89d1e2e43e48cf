"""`apps.connections.open`: a Socket Mode address, good for one connection."""

from typing import Any

from sandbox.state import APP_ID, Workspace
from sandbox.web_api.method import TIER_3, Call, Method


def methods() -> dict[str, Method]:
    return {"apps.connections.open": Method(open_connection, TIER_3, tokens=("xapp-",))}


def open_connection(ws: Workspace, _: Call) -> dict[str, Any]:
    ticket = ws.ids.envelope()
    ws.tickets.append(ticket)
    address = ws.url.replace("http", "ws", 1)
    return {"url": f"{address}link/?ticket={ticket}&app_id={APP_ID}"}
