"""The bytes of files: `/upload/v1/{id}` takes them (step two of an upload), `/files/{id}/{name}` gives them.

A download needs the app's token, as at Slack, or comes from the workspace's own page in a browser.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from sandbox.keys import WORKSPACE
from sandbox.model import File
from sandbox.web_api.files import MAX_FILE, is_visible

CHUNK = 65_536
MIMETYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")


def routes() -> list[web.RouteDef]:
    return [
        web.post("/upload/v1/{id}", receive),
        web.get("/files/{id}/{name}", deliver),
    ]


async def receive(request: web.Request) -> web.Response:
    """Raw bytes or a multipart form; anything but the announced length is refused."""
    ws = request.app[WORKSPACE]
    file = ws.files.get(request.match_info["id"])
    if file is None or file.is_complete:
        return web.Response(status=404, text="not found")
    content = await posted(request)
    if len(content) != file.size:
        return web.Response(status=400, text=f"expected {file.size} bytes, got {len(content)}")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")


async def posted(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await limited(request.content.iter_chunked(CHUNK))
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and (part.filename or part.name in ("file", "filename")):
            return await limited(chunks(part))
    return b""


async def chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        yield await part.read_chunk(CHUNK)


async def limited(incoming: AsyncIterable[bytes]) -> bytes:
    """The bytes, as far as a file may reach: one more shows that it is too long."""
    content = bytearray()
    async for chunk in incoming:
        content += chunk
        if len(content) > MAX_FILE:
            break
    return bytes(content)


async def deliver(request: web.Request) -> web.Response:
    """Without a right to the file Slack sends to its sign-in page, not an error."""
    ws = request.app[WORKSPACE]
    file = ws.files.get(request.match_info["id"])
    is_ours = request.headers.get("Sec-Fetch-Site") in ("same-origin", "none")
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    is_app = token.startswith("xoxb-sandbox") and ws.manifest.grants("files:read")
    if file is None or not (is_ours or (is_app and is_visible(ws, file))):
        raise web.HTTPFound(f"{ws.url}?redir={quote(request.path)}")
    return answer(file, request.query.get("download") == "1")


def answer(file: File, is_download: bool) -> web.Response:
    """What people uploaded is never run as a page of ours."""
    is_shown = file.mimetype in SHOWN_INLINE and not is_download
    name = quote(file.name, safe="", errors="replace")
    return web.Response(
        body=file.content or b"",
        content_type=file.mimetype if MIMETYPE.fullmatch(file.mimetype) else "application/octet-stream",
        headers={
            "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
