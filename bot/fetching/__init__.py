"""Fetches a calendar from an address that somebody typed, from public hosts alone, by https alone.

It never follows into this machine's network, never repeats a request, and never says or logs the address."""

from bot.fetching.addresses import NotFetched
from bot.fetching.fetcher import Fetcher, Given, fetch_now

__all__ = ["Fetcher", "Given", "NotFetched", "fetch_now"]
