"""Calendar files of other tools → roster shifts with a report. Pure: no file, no network, no process."""

from rotations.ics.reading import read

__all__ = ["read"]
