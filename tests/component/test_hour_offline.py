"""An hour without a network while the bot runs: what people did in Slack meanwhile is on record, once."""

from pathlib import Path

import pytest

from incidents.model import EntryKind
from storage.unit_of_work import SqlUnit
from tests.support.walk import walking
from tests.support.workspace import Person

pytestmark = pytest.mark.timeout(120)


def test_after_an_hour_offline_all_that_was_done_is_on_record_once(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with walking(sqlite_template, tmp_path) as walk:
        priya = walk.person("priya")
        room = walk.declares(priya, "sev2 Account-takeover wave")
        before = _says(priya, room.name, "Seen in the EU first")
        walk.workspace.post("faults", method="*", reset_before=True, times=100_000)
        walk.workspace.post("faults", refuse_connections=100_000, disconnect="abort")
        walk.workspace.eventually("no line is open", lambda: not walk.bot.bot.is_ready())
        meanwhile = [_says(priya, room.name, f"Batch {number} is revoked") for number in range(3)]
        priya.reacts("pushpin", priya.waits_for_message("Batch 2", room.name))
        walk.time_passes(hours=1)
        walk.workspace.post("faults", clear=True)
        walk.workspace.eventually("a line is open", walk.bot.bot.is_ready)
        after = _says(priya, room.name, "All quiet now")

        def kept(unit: SqlUnit) -> list[str]:
            return [each.ref.ts for each in unit.history.of(room.key)]

        store = walk.bot.bot.store
        wanted = {before, *meanwhile, after}
        walk.workspace.eventually("each is kept", lambda: wanted <= set(store.read(kept)))
        walk.settles()
        ours = [ts for ts in store.read(kept) if ts in wanted]
        assert sorted(ours) == sorted(wanted)
        entries = store.read(lambda unit: unit.timeline.of(room.key))
        assert [each.text for each in entries if "Batch 2" in each.text] == ["Batch 2 is revoked"]
        assert [each.kind for each in entries].count(EntryKind.DECLARED) == 1


def _says(who: Person, channel: str, words: str) -> str:
    """Where it stands."""
    return str(who.says(words, channel)["response"]["ts"])
