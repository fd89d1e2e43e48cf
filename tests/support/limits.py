"""What the system grants a process, taken away for a while."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def limited(pid: int, kind: int, most: int) -> Iterator[None]:
    """`kind` is one of `resource.RLIMIT_…`. The process may end meanwhile."""
    soft, hard = resource.prlimit(pid, kind)
    resource.prlimit(pid, kind, (most, hard))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, kind, (soft, hard))
