"""The names by which Slack hands a press or a form back. A button's value carries keys and ids only.

The strings are stable: messages of older versions are still pressed. An id that ends in ":" is a prefix:
several buttons carry it with different endings, and the value says which was pressed."""

from typing import Final

# Buttons and selects in messages. Value: the incident's key, unless said otherwise.
ACKNOWLEDGE: Final = "page.acknowledge"  # value: key, page id ("" from the card)
ACKNOWLEDGE_ONE: Final = "page.acknowledge:"  # one of several; value: the incident's key
ANSWER_TEST: Final = "proof.acknowledge"  # value: the test's id
TAKE_COMMAND: Final = "incident.take_command"
HERE: Final = "watch.here"
SNOOZE_WATCH: Final = "watch.snooze"
TAKE_20: Final = "care.take"
BACK: Final = "care.back"
CANNOT_HOLD: Final = "care.cannot"
TEST_MINE: Final = "proof.ask"
DECLINE: Final = "page.decline"  # value: key, page id
OPEN_CHANNEL: Final = "open.link"  # a link; acked and nothing more
HAND_OVER: Final = "incident.hand_over"
WRITE_UPDATE: Final = "incident.update"
BRING_IN: Final = "incident.bring_in"
MORE: Final = "incident.more"
STEP_DONE: Final = "step.done"  # value: key, step id
STEP_CHOOSE: Final = "step.choose"  # the option's value: key, step id, option id
STEP_SKIP: Final = "step.skip"  # value: key, step id
STEP_ASSIGN: Final = "step.assign"  # value: key, step id
SAME_AS_LAST: Final = "update.same"
SNOOZE_UPDATE: Final = "update.snooze"
MERGE: Final = "incident.merge"  # value: key, key of the incident it becomes a part of
OPEN_UP: Final = "incident.open_up"
RESTRICT: Final = "incident.restrict"
OPEN_DRAFT: Final = "postmortem.open"
FILL_IN: Final = "postmortem.fill_in"
PROPOSE_REVIEW: Final = "postmortem.review"
HANDOFF_ACCEPT: Final = "handoff.accept"  # value: handoff id
HANDOFF_ASK: Final = "handoff.ask"  # value: handoff id
HANDOFF_REFUSE: Final = "handoff.refuse"  # value: handoff id
HANDOFF_WRITE: Final = "handoff.write"  # value: handoff id
HANDOFF_ANSWER: Final = "handoff.answer:"  # value: handoff id, number of the question
CHANGE_CONFIRM: Final = "rota.confirm"  # value: change id, how often it was confirmed before
COVER_TAKE: Final = "cover.take"  # value: ask id
COVER_DECLINE: Final = "cover.decline"  # value: ask id
COVER_CHOOSE: Final = "cover.choose"  # value: ask id
SWAP_ACCEPT: Final = "swap.accept"  # value: offer id
SWAP_REFUSE: Final = "swap.refuse"  # value: offer id
SWAP_OPEN: Final = "swap.open"  # value: person key
OVERRIDE_OPEN: Final = "oncall.override"
ASK_COVER: Final = "cover.ask"  # value: schedule, region, seat, person, start, end
NOTICES_OPEN: Final = "notices.open"
CALENDARS: Final = "calendar.list"
CALENDAR_MAKE: Final = "calendar.make"  # value: kind, schedule, region
CALENDAR_RENEW: Final = "calendar.renew"  # value: feed id
CALENDAR_REVOKE: Final = "calendar.revoke"  # value: feed id
CALENDAR_ALARM: Final = "calendar.alarm"  # value: feed id, yes or no
FOLLOWED: Final = "follow.list"
FOLLOW: Final = "follow.open"
FOLLOW_READ: Final = "follow.read"  # value: the id of a followed calendar
FOLLOW_URL: Final = "follow.url"
NOTICES_OFF: Final = "notices.off"  # value: the kind of notice
LADDER_CHANGE: Final = "ladder.change:"  # value: severity, harm area
LADDER_TAKE_BACK: Final = "ladder.take_back:"  # value: severities, harm areas, night
DECLARE: Final = "incident.declare"  # value: "" or the title kept
DECLARE_AS: Final = "declare.severity:"  # value: the severity's digit; then the title kept: `unpack_typed`
# A private answer is not sent back when its button is pressed: what its reader typed has to be in the value.
DECLARE_TYPED: Final = "declare.typed"  # value: the title kept
RUN_WORDS: Final = "words.run"  # value: the words that may have been meant
SETUP: Final = "setup.open"
SETUP_TEST: Final = "setup.test"
SETUP_ADD_REGION: Final = "setup.add_region"  # in the form itself
PLAN: Final = "plan.open"
PLAN_ORDER: Final = "plan.order"  # value: schedule, region, seat
PLAN_PERSON: Final = "plan.person"
PLAN_ABSENCE: Final = "plan.absence"
PLAN_PASTE: Final = "plan.paste"
PLAN_TAKE_BACK: Final = "plan.take_back"
IMPORT_OPEN: Final = "import.open"  # value: none
IMPORT_CONFIRM: Final = "import.confirm"  # value: proposal id, seal of what is shown
IMPORT_ANSWER: Final = "import.answer"  # value: proposal id
IMPORT_LEAVE: Final = "import.leave"  # value: proposal id
FOLLOW_STOP: Final = "follow.stop"  # value: id of the followed calendar
SHOW: Final = "incident.show"
ON_CALL: Final = "oncall.show"
ON_CALL_WORDS: Final = "oncall.words:"  # value: what could have been typed after /oncall
ON_CALL_SHARE: Final = "oncall.share"
LIST: Final = "incident.list"
TIMELINE_PAGE: Final = "timeline.page:"  # value: key, offset
LIST_PAGE: Final = "list.page:"  # value: offset

