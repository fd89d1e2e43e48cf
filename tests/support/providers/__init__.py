"""Local stand-ins of the providers that ring phones: their documented APIs over real loopback HTTP."""
