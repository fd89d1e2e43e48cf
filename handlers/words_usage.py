"""The table of verbs: how each is typed, what it does, an example. Help is made from it alone."""

from msgspec import Struct

from handlers.commands import (
    Acknowledge,
    Assign,
    BringIn,
    ChangeSeverity,
    Command,
    Declare,
    Help,
    ListIncidents,
    Resolve,
    Setup,
    Show,
    WriteNote,
    WriteUpdate,
)


class Usage(Struct, frozen=True):
    """One verb. `form` is what follows it; `example` is a whole line that reads as `reads`."""

    verb: str
    form: str
    says: str
    example: str
    reads: type[Command]

    @property
    def line(self) -> str:
        """`/incident sev 0–4 [reason]`."""
        return f"/incident {self.verb} {self.form}".rstrip()


USAGE: tuple[Usage, ...] = (
    Usage(
        "declare",
        "[sev0–sev4] <title>",
        "open an incident and page who is on call; without words, the form",
        "declare sev1 Account-takeover wave in EU",
        Declare,
    ),
    Usage("ack", "[key] [for @person]", "acknowledge: you have it, or they do", "ack INC-142", Acknowledge),
    Usage(
        "page",
        "<@person | legal | policy | executive | next region | now>",
        "bring somebody in; now: the next people on the ladder",
        "page legal",
        BringIn,
    ),
    Usage(
        "assign", "<role> <@person>", "give a role, or hand over command", "assign comms <@U0B0|bo>", Assign
    ),
    Usage("sev", "<0–4> [reason]", "change the severity", "sev 2 contained in two regions", ChangeSeverity),
    Usage(
        "update",
        "<text>",
        "say where it stands, to everybody",
        "update Payouts are held, 4,100 accounts so far",
        WriteUpdate,
    ),
    Usage(
        "note",
        "[at 14:05 [UTC]] <text>",
        "put a line on the timeline",
        "note at 14:05 payouts held",
        WriteNote,
    ),
    Usage(
        "show",
        "[key] [timeline | clocks | decisions | runbook | catchup]",
        "read an incident",
        "show INC-142 timeline",
        Show,
    ),
    Usage("list", "", "the incidents that you can see", "list", ListIncidents),
    Usage(
        "resolve",
        "[summary]",
        "end it; the postmortem draft is posted at once",
        "resolve All sessions revoked, payouts released",
        Resolve,
    ),
    Usage("setup", "", "set Meridian up; then what is missing, and what leads can change", "setup", Setup),
    Usage("help", "[verb]", "this list", "help note", Help),
)
VERBS = tuple(usage.verb for usage in USAGE)
BY_VERB = {usage.verb: usage for usage in USAGE}
ALSO = (
    "Also understood: status contained · dismiss <reason> · duplicate of <key> · reopen · close · "
    "open · hand over @person · stop paging [reason] · take 20 · back · oncall …"
)
ELSEWHERE = (
    "/incident alone says what is due now. In threads and direct messages write @meridian and the same words."
)


def usage_lines(verb: str = "") -> tuple[str, ...]:
    """One line a verb, or how one verb is typed with its example."""
    one = BY_VERB.get(verb)
    if one is not None:
        return (f"{one.line}: {one.says}", f"For example: /incident {readable(one.example)}")
    return tuple(f"{usage.line}: {usage.says}" for usage in USAGE)


def readable(example: str) -> str:
    """The example as a person types it."""
    return example.replace("<@U0B0|bo>", "@bo")
