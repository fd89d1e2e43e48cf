"""Who we are in the workspace, as stored at the last successful `auth.test`, and who everybody else is.

A start during a Slack outage uses what is stored. No authority is decided here."""

import json
import logging
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from slack_bolt.authorization import AuthorizeResult

from bot.sending import Outbound, Sent
from incidents.people import Actor
from incidents.ports import Clock, Store
from rotations.zones import is_zone
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

FACT = "slack.identity"
PEOPLE_A_PAGE = 200
SLACKBOT = "USLACKBOT"

log = logging.getLogger(__name__)


class Identity(Struct, frozen=True):
    """All "" while Slack has never answered."""

    bot_id: str = ""
    bot_user_id: str = ""
    team_id: str = ""
    team: str = ""
    url: str = ""
    app_id: str = ""


class Passport:
    """The identity in memory: read from the store once, renewed whenever Slack confirms it."""

    def __init__(self, store: Store, bot_token: str) -> None:
        self._store = store
        self._bot_token = bot_token
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        if self._identity is None:
            stored = self._store.read(lambda unit: unit.facts.get(FACT))
            self._identity = Identity(**json.loads(stored)) if stored else Identity()
        return self._identity

    def bot_user(self) -> str:
        return self.identity.bot_user_id

    def renew(self, outbound: Outbound) -> Sent:
        """Ask Slack who we are and store it. The answer tells why, when it could not be."""
        sent = outbound.call_now("auth.test")
        if sent.ok:
            found = self._with_app(_identity_in(sent.data), outbound)
            if found != self.identity:
                self._store.write(lambda unit: unit.facts.put(FACT, json.dumps(asdict(found))))
            self._identity = found
        else:
            log.warning("Slack does not say who we are", extra={"error": sent.error})
        return sent

    def _with_app(self, found: Identity, outbound: Outbound) -> Identity:
        """`auth.test` does not say which app we are. "" while nobody else does: then it is not checked."""
        known = self.identity
        if known.app_id and known.bot_id == found.bot_id:
            return replace(found, app_id=known.app_id)
        bot = outbound.call_now("bots.info", bot=found.bot_id).data.get("bot")
        return replace(found, app_id=str(bot.get("app_id") or "") if isinstance(bot, dict) else "")

    def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult:
        """Bolt's `authorize=`: asks nobody, so that deliveries are taken while the Web API is away."""
        known = self.identity
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=known.team_id or team_id,
            team=known.team,
            url=known.url,
            bot_id=known.bot_id or None,
            bot_user_id=known.bot_user_id or None,
            bot_token=self._bot_token,
            user_id=user_id,
        )


class Directory:
    """Brings what Slack says of people into the store."""

    def __init__(self, store: SqlStore, clock: Clock, outbound: Outbound) -> None:
        self._store = store
        self._clock = clock
        self._outbound = outbound

    def sync(self) -> bool:
        """Everybody in the workspace. False when a page failed: that ends it, and what came is kept."""
        members, is_whole = self._outbound.spawn(self._everybody()).result(timeout=300)
        self._keep(members)
        return is_whole

    async def _everybody(self) -> tuple[list[dict[str, Any]], bool]:
        found: list[dict[str, Any]] = []
        async for page in self._outbound.pages("users.list", is_patient=True, limit=PEOPLE_A_PAGE):
            if not page.ok:
                log.warning("the directory could not be read whole", extra={"error": page.error})
                return found, False
            found += page.data.get("members", ())
        return found, True

    def _keep(self, members: list[dict[str, Any]]) -> list[Actor]:
        """Store them, and link the people whom the schedules file names by address."""
        now, actors = self._clock.now(), [actor_in(member) for member in members]
        addresses = {address: m["id"] for m in members if (address := (m.get("profile") or {}).get("email"))}

        def keep(unit: SqlUnit) -> None:
            unit.people.put_profiles(actors, now)
            unit.people.link_addresses(addresses)

        if actors:
            self._store.write(keep)
        return actors


def actor_in(member: dict[str, Any]) -> Actor:
    """A member of `users.list` or `users.info` as the core knows people."""
    profile = member.get("profile") or {}
    names = (
        profile.get("real_name"),
        member.get("real_name"),
        profile.get("display_name"),
        member.get("name"),
    )
    zone = str(member.get("tz") or "UTC")
    return Actor(
        user=str(member["id"]),
        name=next((str(name) for name in names if name), str(member["id"])),
        zone=zone if is_zone(zone) else "UTC",
        is_guest=bool(member.get("is_restricted") or member.get("is_ultra_restricted")),
        is_stranger=bool(member.get("is_stranger")),
        is_deactivated=bool(member.get("deleted")),
        is_bot=bool(member.get("is_bot")) or member["id"] == SLACKBOT,
    )


def _identity_in(answer: dict[str, Any]) -> Identity:
    names = {"bot_id": "bot_id", "user_id": "bot_user_id", "team_id": "team_id", "team": "team", "url": "url"}
    return Identity(**{ours: str(answer.get(theirs) or "") for theirs, ours in names.items()})
