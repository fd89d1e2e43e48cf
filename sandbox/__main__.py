"""`python -m sandbox --port N [--seed FILE] [--data DIR] [--manifest FILE] …`: serves until a signal."""

import argparse
import asyncio
import os
import secrets
import sys
from pathlib import Path

from yaml import YAMLError

from sandbox.deliveries import HTTP
from sandbox.guard import real_token
from sandbox.server import document, serve
from sandbox.settings import Settings
from sandbox.site import Plan

ENVIRONMENT = 3
PHONE_SECRET = "SANDBOX_PHONE_SECRET"


def main(arguments: list[str]) -> int:
    """Serves until a signal ends it. 0 ended, 2 usage, 3 the environment does not allow it."""
    options = parser().parse_args(arguments)
    token = real_token(os.environ)
    if token is not None:
        print(f"{token} belongs to a real workspace: the sandbox does not start beside it.", file=sys.stderr)
        return ENVIRONMENT
    try:
        plan = Plan(
            secrets.randbits(48),
            document(options.seed),
            options.manifest,
            options.data,
            settings=settings(options, os.environ.get(PHONE_SECRET, "")),
        )
        asyncio.run(serve(plan, options.port, announce))
    except (OSError, ValueError, KeyError, YAMLError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return ENVIRONMENT
    return 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m sandbox", description="A local Slack-compatible workspace."
    )
    found.add_argument("--port", type=int, required=True, help="on loopback; 0 takes any free one")
    found.add_argument("--seed", type=Path, help="JSON: users and channels to begin with")
    found.add_argument("--data", type=Path, help="folder in which the workspace outlives restarts")
    found.add_argument(
        "--manifest", type=Path, help="the app's manifest: scopes, events, commands, shortcuts"
    )
    found.add_argument("--request-url", default="", help="deliver over HTTP, to this address of this machine")
    found.add_argument("--signing-secret", default="", help="signs what is delivered over HTTP")
    found.epilog = f"{PHONE_SECRET} in the environment signs what rings people's telephones at /_phone."
    return found


def settings(options: argparse.Namespace, phone_secret: str) -> Settings:
    if not options.request_url:
        return Settings(phone_secret=phone_secret)
    address = {"request_url": options.request_url, "signing_secret": options.signing_secret}
    return Settings(delivery=HTTP, phone_secret=phone_secret, **address)


def announce(url: str) -> None:
    print(f"Sandbox ready at {url}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
