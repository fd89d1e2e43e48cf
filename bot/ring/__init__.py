"""The phone leg: what rings a person outside Slack, one provider a file."""
