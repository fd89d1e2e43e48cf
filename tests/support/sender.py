"""One process that only sends: `python -m tests.support.sender SLACK_URL DATABASE_URL OWNER`. It never ends.

Its clock runs five times as fast as the machine's, so that a lease of thirty seconds ends after six."""

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Event

from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.rates import Rates, bucket_of
from bot.reconcile import Courier
from bot.sending import Outbound
from storage.opening import open_store
from tests.support.outgoing import bucket_for, call_of
from tests.support.tiny_slack import BOT

TIMES_AS_FAST = 5
SETTLE_S = 0.1


class FastClock:
    """The same instant in every process of one machine."""

    def __init__(self, epoch: datetime = datetime(2026, 3, 2, tzinfo=UTC)) -> None:
        self._epoch = epoch

    def now(self) -> datetime:
        return self._epoch + timedelta(seconds=TIMES_AS_FAST * time.monotonic())


def seeded(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)


def main(slack_url: str, database_url: str, owner: str) -> None:
    store = open_store(database_url)
    outbound = Outbound("xoxb-test", slack_url, warm_every_s=0)
    outbound.start()
    dispatcher = Dispatcher(
        Desk(
            store=store,
            clock=FastClock(),
            outbound=outbound,
            courier=Courier(outbound, lambda: BOT, SETTLE_S),
            render=lambda effect, _unit: call_of(effect),
            record=lambda *_: None,
            owner=owner,
            chance=random.random,
            rates=Rates(bucket_for, bucket_of, lambda _: None),
        )
    )
    store.on_commit(dispatcher.wake)
    dispatcher.start()
    print("sending", flush=True)  # noqa: T201 - whoever started it waits for this
    Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
