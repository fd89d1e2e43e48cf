"""Files: making and describing them. Sharing is in `sharing`; their bytes travel in `web_api/files.py`."""

import mimetypes
import re
from typing import Any

from sandbox.model import File
from sandbox.state import Workspace

UNFIT = re.compile(r"[^a-z0-9._-]+")


def new_file(ws: Workspace, owner: str, name: str, content: bytes | None, mimetype: str) -> File:
    """A file of `owner`'s that nobody sees yet. `content` None: its bytes are still to come."""
    file = File(ws.ids.next("F"), name, name, mimetype, owner, ws.seconds(), len(content or b""), content)
    ws.files[file.id] = file
    return file


def mimetype_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def address_name(name: str) -> str:
    """The name as it stands in the file's address: small letters, digits, dots and dashes."""
    return UNFIT.sub("_", name.lower()).strip(".") or "file"


def as_json(ws: Workspace, file: File) -> dict[str, Any]:
    """Slack's file object."""
    suffix = file.name.rpartition(".")[2].lower() if "." in file.name else ""
    kinds = {each: ws.channels[each].kind for each in file.channels}
    private = f"{ws.url}files/{file.id}/{address_name(file.name)}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": suffix or "binary",
        "pretty_type": suffix.upper() or "Binary",
        "user": file.user,
        "mode": "hosted",
        "editable": False,
        "size": file.size,
        "is_external": False,
        "external_type": "",
        "is_public": any(
            ws.channels[each].kind == "channel" for each in file.channels if each in ws.channels
        ),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": private,
        "url_private_download": f"{private}?download=1",
        "permalink": private,
        "channels": [each for each, kind in kinds.items() if kind == "channel"],
        "groups": [each for each, kind in kinds.items() if kind == "group"],
        "ims": [each for each, kind in kinds.items() if kind in ("im", "mpim")],
        "file_access": "visible",
        **({"alt_txt": file.alt} if file.alt else {}),
    }
