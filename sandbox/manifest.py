"""What the app declared: name, scopes, events, commands, shortcuts. Without one everything is granted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Manifest:
    """`scopes` and `events`: None where the app has them all. Commands and shortcuts as declared."""

    name: str = "Meridian"
    bot_name: str = "meridian"
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: tuple[Mapping[str, Any], ...] | None = None
    shortcuts: tuple[Mapping[str, Any], ...] | None = field(default=None)

    def grants(self, scope: str) -> bool:
        """Without a manifest: everything but posting where the app is no member."""
        return scope in self.scopes if self.scopes is not None else scope != "chat:write.public"

    def hears(self, event: str) -> bool:
        return self.events is None or event in self.events


def read_manifest(path: Path) -> Manifest:
    """Reads Slack's app manifest (YAML or JSON)."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    features, settings = document.get("features", {}), document.get("settings", {})
    name = document.get("display_information", {}).get("name", "Meridian")
    return Manifest(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name).lower(),
        scopes=frozenset(document.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands=tuple(features.get("slash_commands", ())),
        shortcuts=tuple(features.get("shortcuts", ())),
    )
