"""A back-fill as the bot has it, on a store and an outbound loop of the test's."""

from bot.backfill import Backfill
from bot.clock import monotonic_seconds
from bot.rates import rate_of
from bot.sending import Outbound
from bot.turnstile import Turnstile
from incidents.ports import House
from storage.opening import SqlStore


def backfill_of(house: House, store: SqlStore, outbound: Outbound, bot_user: str = "") -> Backfill:
    turnstile = Turnstile(store, house.clock, rate_of)
    return Backfill(house, store, outbound, turnstile, lambda: bot_user, monotonic_seconds)
