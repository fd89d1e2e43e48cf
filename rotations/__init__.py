"""The schedule engine: who is on call, until when and why. Pure."""
