"""What must reach the outside, as values. A decision puts effects; the outbox keeps and sends them.

An effect carries ids only: its words are rendered when it is sent, from the state of that moment.
"""

from datetime import datetime
from enum import IntEnum, StrEnum

from msgspec import Struct, field


class EffectKind(StrEnum):
    """The closed set. The stored string is stable: rows of older versions are still sent."""

    CREATE_CHANNEL = "create_channel"
    INVITE = "invite"
    POST_CARD = "post_card"
    UPDATE_CARD = "update_card"
    POST_THREAD_CARD = "post_thread_card"  # in a storm: the incident is in a thread before it has a channel
    MOVE_THREAD_CARD = "move_thread_card"
    POST_MOVED = "post_moved"
    SET_TOPIC = "set_topic"
    ADD_BOOKMARK = "add_bookmark"
    PIN_CARD = "pin_card"
    ANNOUNCE = "announce"
    UPDATE_ANNOUNCEMENT = "update_announcement"
    POST_UPDATE = "post_update"
    EDIT_UPDATE = "edit_update"
    SEND_PAGE = "send_page"
    SEND_PAGES = "send_pages"  # several pages for one person that waited for the same turn, as one message
    UPDATE_PAGE = "update_page"
    TELL = "tell"
    POST_DRAFT = "post_draft"
    POST_REVIEW = "post_review"  # the postmortem's meeting, as a file for calendars
    POST_HANDOFF = "post_handoff"
    UPDATE_HANDOFF = "update_handoff"
    HANDOFF_LETTER = "handoff_letter"  # a handoff by direct message: to whoever leaves, comes or is paged
    UPDATE_HANDOFF_LETTER = "update_handoff_letter"
    SET_USER_GROUP = "set_user_group"  # @oncall-… follows the seat
    ROTA_ASK = "rota_ask"  # will you cover, will you swap: to one person, with buttons
    UPDATE_ROTA_ASK = "update_rota_ask"
    KEEP_MESSAGE = "keep_message"  # fetch a message that somebody put on the timeline
    READ_DND = "read_dnd"  # is the person muted now? Then their phone rings at once
    RING = "ring"  # the second leg of a page: a phone
    RINGS = "rings"  # several of them for one person, as one ring
    STOP_RING = "stop_ring"
    MAIL = "mail"  # a copy of a page, never a page
    NOTICE = "notice"  # to the operations channel: something needs a human
    SHIFT_NOTICE = "shift_notice"  # a week, an evening, an hour before a shift; what is in its way
    UPDATE_SHIFT_NOTICE = "update_shift_notice"  # the shift has moved since
    POST_OUTLOOK = "post_outlook"  # on Mondays: open shifts of the next 14 days, clocks that change
    TEST_PAGE = "test_page"
    UPDATE_TEST = "update_test"
    SHOW_IMPORT = "show_import"  # to a lead: what a file would change, before it counts
    UPDATE_IMPORT = "update_import"
    IMPORT_REPORT = "import_report"  # the whole report as a file, where the message cannot hold it


OUTSIDE_SLACK = frozenset({EffectKind.RING, EffectKind.RINGS, EffectKind.STOP_RING, EffectKind.MAIL})


class Priority(IntEnum):
    """Order inside a rate bucket: pages and acknowledgements first, cosmetics last."""

    PAGE = 0
    OPENING = 1
    ANNOUNCE = 2
    STATUS = 3
    COSMETIC = 4
    DIGEST = 5


