"""Everything that the environment says, read once, checked and frozen. Secrets never show in its repr.

Reads the environment and nothing else: no file is opened, no folder made."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bot.loopback import is_loopback
from bot.ring.settings import RingSettings
from bot.web.settings import WebSettings

SLACK_API = "https://slack.com/api/"


class SettingsFault(Exception):
    """The environment cannot be used. `faults` holds one sentence for each, with the next step."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class Settings(RingSettings, WebSettings):
    """One frozen record. `None` means that the variable is unset or empty."""

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(default=Path(".meridian"), alias="MERIDIAN_HOME")
    sandbox_port: int = Field(default=3777, ge=1, le=65535, alias="MERIDIAN_PORT")
    database: SecretStr | None = Field(default=None, alias="DATABASE_URL")
    bot_token: SecretStr | None = Field(default=None, alias="SLACK_BOT_TOKEN")
    app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field(default=SLACK_API, alias="SLACK_API_URL")
    has_client_ids: bool = Field(default=False, alias="SLACK_CLIENT_MSG_ID")
    clock_url: str | None = Field(default=None, alias="MERIDIAN_CLOCK_URL")
    heartbeat: SecretStr | None = Field(default=None, alias="HEARTBEAT_URL")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError(
                "it is no web address. Write it whole, for example https://slack.com/api/, or unset it."
            )
        return url.rstrip("/") + "/"

    @field_validator("bot_token", "app_token")
    @classmethod
    def _plausible(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith(("xoxb-", "xapp-")):
            raise ValueError(
                "it begins with neither xoxb- nor xapp-. Copy it again from the app's page at Slack."
            )
        return token

    @model_validator(mode="after")
    def _clock_only_at_home(self) -> "Settings":
        if self.clock_url is not None and not (
            is_loopback(self.clock_url) and is_loopback(self.slack_api_url)
        ):
            raise ValueError(
                "MERIDIAN_CLOCK_URL moves the clock and is taken only beside the sandbox:"
                " it and SLACK_API_URL must both be on this machine (127.0.0.1). Unset it."
            )
        return self

    @model_validator(mode="after")
    def _tokens_agree(self) -> "Settings":
        if self.bot_token is None and (self.app_token is not None or self.signing_secret is not None):
            raise ValueError(
                "SLACK_BOT_TOKEN is missing. Copy the token that begins with xoxb- from the app's page."
            )
        if self.bot_token is not None and self.app_token is None and self.signing_secret is None:
            raise ValueError(
                "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode)"
                " nor SLACK_SIGNING_SECRET (HTTP). Set one of the two."
            )
        return self

    @property
    def web_host(self) -> str:
        """ "" is every address of the machine; beside a local workspace nobody else has to reach us."""
        if self.own_web_host is not None:
            return self.own_web_host
        return "127.0.0.1" if is_loopback(self.slack_api_url) else ""

    @property
    def web_port(self) -> int:
        """0: any that is free."""
        return self.own_web_port if self.own_web_port is not None else self.sandbox_port + 1

    @property
    def web_url(self) -> str:
        """Where the web endpoints are reached; "" while nobody has said. Beside a local workspace: here."""
        is_local = is_loopback(self.slack_api_url) and self.web_port
        return self.public_url or (f"http://127.0.0.1:{self.web_port}/" if is_local else "")

    @property
    def has_tokens(self) -> bool:
        """False: there is no workspace to talk to but the sandbox."""
        return self.bot_token is not None

    @property
    def is_socket_mode(self) -> bool:
        return self.app_token is not None

    @property
    def database_url(self) -> str:
        """An address that SQLAlchemy takes; it may hold a password, so it is never logged."""
        if self.database is None:
            return f"sqlite:///{self.home / 'meridian.sqlite'}"
        url = self.database.get_secret_value()
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsFault."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsFault(
            tuple(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())
        ) from None


def _sentence(loc: tuple[int | str, ...], message: str) -> str:
    words = message.removeprefix("Value error, ")
    if not loc:
        return words
    name = str(loc[0])
    if words.startswith("it "):
        return f"{name}: {words}"
    return f"{name}: {words[0].lower()}{words[1:]}. Correct it or unset it."
