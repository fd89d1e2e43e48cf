"""The Slack edge: words, blocks, listeners and the rendering of effects into Web API calls."""
