"""How a command ends, by what it raised: said in a sentence, or a mistake of ours that shows itself."""

from pathlib import Path

import pytest

from bot.applying import UnreadableFile
from bot.cli.exits import EnvironmentFault, Exit, UsageFault, told
from incidents.errors import StoreUnavailable, UnknownIncident
from rotations.refusals import Fault, ScheduleFaults
from storage.errors import StoreError


def raising(fault: Exception) -> Exit:
    def command() -> Exit:
        raise fault

    return told(command)


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        (UsageFault("There is no time zone Erin."), Exit.USAGE),
        (UnknownIncident("INC-9"), Exit.REFUSED),
        (ScheduleFaults((Fault("a.yaml", 1, 2, "No."), Fault("a.yaml", 3, 4, "Nor this."))), Exit.REFUSED),
        (UnreadableFile(f"{Path('a.ics')} cannot be read."), Exit.ENVIRONMENT),
        (EnvironmentFault("No folder."), Exit.ENVIRONMENT),
        (StoreError("No database."), Exit.ENVIRONMENT),
        (StoreUnavailable("Not now."), Exit.ENVIRONMENT),
    ],
    ids=lambda case: type(case).__name__ if isinstance(case, Exception) else case.name.lower(),
)
def test_what_a_command_raises_is_said_and_ends_it(
    fault: Exception, ending: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(fault) is ending
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{fault}\n")


def test_a_mistake_of_ours_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(KeyError):
        raising(KeyError("schedule"))
