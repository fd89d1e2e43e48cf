"""Composition root, processes, command line, settings, clock and web endpoints."""
