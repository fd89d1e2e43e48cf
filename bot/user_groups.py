"""Asks Slack which of the user groups for who is on call there are, and who is in them.

It makes none: a workspace that wants `@oncall-amer` makes it; on a plan without user groups there is none."""

import logging
from collections.abc import Iterable
from typing import Any

from bot.sending import Outbound
from incidents.operations.handoff_groups import handles, keep_known
from incidents.ports import House

log = logging.getLogger(__name__)


class UserGroups:
    def __init__(self, house: House, outbound: Outbound) -> None:
        self._house = house
        self._outbound = outbound

    def sync(self) -> None:
        """What was known stays known while Slack does not say."""
        if not handles(self._house):
            return
        sent = self._outbound.call_now("usergroups.list", include_users=True)
        if not sent.ok:
            log.info("the user groups could not be listed", extra={"error": sent.error})
            return
        keep_known(self._house, _known(sent.data.get("usergroups") or ()))


def _known(groups: Iterable[dict[str, Any]]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Handle → id and members; one that was switched off has a date_delete."""
    return {
        str(group["handle"]): (str(group["id"]), tuple(group.get("users") or ()))
        for group in groups
        if not group.get("date_delete")
    }
