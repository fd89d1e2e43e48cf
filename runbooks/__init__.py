"""The runbook engine: what to do, in which order, by when. Pure, but for reading a folder of files."""
