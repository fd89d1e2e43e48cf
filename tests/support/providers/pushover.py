"""Pushover as https://pushover.net/api and https://pushover.net/api/receipts describe it."""

from msgspec import Struct

from tests.support.providers.server import Provider, Received, Reply

TOKEN = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
ANA = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"


class Message(Struct):
    receipt: str
    user: str
    words: str
    tags: str
    acknowledged_at: int = 0
    acknowledged_by: str = ""
    is_cancelled: bool = False


class PushoverServer(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def acknowledge(self, at: int, by: str = ANA) -> None:
        """Somebody presses Acknowledge in the app, on the newest."""
        self.messages[-1].acknowledged_at, self.messages[-1].acknowledged_by = at, by

    def answer(self, request: Received) -> Reply:
        token = request.form.get("token") or dict(request.query).get("token")
        if token != TOKEN:
            return _refused("token", "application token is invalid")
        match request.path.strip("/").removesuffix(".json").split("/"):
            case ["messages"]:
                return self._message(request.form)
            case ["receipts", "cancel_by_tag", tag]:
                return self._cancel(tag)
            case ["receipts", receipt]:
                return self._receipt(receipt)
            case ["apps", "limits"]:
                return Reply({"limit": 10000, "remaining": 7496, "reset": 1393653600, "status": 1})
            case _:
                return Reply({"status": 0}, 404)

    def _message(self, form: dict[str, str]) -> Reply:
        if form["user"] != ANA:
            return _refused("user", "user identifier is not a valid user, group, or subscribed user key")
        if form["priority"] != "2" or int(form["retry"]) < 30 or int(form["expire"]) > 10800:
            return _refused("retry", "must be supplied with priority=2")
        receipt = f"r{len(self.messages):029}"
        self.messages.append(Message(receipt, form["user"], form["message"], form.get("tags", "")))
        return Reply({"status": 1, "request": "e460545a8b333d0da2f3602aff3133d6", "receipt": receipt})

    def _cancel(self, tag: str) -> Reply:
        found = [one for one in self.messages if tag in one.tags.split(",")]
        for one in found:
            one.is_cancelled = True
        return Reply({"status": 1, "canceled": len(found)})

    def _receipt(self, receipt: str) -> Reply:
        one = next((one for one in self.messages if one.receipt == receipt), None)
        if one is None:
            return _refused("receipt", "not found; may be invalid or expired", 404)
        return Reply(
            {
                "status": 1,
                "acknowledged": int(one.acknowledged_at > 0),
                "acknowledged_at": one.acknowledged_at,
                "acknowledged_by": one.acknowledged_by,
                "expired": 0,
            }
        )


def _refused(parameter: str, why: str, status: int = 400) -> Reply:
    return Reply({parameter: "invalid", "errors": [why], "status": 0}, status)
