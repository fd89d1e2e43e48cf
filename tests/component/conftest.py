"""Fixtures of the component tests."""

from tests.support.slack_rules import slack, starting

__all__ = ["slack", "starting"]
