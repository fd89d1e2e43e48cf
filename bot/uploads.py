"""Reads what leads have uploaded or answered, aside from whoever waits: fetched, expanded, shown.

It begins anew after a crash: what has to be read stands in the database until it is shown or refused."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import slack_files
from bot.sending import Outbound
from bot.slack_files import NotGiven, NotYet
from incidents.errors import StoreUnavailable
from incidents.operations import proposing
from incidents.ports import House
from incidents.proposals import Proposal

if TYPE_CHECKING:
    from rotations.ics.series import Expand

EVERY = timedelta(seconds=30)
PATIENCE = timedelta(minutes=15)
NOT_GIVEN = "Slack has not given the file for 15 minutes. Upload it once more with /oncall import."
OUR_FAULT = (
    "It could not be read by a fault of ours, which is in the log. Nothing was changed; "
    "python -m bot import on the command line may say more."
)

log = logging.getLogger(__name__)


class Uploads(Struct, frozen=True):
    """`base_url` is the Web API's: files are taken from the same Slack alone."""

    house: House
    outbound: Outbound
    base_url: str
    expand: "Expand"

    def read_all(self) -> bool:
        """An errand: whether everything is read; else it is asked again a little later."""
        waiting = self.house.store.read(lambda unit: unit.proposals.to_read())
        proposing.forget_undecided(self.house)
        unread = [proposal for proposal in waiting if not self._is_read(proposal)]
        return not unread

    def _is_read(self, proposal: Proposal) -> bool:
        try:
            self._read(proposal)
        except NotYet:
            return self._has_given_up(proposal)
        except NotGiven as reason:
            proposing.refuse(self.house, proposal, str(reason))
        except StoreUnavailable:
            return False
        except Exception:
            log.exception("an import could not be read", extra={"import": proposal.id})
            proposing.refuse(self.house, proposal, OUR_FAULT)
        return True

    def _read(self, proposal: Proposal) -> None:
        content = self.house.store.read(lambda unit: unit.proposals.content(proposal.id))
        name = proposal.name
        if content is None:
            from incidents.operations.proposal_reading import most_bytes  # readers no start has to wait for

            most = most_bytes(proposal.kind)
            given = slack_files.fetch(self.outbound, self.base_url, proposal.file, proposal.by, most)
            name, content = given.name, given.content
        proposing.read(self.house, proposal, name, content, self.expand)

    def _has_given_up(self, proposal: Proposal) -> bool:
        if self.house.clock.now() - proposal.made_at < PATIENCE:
            return False
        proposing.refuse(self.house, proposal, NOT_GIVEN)
        return True
