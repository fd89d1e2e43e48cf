"""The use cases: open a unit of work, load, ask `may`, decide, save, put effects. No rule is made here."""
