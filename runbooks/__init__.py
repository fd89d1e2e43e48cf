"""The runbook engine: parsing, catalogue and stepping. Pure."""
