"""The answer to a post is lost, then nobody wants it any more: what stands in Slack is edited even so."""

from handlers.blocks import ids
from incidents.operations import commanding, responding
from incidents.people import Ask
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Workspace, readable

TITLE = "Account-takeover wave in EU"


def loses_its_answer(workspace: Workspace, channel: str) -> None:
    """The next post in there lands, and the line breaks before Slack can say so."""
    fault = {"method": "chat.postMessage", "reset_after": True, "where": {"channel": channel}, "times": 1}
    workspace.post("faults", **fault)


def announced(workspace: Workspace) -> list[str]:
    return [readable(message) for message in workspace.channels()["incidents"]["messages"]]


def test_an_announcement_whose_answer_was_lost_is_withdrawn_when_it_is_restricted(bot: WholeBot) -> None:
    workspace = bot.workspace
    loses_its_answer(workspace, workspace.channels()["incidents"]["id"])
    workspace.person("UPRIYA").types(f"/incident declare sev2 {TITLE}")
    workspace.eventually("it is announced", lambda: any(TITLE in line for line in announced(workspace)))
    commanding.restrict(bot.bot.house, Ask("UDANA"), "INC-1")
    workspace.eventually(
        "it is withdrawn", lambda: not any(TITLE in line for line in announced(workspace)), within=40
    )


def test_a_page_whose_answer_was_lost_says_that_somebody_else_has_it(bot: WholeBot) -> None:
    workspace, ana = bot.workspace, bot.workspace.person("UANA")
    loses_its_answer(workspace, "UANA")
    workspace.person("UPRIYA").types(f"/incident declare sev2 {TITLE}")
    ana.waits_for_dm(TITLE)
    responding.acknowledge(bot.bot.house, Ask("UDANA"), "INC-1")

    def asks_for_nothing() -> bool:
        pages: list[Json] = [page for page in ana.direct_messages() if TITLE in readable(page)]
        return len(pages) == 1 and ids.ACKNOWLEDGE not in str(pages)

    workspace.eventually("her page has no button any more", asks_for_nothing, within=40)