# The choices of the "More" menu. Value: the incident's key.
ESCALATE: Final = "more.escalate"
STOP_PAGING: Final = "more.stop_paging"
SEVERITY: Final = "more.severity"
STATUS: Final = "more.status"
ROLES: Final = "more.roles"
NOTE: Final = "more.note"
SKIP_STEP: Final = "more.skip_step"  # value: key, step id
ASSIGN_STEP: Final = "more.assign_step"  # value: key, step id
TIMELINE: Final = "more.timeline"
RESOLVE: Final = "more.resolve"
CLOSE: Final = "more.close"
REOPEN: Final = "more.reopen"

# Inside the bring-someone-in form; each pages at once. Value: the incident's key.
BRING_LEGAL: Final = "bring.legal"
BRING_POLICY: Final = "bring.policy"
BRING_NEXT_REGION: Final = "bring.next_region"

# Inputs: block_id and action_id are the same, so `state.values[X][X]`; `filled` reads all of a view.
TITLE: Final = "title"
IN_DANGER: Final = "in_danger"  # yes · no · unknown
GROWING: Final = "growing"
AUTHORITY: Final = "authority"
HARM: Final = "harm"
CHOSEN_SEVERITY: Final = "severity"  # its block_id changes with the proposal; find it by action_id
TEXT: Final = "text"
PERSON: Final = "person"
ROLE: Final = "role"
WHY: Final = "why"
CHOSEN_STATUS: Final = "status"
LEVELS: Final = "levels"
REPEATS: Final = "repeats"
WAITS: Final = "waits"
DUPLICATE_OF: Final = "duplicate_of"
AT: Final = "at"
SEAT: Final = "seat"
REGION: Final = "region"
KIND: Final = "kind"
MY_SHIFT: Final = "my_shift"
THEIR_SHIFT: Final = "their_shift"
STARTS: Final = "starts"
ENDS: Final = "ends"
NOTICE_KINDS: Final = "notice_kinds"
QUIET_FROM: Final = "quiet_from"
QUIET_UNTIL: Final = "quiet_until"
ACTION_OWNER: Final = "action_owner"
ACTION_DUE: Final = "action_due"
ACTION_TEXT: Final = "action_text"
PART: Final = "part:"  # one input for each empty part
READ_BACK: Final = "read_back:"  # one input for each incident that is read back; then its key
HANDOFF_LINE: Final = "handoff_line:"  # one input for each line; then key and part, packed

# Of the set-up form: those that end in ":" are numbered by region, from 0.
SETUP_REGION: Final = "setup.region:"
SETUP_PEOPLE: Final = "setup.people:"
SETUP_ZONE: Final = "setup.zone:"
SETUP_STARTS: Final = "setup.starts:"
SETUP_LEADS: Final = "setup.leads"
SETUP_LEGAL: Final = "setup.legal"
SETUP_ANNOUNCE: Final = "setup.announce"
SETUP_TEAM: Final = "setup.team_channel"

