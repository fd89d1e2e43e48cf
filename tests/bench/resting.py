"""start.*, memory.idle, idle.cpu: a start beside bare imports of the same run, a bot with nothing to do."""

import compileall
import statistics
import sys
import time
from collections.abc import Iterator

from tests.bench.processes import Bare, bare_imports, bot_pid, cpu_s, memory_mb, running
from tests.bench.rows import Aim, Row
from tests.support.processes import ROOT, Running
from tests.support.started import ended

STARTS, IDLE_S, SETTLES_S = 5, 20.0, 3.0
OURS = ("bot", "handlers", "incidents", "rotations", "runbooks", "storage")
TITLE = "Fraud wave before the kill"


def rows(run: str) -> Iterator[Row]:
    _compile()
    bare = [bare_imports() for _ in range(STARTS)]
    import_s = statistics.median(each.import_s for each in bare)
    with running() as started:
        cold = statistics.median(_again(started) for _ in range(STARTS))
        yield Row(
            "start.cold",
            cold * 1000,
            "ms",
            run,
            import_s * 1000,
            Aim("ratio", "<=", 1.5),
            "to ready, beside bare imports",
        )
        yield from _idle(run, started, bare)
        resume = statistics.median(_resumed_after_s(started, number) for number in range(3))
        yield Row(
            "start.resume",
            resume,
            "s",
            run,
            cold,
            Aim("value", "<=", 2.0),
            "process start to first effect that waited",
        )


def _compile() -> None:
    """Like with like: the libraries' bytecode is there. Where none is written (PYTHONDONTWRITEBYTECODE), each
    start would compile our four hundred files."""
    for package in OURS:
        compileall.compile_dir(ROOT / package, quiet=1)


def _again(started: Running) -> float:
    """Stop the bot, keep its workspace, start it: seconds until it says that it is ready."""
    started.kill()
    return started.start().ready_after_s


def _idle(run: str, started: Running, bare: list[Bare]) -> Iterator[Row]:
    time.sleep(SETTLES_S)
    pid = bot_pid(started)
    before, began = cpu_s(pid), time.monotonic()
    time.sleep(IDLE_S)
    percent = (cpu_s(pid) - before) / (time.monotonic() - began) * 100
    base = statistics.median(each.memory_mb for each in bare)
    yield Row("memory.idle", memory_mb(pid), "MB", run, base, Aim("ratio", "<=", 1.35), "beside bare imports")
    yield Row("idle.cpu", percent, "%", run, None, Aim("value", "<=", 0.5), f"over {IDLE_S:g} s")


def _resumed_after_s(started: Running, number: int) -> float:
    """Declared from a terminal while no bot ran: nothing of it was in flight when the next one starts."""
    workspace = started.workspace
    started.kill()
    words = (sys.executable, "-m", "bot", "declare", f"{TITLE} {number}", "--sev", "sev2")
    declared = ended(words, {"MERIDIAN_HOME": str(started.home)})
    assert declared.code == 0, declared
    seen = int(workspace.journal()[-1]["seq"])
    began = time.monotonic()  # as the journal of the workspace counts
    started.start()

    def first_call() -> float | None:
        entries = workspace.get(f"journal?after={seen}")["entries"]
        posts = [e for e in entries if e.get("method") in ("conversations.create", "chat.postMessage")]
        return float(posts[0]["t_start"]) if posts else None

    return float(workspace.eventually("the first resumed effect", first_call, within=60)) - began
