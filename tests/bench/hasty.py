"""`python -m tests.bench.hasty run`: the bot at twenty times Slack's pace, for a workspace without tiers.

Thousands of effects leave in minutes instead of hours. What is counted where, in which order they leave and
what a refusal does is as ever."""

import sys

from msgspec.structs import replace

from bot import rates
from bot.__main__ import main
from storage.buckets import Rate

FASTER = 20
_slacks = rates.rate_of


def rate_of(bucket: str) -> Rate | None:
    rate = _slacks(bucket)
    return rate and Rate(rate.per_minute * FASTER, rate.burst * FASTER)


if __name__ == "__main__":
    rates.rate_of = rate_of
    rates.SLACK = replace(rates.SLACK, rate_of=rate_of)  # type: ignore[misc]
    sys.exit(main(sys.argv[1:]))
