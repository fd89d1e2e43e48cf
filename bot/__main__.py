"""`python -m bot …`: the grammar of the command line. A command's module is imported when it is called."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

Commands = Any  # argparse keeps the type of its sub-parsers to itself


def main(words: Sequence[str]) -> int:
    """The exit code: 0 done, 1 refused, 2 usage, 3 environment."""
    options = _grammar().parse_args(words)
    module, function = options.command.split(":")
    try:
        return int(getattr(import_module(f"bot.cli.{module}"), function)(options))
    except BrokenPipeError:  # whoever read has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _grammar() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Meridian runs incidents in Slack.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    _running(commands)
    _data(commands)
    _copies(commands)
    _incident(commands)
    _outbox(commands)
    _record(commands)
    _schedules(commands)
    status = commands.add_parser("status", help="how Meridian is: what waits, what is wrong")
    status.add_argument("--json", action="store_true")
    status.set_defaults(command="status:status")
    doctor = commands.add_parser("doctor", help="say in plain words what is missing")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command="doctor:doctor")
    return parser


def _running(commands: Commands) -> None:
    for name, words in (
        ("run", "everything in one process; without tokens with a local workspace beside it"),
        ("serve", "take Slack's deliveries in (PostgreSQL)"),
        ("work", "send, keep time, hand over (PostgreSQL)"),
    ):
        commands.add_parser(name, help=words).set_defaults(command=f"running:{name}")


def _data(commands: Commands) -> None:
    migrate = commands.add_parser("migrate", help="create or update the database")
    migrate.set_defaults(command="data:migrate")
    apply = commands.add_parser("apply", help="take over people and schedules from a file")
    apply.add_argument("file", type=Path)
    apply.set_defaults(command="planning:apply")
    _weighed(apply)
    _imports(commands)
    audit = commands.add_parser("audit", help="who did what, and whether the record is whole")
    _audit(audit.add_subparsers(required=True))


def _audit(kinds: Commands) -> None:
    verify = kinds.add_parser("verify", help="recompute every timeline's hash chain")
    verify.set_defaults(command="data:audit_verify")
    listed = kinds.add_parser("list", help="who changed what, newest first")
    listed.add_argument("--of", default="", metavar="SUBJECT", help="only of this, like INC-12 or schedules")
    listed.add_argument("--last", type=int, default=50, metavar="N", help="so many; 50 without it")
    listed.set_defaults(command="audit:audit_list")
    for one in (verify, listed):
        one.add_argument("--json", action="store_true")


def _imports(commands: Commands) -> None:
    parser = commands.add_parser("import", help="take over shifts that were planned elsewhere")
    kinds = parser.add_subparsers(required=True)
    csv = kinds.add_parser("csv", help="lines of person,start,end,zone,seat")
    csv.add_argument("--region", help="of the seats that name none")
    csv.set_defaults(command="planning:import_csv")
    ics = kinds.add_parser("ics", help="a calendar of another tool, for one seat")
    ics.add_argument("--region", help="needed where the schedule has several")
    ics.add_argument("--seat", choices=("primary", "backup", "lead", "shadow"), default="primary")
    ics.add_argument("--zone", help="for times that the file puts in no zone, like Europe/Dublin")
    ics.add_argument("--map", type=Path, metavar="FILE", help="who is who, and which zone is which")
    ics.add_argument("--follow", action="store_true", help="read the address every hour, and ask the leads")
    ics.set_defaults(command="calendars_in:import_ics")
    csv.add_argument("file", type=Path)
    ics.add_argument("file", metavar="FILE|URL", help="a file, or an https:// or webcal:// address")
    for tool in ("pagerduty", "opsgenie", "grafana"):
        _export_of(tool, kinds.add_parser(tool, help="schedules of that tool, as its API gives them in JSON"))
    for kind in (csv, ics):
        kind.add_argument("--schedule", help="without it the one that is paged")
        kind.add_argument("--json", action="store_true")
        _weighed(kind)
    followed = kinds.add_parser("following", help="the calendars that are followed by their address")
    followed.add_argument("--json", action="store_true")
    followed.set_defaults(command="following:following")
    unfollow = kinds.add_parser("unfollow", help="follow one no more; nobody's shift changes")
    unfollow.add_argument("calendar", metavar="ID", help="as `import following` says it")
    unfollow.set_defaults(command="following:unfollow")
    undo = kinds.add_parser("undo", help="take the last import back, whichever kind it was")
    undo.set_defaults(command="imports:import_undo")
    _weighed(undo)


def _export_of(tool: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    what = "its rendered calendar, to compare; of several schedules one for each"
    parser.add_argument("--rendered", action="append", default=[], metavar="[NAME=]FILE", help=what)
    parser.add_argument("--schedule", help="the only one of its schedules that is wanted")
    parser.add_argument("--region", help="what its region is called here; without it the city of its zone")
    parser.add_argument("--seat", choices=("primary", "backup", "lead", "shadow"), default="primary")
    parser.add_argument("--zone", help="where the export names none, like Europe/Dublin")
    parser.add_argument("--map", type=Path, metavar="FILE", help="who is who, and which zone is which")
    parser.add_argument("--json", action="store_true")
    _weighed(parser)
    parser.set_defaults(command="exports_in:import_vendor", kind=tool)


def _weighed(parser: argparse.ArgumentParser) -> None:
    """What every change of the plan is asked."""
    parser.add_argument("--dry-run", action="store_true", help="change nothing, only say what would change")
    parser.add_argument("--yes", action="store_true", help="though it alters who is paged within 24 hours")


def _copies(commands: Commands) -> None:
    backup = commands.add_parser("backup", help="copy the SQLite database into one file, while the bot runs")
    restore = commands.add_parser("restore", help="go back to such a copy; nobody is paged again by it")
    for name, parser, forced in (
        ("backup", backup, "replace a file of that name"),
        ("restore", restore, "though a timeline in it is broken"),
    ):
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help=forced)
        parser.set_defaults(command=f"backup:{name}")
    marks = commands.add_parser(
        "restored", help="after a database was put back by other means, before the start"
    )
    marks.set_defaults(command="backup:restored")


def _incident(commands: Commands) -> None:
    declare = commands.add_parser("declare", help="declare an incident, also while Slack is away")
    declare.add_argument("title")
    declare.add_argument(
        "--sev", type=severity, metavar="SEV0…SEV4", help="without it: proposed from the title"
    )
    declare.add_argument("--restricted", action="store_true", help="for the people who are part of it alone")
    ack = commands.add_parser("ack", help="say that somebody has an incident")
    ack.add_argument("key")
    ack.add_argument("--as", dest="as_", metavar="PERSON", help="who has it, when that is not you")
    page = commands.add_parser("page", help="bring in one more person or seat")
    whom = (
        "the incident, then whom: @person, primary, backup, lead, next, legal; with --test the person alone"
    )
    page.add_argument("words", nargs="+", metavar=("KEY", "WHOM"), help=whom)
    page.add_argument("--why")
    page.add_argument("--test", action="store_true", help="only see whether it rings")
    for name, parser in (("declare", declare), ("acknowledge", ack), ("page", page)):
        parser.add_argument("--by", metavar="PERSON", help="who you are: Slack id, address or name")
        parser.set_defaults(command=f"incident:{name}", ring=False)
    for parser in (declare, page):
        wish = argparse.BooleanOptionalAction
        parser.add_argument(
            "--ring", action=wish, default=sys.stdout.isatty(), help="where no bot runs, ring from here"
        )


def severity(word: str) -> object:
    """`SEV1`, `sev1` or `1`. ValueError for what is none."""
    from incidents.model import Severity

    return Severity(int(word.casefold().removeprefix("sev")))


def _outbox(commands: Commands) -> None:
    outbox = commands.add_parser("outbox", help="what could not be sent").add_subparsers(required=True)
    for name, function, words in (
        ("list", "show", "everything that was given up"),
        ("retry", "retry", "try one again, with all that failed because of it"),
        ("drop", "drop", "send one never"),
    ):
        parser = outbox.add_parser(name, help=words)
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(command=f"outbox:{function}")
        if name != "list":
            parser.add_argument("key")


def _record(commands: Commands) -> None:
    words = "the record of an incident, or the shifts of a schedule"
    export = commands.add_parser("export", help=words).add_subparsers(required=True)
    schedule = export.add_parser("schedule", help="15 days back, 180 ahead")
    schedule.add_argument("name")
    schedule.add_argument("--format", choices=("ics", "csv", "json"), default="ics")
    schedule.set_defaults(command="rota_export:export_schedule")
    review = export.add_parser("review", help="a time for the review that suits the regions, as .ics")
    review.add_argument("key")
    review.set_defaults(command="rota_export:export_review")
    incident = export.add_parser("incident")
    incident.add_argument("key")
    incident.add_argument("--format", choices=("md", "json", "html", "csv"), default="md")
    incident.set_defaults(command="record:export_incident")


def _schedules(commands: Commands) -> None:
    oncall = commands.add_parser("oncall", help="who is on call, from the database or from a file alone")
    oncall.add_argument("--file", type=Path, help="a schedules file; without it the database is asked")
    oncall.add_argument("--schedule")
    when = oncall.add_mutually_exclusive_group()
    when.add_argument("--at", action="append", default=[], help="an instant with its offset; repeatable")
    when.add_argument("--between", nargs=2, metavar=("FROM", "UNTIL"))
    oncall.add_argument("--json", action="store_true")
    oncall.set_defaults(command="schedules:oncall")
    runbooks = commands.add_parser("runbooks", help="the runbooks").add_subparsers(required=True)
    check = runbooks.add_parser("check", help="all faults, with line and column")
    check.add_argument("folder", type=Path, nargs="?")
    check.add_argument("--json", action="store_true")
    check.set_defaults(command="schedules:check_runbooks")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
