"""The timeline in words: one plain sentence for each kind of entry."""

import pytest

from incidents.model import Entry, EntryKind, Role
from incidents.timeline import sentence
from tests.support.incidents import ANA, BO, NOW, name_of

K = EntryKind


def line(kind: EntryKind, by: str = ANA, text: str = "", permalink: str = "", **data: str) -> str:
    return sentence(Entry(kind, NOW, by, text, data, permalink=permalink), name_of)


SENTENCES = [
    (
        line(K.DECLARED, text="Wave", severity="SEV1", harm="fraud", why="as declared"),
        "Ana Lima declared SEV1 (fraud; as declared): Wave",
    ),
    (line(K.PAGED, "", user=BO, seat="AMER backup"), "Bo Chen was paged (AMER backup)."),
    (line(K.PASSED, "", user=BO), "Bo Chen did not answer; the page was passed on."),
    (line(K.SKIPPED, "", user=BO, why="runs another SEV0"), "Bo Chen was not paged: runs another SEV0."),
    (line(K.SKIPPED, "", name="Ana Lima", why="is unknown"), "Ana Lima was not paged: is unknown."),
    (line(K.NOBODY, "", seat="AMER primary"), "Nobody is scheduled for AMER primary."),
    (line(K.EXHAUSTED, ""), "Nobody who was paged has answered. The leads were told."),
    (line(K.EXHAUSTED, "", nobody="yes"), "Nobody could be paged. The leads were told."),
    (
        line(K.EXHAUSTED, "", behind=ANA),
        "Nobody who was paged behind Ana Lima has answered. The leads were told.",
    ),
    (
        line(K.EXHAUSTED, "", behind=ANA, nobody="yes"),
        "Nobody could be paged behind Ana Lima. The leads were told.",
    ),
    (line(K.EXHAUSTED, "", **{"for": "Legal"}), "Nobody could be found for Legal. Whoever asked was told."),
    (
        line(K.ACKNOWLEDGED, role=Role.MANAGER.value),
        "Ana Lima acknowledged and is incident manager.",
    ),
    (line(K.ACKNOWLEDGED, role=Role.LIAISON.value), "Ana Lima acknowledged and is liaison."),
    (line(K.DECLINED, "", user=BO), "Bo Chen cannot come; the page was passed on."),
    (line(K.ASKED_IN, whom="Legal"), "Ana Lima asked for Legal to come."),
    (line(K.ROLE, role=Role.COMMS.value, user=BO), "Ana Lima made Bo Chen comms lead."),
    (line(K.ROLE, role=Role.SCRIBE.value, user=ANA), "Ana Lima took the role of scribe."),
    (line(K.ROLE, "", role=Role.SCRIBE.value, user=ANA), "Meridian made Ana Lima scribe."),
    (
        line(K.SEVERITY, text="it grows", **{"from": "SEV2", "to": "SEV1"}),
        "Ana Lima changed the severity from SEV2 to SEV1: it grows",
    ),
    (
        line(K.SEVERITY, **{"from": "SEV2", "to": "SEV1"}),
        "Ana Lima changed the severity from SEV2 to SEV1.",
    ),
    (line(K.STATUS, to="contained"), "Ana Lima set the status to contained."),
    (line(K.STATUS, to="duplicate", of="INC-9"), "Ana Lima set the status to duplicate of INC-9."),
    (line(K.STATUS, text="noise", to="dismissed"), "Ana Lima set the status to dismissed: noise"),
    (line(K.UPDATE, text="Payouts held"), "Ana Lima gave an update: Payouts held"),
    (line(K.NOTE, text="called the bank"), "Ana Lima noted: called the bank"),
    (line(K.MESSAGE, text="it is back"), "Ana Lima wrote: it is back"),
    (
        line(K.MESSAGE, permalink="https://slack.example/p1"),
        "A message of Ana Lima was put on the timeline: https://slack.example/p1",
    ),
    (line(K.MESSAGE), "A message of Ana Lima was put on the timeline: see the channel"),
    (line(K.STEP, text="Hold payouts", act="done"), "Ana Lima did the step “Hold payouts”."),
    (line(K.STEP, text="Which way?", act="done", what="theft"), "Ana Lima did the step “Which way?”: theft"),
    (line(K.STEP, text="Hold", act="skipped", what="none"), "Ana Lima skipped the step “Hold”: none"),
    (line(K.STEP, text="Hold", act="reopened"), "Ana Lima reopened the step “Hold”."),
    (line(K.STEP, text="Hold", act="assigned", what=BO), "Ana Lima gave the step “Hold” to Bo Chen."),
    (line(K.STEP, text="Hold", act="assigned"), "Ana Lima gave the step “Hold” to nobody."),
    (
        line(K.HANDOFF, BO, **{"from": ANA, "to": BO}),
        "Bo Chen took over from Ana Lima at the shift change and is incident manager.",
    ),
    (line(K.RESOLVED, text="Revoked"), "Ana Lima resolved it: Revoked"),
    (line(K.RESOLVED), "Ana Lima resolved it."),
    (line(K.REOPENED, text="it is back"), "Ana Lima reopened it: it is back"),
    (line(K.PART, parts="Summary"), "Ana Lima wrote in the postmortem: Summary."),
    (
        line(K.ACTION, text="Block it", owner=BO, due="2026-12-07"),
        "Action item (Bo Chen, due 2026-12-07): Block it",
    ),
    (line(K.ACTION, text="Block it"), "Action item (no owner, due not set): Block it"),
    (line(K.ACKNOWLEDGED, role="deputy", via="phone"), "Ana Lima acknowledged by phone and is deputy."),
    (line(K.ACKNOWLEDGED, role="deputy", via=BO), "Bo Chen acknowledged for Ana Lima, who is deputy."),
    (
        line(K.SILENT, "", user=ANA, minutes="15", asked="yes"),
        "Ana Lima has been silent for 15 min and was asked privately.",
    ),
    (
        line(K.SILENT, "", user=ANA, minutes="20"),
        "Ana Lima has been silent for 20 min and has not answered.",
    ),
    (line(K.SILENT, user=ANA, snoozed="10"), "Ana Lima asked to be left alone for 10 min more."),
    (line(K.SILENT, user=ANA, heard="yes"), "Ana Lima was heard of again."),
    (
        line(K.CARE, user=ANA, stand_in=BO),
        "Ana Lima takes 20 minutes; Bo Chen holds it meanwhile.",
    ),
    (line(K.CARE_OVER, "", user=ANA, stand_in=BO, how="time"), "Ana Lima is back."),
    (
        line(K.CARE_OVER, "", user=ANA, stand_in=BO, how="cannot"),
        "Bo Chen cannot hold it; it is with Ana Lima again.",
    ),
    (
        line(K.CARE_OVER, "", user=ANA, stand_in=BO, how="moved"),
        "Bo Chen holds it no longer for Ana Lima.",
    ),
    (line(K.ESCALATED), "Ana Lima had the next people paged at once."),
    (line(K.STOPPED, text="a false alarm"), "Ana Lima stopped the paging: a false alarm"),
    (line(K.OPENED_UP), "Ana Lima opened it to everybody."),
    (line(K.FAILED, "", what="set topic", error="too_long"), "Slack refused to set topic: too_long."),
    (
        line(K.FAILED, "", what="invite", user=BO, error="cant_invite"),
        "Slack refused to invite Bo Chen: cant_invite.",
    ),
]


@pytest.mark.parametrize(("said", "expected"), SENTENCES, ids=[expected for _, expected in SENTENCES])
def test_each_entry_is_one_plain_sentence(said: str, expected: str) -> None:
    assert said == expected


def test_every_kind_of_entry_has_a_sentence() -> None:
    assert all(line(kind, **{"from": "SEV1", "to": "SEV2", "user": BO}) for kind in EntryKind)
