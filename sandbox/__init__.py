"""A local Slack-compatible workspace. It imports nothing of the product."""
