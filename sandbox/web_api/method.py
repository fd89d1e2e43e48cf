"""The form of a Web API method: who may call it, how often, how it reads its arguments. No transport here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError, invalid_arguments
from sandbox.manifest import Manifest
from sandbox.state import Workspace

TRUE, FALSE = ("1", "true", "True"), ("0", "false", "False", "")


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `args` holds strings (form, query) or JSON values; the accessors read both."""

    method: str
    args: Mapping[str, Any]
    manifest: Manifest

    def has(self, name: str) -> bool:
        return self.args.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """The argument as text; `invalid_arguments` where JSON sent something else than text or a number."""
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return value if isinstance(value, str) else str(value)

    def required(self, name: str) -> str:
        if not self.has(name):
            raise invalid_arguments(f"missing required field: {name}")
        return self.text(name)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if str(value) in TRUE:
            return True
        if str(value) in FALSE:
            return False
        raise invalid_arguments(f"must be a boolean [json-pointer:/{name}]")

    def number(self, name: str, default: int) -> int:
        if not self.has(name):
            return default
        try:
            return int(self.text(name))
        except ValueError:
            raise invalid_arguments(f"must provide a number [json-pointer:/{name}]") from None

    def words(self, name: str) -> list[str]:
        """A list sent as JSON or joined by commas."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def json(self, name: str, error: str) -> Any:
        """A nested value, itself or as a JSON string; None when absent; `error` when it is no JSON."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise SlackError(error) from None

    def need(self, *scopes: str) -> None:
        """`missing_scope` unless one of the scopes is granted: for rules that depend on the arguments."""
        if scopes and not any(self.manifest.grants(scope) for scope in scopes):
            provided = ",".join(sorted(self.manifest.scopes or ()))
            raise SlackError("missing_scope", needed=scopes[0], provided=provided)


Handler = Callable[[Workspace, Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """`tier`: calls a minute, or a constant below; any one of `scopes` is enough; `tokens` are prefixes."""

    handler: Handler
    tier: int
    scopes: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ("xoxb-",)


TIER_1, TIER_2, TIER_3, TIER_4, UNLIMITED, PER_CHANNEL = 1, 20, 50, 100, 0, -1
