"""The exports of other tools as JSON → a part of an organisation, and a line for each object of theirs.

Reads values only: no file, no network, no schedule is touched here.
"""
