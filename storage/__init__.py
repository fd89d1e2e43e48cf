"""The SQL edge: tables, unit of work, outbox, inbox, timers and migrations."""
