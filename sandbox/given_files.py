"""Files that a person puts into a form: theirs alone until it is sent, then the app's to read."""

from typing import Any

from sandbox import files, views
from sandbox.entries import BadEntry, as_list
from sandbox.forms import Values
from sandbox.model import File, Person
from sandbox.state import Workspace

MOST_FILES = 10


def put(ws: Workspace, person: Person, name: str, content: bytes, mimetype: str) -> File:
    """Uploaded into a form that is not sent yet."""
    file = files.new_file(ws, person.id, name, content, mimetype)
    file.is_complete = True
    return file


def described(ws: Workspace, person: Person, body: dict[str, Any], values: Values, is_sent: bool) -> Values:
    """The values with Slack's file objects in the place of ids; `is_sent` gives the files to the app.

    Raises BadEntry for a file that is not theirs, of a type that the form does not take, or one too many.
    """
    for block_id, action_id, element, _ in views.elements(body):
        if element.get("type") != "file_input":
            continue
        entry = values[block_id][action_id]
        found = [_own(ws, person, each) for each in as_list(entry["files"])]
        _check(element, block_id, found)
        for file in found:
            file.is_given = file.is_given or is_sent
        values[block_id][action_id] = {**entry, "files": [files.as_json(ws, file) for file in found]}
    return values


def _own(ws: Workspace, person: Person, given: Any) -> File:
    file = ws.files.get(given.get("id", "") if isinstance(given, dict) else str(given))
    if file is None or file.user != person.id or not file.is_complete:
        raise BadEntry("there is no such file of this person")
    return file


def _check(element: dict[str, Any], block_id: str, found: list[File]) -> None:
    most = element.get("max_files", MOST_FILES)
    if len(found) > most:
        raise BadEntry(f"{block_id}: at most {most} can be added")
    taken = element.get("filetypes")
    for file in found:
        if taken and file.name.rpartition(".")[2].lower() not in taken:
            raise BadEntry(f"{block_id}: only files of these types: {', '.join(taken)}")