# Of the leads' forms.
SINCE: Final = "since"  # local dates
UNTIL: Final = "until"
MEMBERS: Final = "members"
PLACE: Final = "place"  # value: schedule, region, seat
LEADS: Final = "leads"
ROSTER: Final = "roster"

# Of imports. A question's inputs are numbered as the questions stand in the report.
IMPORT_FILE: Final = "import.file"
IMPORT_KIND: Final = "import.kind"
IMPORT_ZONE: Final = "import.zone:"  # then a number, or "file" for the whole of it
IMPORT_WHO: Final = "import.who:"
IMPORT_SEAT: Final = "import.seat:"
IMPORT_SKIP: Final = "import.skip:"

# Views.
VIEW_ORDER: Final = "view.plan_order"
VIEW_PERSON: Final = "view.plan_person"
VIEW_ABSENCE: Final = "view.plan_absence"
VIEW_ABSENCE_PREVIEW: Final = "view.plan_absence_preview"
VIEW_PASTE: Final = "view.plan_paste"
VIEW_PREVIEW: Final = "view.plan_preview"
VIEW_SURE: Final = "view.plan_sure"
VIEW_ROSTER: Final = "view.plan_roster"
VIEW_ROSTER_SURE: Final = "view.plan_roster_sure"
VIEW_TAKE_BACK: Final = "view.plan_take_back"  # value: import id
VIEW_TAKE_BACK_SURE: Final = "view.plan_take_back_sure"  # value: import id
VIEW_IMPORT: Final = "view.import"
VIEW_FOLLOW: Final = "view.follow"
VIEW_IMPORT_QUESTIONS: Final = "view.import_questions"  # value: proposal id, turn
VIEW_IMPORT_SURE: Final = "view.import_sure"  # value: proposal id, seal
VIEW_SETUP: Final = "view.setup"
VIEW_DECLARE: Final = "view.declare"
VIEW_UPDATE: Final = "view.update"
VIEW_BRING_IN: Final = "view.bring_in"
VIEW_ROLES: Final = "view.roles"
VIEW_SEVERITY: Final = "view.severity"
VIEW_STATUS: Final = "view.status"
VIEW_NOTE: Final = "view.note"
VIEW_STEP_SKIP: Final = "view.step_skip"
VIEW_STEP_ASSIGN: Final = "view.step_assign"
VIEW_RESOLVE: Final = "view.resolve"
VIEW_FILL_IN: Final = "view.fill_in"
VIEW_CLOSE: Final = "view.close"
VIEW_OVERRIDE: Final = "view.override"
VIEW_COVER_CHOOSE: Final = "view.cover_choose"
VIEW_SWAP: Final = "view.swap"
VIEW_NOTICES: Final = "view.notices"
VIEW_LADDER: Final = "view.ladder"
VIEW_LADDER_SURE: Final = "view.ladder_sure"
VIEW_HANDOFF_ACCEPT: Final = "view.handoff_accept"
VIEW_HANDOFF_ASK: Final = "view.handoff_ask"
VIEW_HANDOFF_ANSWER: Final = "view.handoff_answer"
VIEW_HANDOFF_REFUSE: Final = "view.handoff_refuse"
VIEW_HANDOFF_WRITE: Final = "view.handoff_write"
VIEW_MORE: Final = "view.more"
VIEW_ANSWER: Final = "view.answer"

# Shortcuts, as the manifest names them.
SHORTCUT_DECLARE: Final = "shortcut.declare"
SHORTCUT_DECLARE_FROM_MESSAGE: Final = "shortcut.declare_from_message"
SHORTCUT_TO_TIMELINE: Final = "shortcut.to_timeline"

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"

_SEPARATOR = "|"
TYPED_MAX = 2000


def pack(*parts: str) -> str:
    """Keys and ids as one value; none of them holds the separator."""
    return _SEPARATOR.join(parts)


def unpack(value: str) -> tuple[str, ...]:
    """What `pack` put together."""
    return tuple(value.split(_SEPARATOR))


def pack_typed(first: str, typed: str, most: int = TYPED_MAX) -> str:
    """An id and what somebody typed, as one value: a button's of at most Slack's 2,000 characters."""
    return f"{first}{_SEPARATOR}{typed}"[:most]


def unpack_typed(value: str) -> tuple[str, str]:
    """What `pack_typed` put together; the typed part may hold anything."""
    first, _, typed = value.partition(_SEPARATOR)
    return first, typed
