"""What is done when Slack delivers: words → one operation → the answer. No rule of the trade is made here."""
