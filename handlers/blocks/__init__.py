"""Domain values → Block Kit, as pure functions: what people read, and nothing about how it is sent."""