class Tell(StrEnum):
    """The kinds of direct message that are no page. `args["about"]` of a TELL effect."""

    OPENED = "opened"  # to the declarer: the link, who was paged, what was changed
    NOBODY_PAGED = "nobody_paged"  # to the declarer: no schedule yet
    NOBODY_ON_CALL = "nobody_on_call"  # to leads
    NO_PRIVATE_CHANNEL = "no_private_channel"  # to leads and the declarer
    EXHAUSTED = "exhausted"  # to leads: nobody has answered
    STORM = "storm"  # to leads, in a storm: what may be the same
    DUPLICATE = "duplicate"  # to the declarer, after the page has left
    UPDATE_DUE = "update_due"  # to the incident manager
    FAILED = "failed"  # to whoever asked: Slack refused for good
    ROLE = "role"  # to the person who was given a role
    HANDOFF = "handoff"  # a restricted incident at a shift change, to the two who hand over
    HANDOFF_QUESTION = "handoff_question"  # to whoever leaves: the receiver asks
    HANDOFF_ANSWER = "handoff_answer"  # to the receiver
    OVERRIDE = "override"  # to the people whose shift moved
    COVER_TAKEN = "cover_taken"  # to whoever asked for somebody else
    COVER_LAPSED = "cover_lapsed"  # to whoever asked and the leads: the shift has begun, nobody has taken it
    SWAP_ANSWERED = "swap_answered"  # to whoever offered it: refused or expired
    ABSENCE = "absence"  # to a person for whom a lead wrote down that they are away
    SHIFTS_MOVED = "shifts_moved"  # to everybody whose shift a change moves, and to their lead
    SETUP_DONE = "setup_done"  # to whoever set Meridian up: the test page was answered
    SETUP_SILENT = "setup_silent"  # to the same: it was not
    SILENT = "silent"  # to whoever answers for it: nothing has been heard of them
    UPDATE_LATE = "update_late"  # to the deputy, then to the lead
    CARE = "care"  # to the stand-in: hold it for twenty minutes
    CARE_OVER = "care_over"  # to both: it is back
    STOPPED = "stopped"  # to leads: somebody stopped the paging
    GONE = "gone"  # to leads: somebody on call cannot be reached any more
    CALENDAR_FAILED = "calendar_failed"  # to leads: a calendar that is followed cannot be read
    CALENDAR_WELL = "calendar_well"  # to the same: it can again
    CALENDAR_SAME = "calendar_same"  # to the same, after the first reading: it says what stands already
    ON_BEHALF = "on_behalf"  # to the person for whom somebody else acknowledged


class Effect(Struct, frozen=True):
    """One thing to be done outside.

    `key` is unique for ever: putting it twice does it once. `subject` is the incident's key, or
    `handoff:{id}`, `test:{id}`, `rota:{id}`, `import:{id}`, `notice`. `after` names the keys that must be
    done first. Effects of one `lane` go one after the other in the order they were put. Of effects with the
    same `newest` only the newest pending one is sent. `args` are small: strings and lists of strings.
    """

    kind: EffectKind
    key: str
    subject: str
    args: dict[str, str] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    lane: str = ""
    newest: str = ""
    priority: Priority = Priority.STATUS
    not_before: datetime | None = None


class TimerKind(StrEnum):
    """What a timer row fires. The stored string is stable."""

    CALL_LEVEL = "call_level"
    UPDATE_DUE = "update_due"
    UPDATE_LATE = "update_late"  # the deputy at the whole cadence, the lead at one and a half
    RING = "ring"  # the phone leg of a page
    SILENCE = "silence"  # acknowledged, and nothing heard since
    CARE_ENDS = "care_ends"  # twenty minutes are over
    COVER_UNANSWERED = "cover_unanswered"  # nobody has taken it: the lead is asked
    ASK_OVER = "ask_over"  # an ask for cover or an offer of a swap has had its time
    HANDOFF_LEVEL = "handoff_level"  # a handoff that nobody has accepted: backup, lead, held


class Timer(Struct, frozen=True):
    """A thing due at an instant. `key` is unique; `args` are small strings."""

    kind: TimerKind
    key: str
    subject: str
    due_at: datetime
    args: dict[str, str] = field(default_factory=dict)


class Outcome(Struct, frozen=True):
    """What became of an effect when it was sent.

    `result` holds Slack's answer as far as the core needs it (channel, ts, name, permalink, …).
    `error` is Slack's error code for a permanent failure.
    """

    ok: bool
    result: dict[str, str] = field(default_factory=dict)
    error: str = ""
    failed_users: dict[str, str] = field(default_factory=dict)
