"""Meridian on the web: Slack over HTTP, health, metrics, declaring from outside. No rule of the trade."""
