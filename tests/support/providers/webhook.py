"""The other side of the signed webhook, by the contract of docs/ringing.md and nothing else."""

import hashlib
import hmac

from tests.support.providers.server import Json, Provider, Received, Reply

SECRET = "a-secret-of-the-webhook"


class WebhookServer(Provider):
    """`rings` by handle: to, words, and by and at once answered; the same id rings once."""

    def __init__(self) -> None:
        super().__init__()
        self.rings: dict[str, Json] = {}
        self.stopped: list[str] = []

    def acknowledge(self, by: str, at: float | str) -> None:
        self.rings[list(self.rings)[-1]] |= {"by": by, "at": at}

    def answer(self, request: Received) -> Reply:
        stamp = request.headers.get("X-Meridian-Timestamp", "")
        said = f"v0:{stamp}:".encode() + request.body
        signed = "v0=" + hmac.new(SECRET.encode(), said, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signed, request.headers.get("X-Meridian-Signature", "")):
            return Reply({"error": "signature"}, 401)
        match request.json:
            case {"action": "ring", "id": str(key), "to": to, "words": words}:
                handle = f"h-{key}"
                self.rings.setdefault(handle, {"to": to, "words": words})
                return Reply({"handle": handle})
            case {"action": "poll", "handles": list(handles)}:
                told = [(handle, self.rings[handle]) for handle in handles if handle in self.rings]
                answered = [
                    {"handle": handle, "by": r["by"], "at": r["at"]} for handle, r in told if "by" in r
                ]
                return Reply({"answered": answered})
            case {"action": "stop", "id": str(key)}:
                self.stopped.append(f"h-{key}")
                return Reply({"stopped": True})
            case {"action": "stop", "handle": str(handle)}:
                self.stopped.append(handle)
                return Reply({"stopped": True})
            case _:
                return Reply({"error": "action"}, 400)
