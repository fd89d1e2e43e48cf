"""`/_control/`: what people do, what tests order, and what can be read of it all. Slack has none of this."""
