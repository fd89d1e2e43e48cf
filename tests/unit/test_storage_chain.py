"""The hash chain, the instants and the JSON of stored values, without a database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from incidents.model import (
    ActionItem,
    Channel,
    Entry,
    EntryKind,
    Harm,
    Incident,
    MessageRef,
    Page,
    PageState,
    Role,
    RoleHolding,
    Severity,
    Status,
)
from storage import chain, codec
from storage.columns import Instant, instant_text

NOON = datetime(2026, 3, 2, 12, 0, 0, 250, tzinfo=UTC)


def rows(count: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    prev = chain.GENESIS
    for seq in range(1, count + 1):
        row: dict[str, Any] = {
            "incident": "INC-1",
            "seq": seq,
            "dedup": None,
            "at": NOON,
            "recorded_at": NOON,
            "kind": "note",
            "by": "UBO",
            "body": f"note {seq}",
            "salt": "s",
            "prev_hash": prev,
        }
        row["digest"] = chain.digest("s", row["body"])
        prev = row["hash"] = chain.link(prev, row)
        made.append(row)
    return made


class TestChain:
    def test_a_whole_chain_has_no_break(self) -> None:
        made = rows(3)
        assert chain.first_break("INC-1", made, made[-1]["hash"]) is None

    def test_an_empty_chain_has_no_break(self) -> None:
        assert chain.first_break("INC-1", [], chain.GENESIS) is None

    @pytest.mark.parametrize(
        ("column", "value"),
        [("body", "x"), ("by", "UEVE"), ("kind", "status"), ("at", NOON + timedelta(microseconds=1))],
    )
    def test_a_changed_column_breaks_it_there(self, column: str, value: object) -> None:
        made = rows(3)
        made[1][column] = value
        found = chain.first_break("INC-1", made, made[-1]["hash"])
        assert found is not None
        assert found.seq == 2

    def test_a_cut_tail_breaks_it_at_the_first_missing_entry(self) -> None:
        made = rows(3)
        found = chain.first_break("INC-1", made[:2], made[-1]["hash"])
        assert found == chain.Break("INC-1", 3, "entries are missing at the end")

    def test_an_entry_rewritten_with_a_fitting_hash_breaks_it_at_the_next(self) -> None:
        made = rows(3)
        made[1]["by"] = "UEVE"
        made[1]["hash"] = chain.link(made[1]["prev_hash"], made[1])
        found = chain.first_break("INC-1", made, made[-1]["hash"])
        assert found is not None
        assert found.seq == 3

    def test_text_moved_between_columns_changes_the_hash(self) -> None:
        one, other = rows(1)[0], rows(1)[0]
        one["kind"], one["by"] = "note", "UBO"
        other["kind"], other["by"] = "noteU", "BO"
        assert chain.link("", one) != chain.link("", other)


class TestInstants:
    def test_an_instant_is_written_in_utc_with_a_fixed_width(self) -> None:
        tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
        assert instant_text(tokyo) == "2026-03-02T12:00:00.000250Z"

    def test_an_instant_comes_back_aware_and_in_utc(self) -> None:
        column, dialect = Instant(), sqlite.dialect()
        back = column.process_result_value(column.process_bind_param(NOON, dialect), dialect)
        assert back == NOON
        assert back is not None
        assert back.tzinfo is UTC

    def test_an_instant_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="needs a zone"):
            Instant().process_bind_param(NOON.replace(tzinfo=None), sqlite.dialect())


class TestCodec:
    def test_an_incident_survives_json(self) -> None:
        ref = MessageRef("C1", "1.0")
        page = Page(1, 0, "UBO", "on call", NOON, None, PageState.DECLINED, message=ref)
        incident = Incident(
            "INC-1",
            "‏מתקפה <!channel> 🔥",
            Severity.SEV0,
            Status.ACTIVE,
            Harm.CHILD_SAFETY,
            True,
            "UANA",
            NOON,
            channel=Channel("C1", "inc-1"),
            card=ref,
            roles=(RoleHolding(Role.MANAGER, "UBO", NOON),),
            pages=(page,),
            parts={"harm": "none"},
            actions=(ActionItem("Fix", "ana", NOON.date()),),
        )
        assert codec.read(Incident, codec.written(incident)) == incident

    def test_a_row_of_an_older_version_takes_the_defaults(self) -> None:
        entry = codec.read(Entry, '{"kind": "note", "at": "2026-03-02T12:00:00.000250Z", "gone": 1}')
        assert entry == Entry(EntryKind.NOTE, NOON)
