"""How a request URL proves that it is the app's: it sends the challenge back."""

import asyncio
import json

from sandbox.errors import SlackError
from sandbox.ids import Ids
from sandbox.payloads import VERIFICATION
from sandbox.posting import FORM, JSON, Answer, Poster, Unreachable

AGAIN_S = 0.5


class Handshake:
    """`is_verified` tells of the URL that is set now."""

    def __init__(self, ids: Ids, poster: Poster) -> None:
        self._ids, self._poster = ids, poster
        self._task: asyncio.Task[None] | None = None
        self.is_verified = False

    async def shake(self) -> None:
        """Raises SlackError `url_not_verified` with the `reason`."""
        self.is_verified = False
        challenge = self._ids.next("challenge")
        body = {"token": VERIFICATION, "challenge": challenge, "type": "url_verification"}
        try:
            answer = await self._poster.post(JSON, json.dumps(body), {})
        except Unreachable as failure:
            raise SlackError("url_not_verified", reason=failure.reason) from None
        if answer.status != 200 or challenge not in echoed(answer):
            raise SlackError("url_not_verified", reason=f"status {answer.status}: {answer.text[:200]}")
        self.is_verified = True

    async def check_ssl(self) -> Answer:
        """What Slack posts now and then to see whether a command's certificate holds. Raises Unreachable."""
        return await self._poster.post(FORM, f"ssl_check=1&token={VERIFICATION}", {})

    def until_verified(self) -> None:
        """Tries again and again, for an app that starts after its workspace."""
        self._task = asyncio.get_running_loop().create_task(self._persist())

    async def _persist(self) -> None:
        while not self.is_verified:
            try:
                await self.shake()
            except SlackError:
                await asyncio.sleep(AGAIN_S)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


def echoed(answer: Answer) -> str:
    """The challenge in any of the three forms Slack takes: plain, `challenge=`, or JSON."""
    if answer.content_type == JSON:
        try:
            return str(json.loads(answer.text).get("challenge", ""))
        except (ValueError, AttributeError):
            return ""
    return answer.text.removeprefix("challenge=").strip()
