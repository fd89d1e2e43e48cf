"""Calendar files of other tools → roster shifts with a report. Pure: no file, no network, no process.

`reading.py` is the way in; it is loaded by whoever reads a calendar, and by no start."""
