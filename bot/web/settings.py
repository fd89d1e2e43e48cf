"""The part of the environment about the web: where it listens, which secrets sign what comes in."""

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings


class WebSettings(BaseSettings):
    own_web_port: int | None = Field(default=None, ge=0, le=65535, alias="PORT")
    own_web_host: str | None = Field(default=None, alias="WEB_HOST")
    signing_secret: SecretStr | None = Field(default=None, alias="SLACK_SIGNING_SECRET")
    incidents_secret: SecretStr | None = Field(default=None, alias="INCIDENTS_SECRET")
    incidents_by: str = Field(default="", alias="INCIDENTS_BY")

    @field_validator("signing_secret", "incidents_secret")
    @classmethod
    def _says_something(cls, secret: SecretStr | None) -> SecretStr | None:
        """Whoever signs with nothing has signed as well as anybody."""
        if secret is not None and not secret.get_secret_value().strip():
            raise ValueError("it is blank. Copy it again, or unset it.")
        return secret

    @model_validator(mode="after")
    def _somebody_stands_for_others(self) -> "WebSettings":
        if self.incidents_secret is not None and not self.incidents_by.strip():
            raise ValueError(
                "INCIDENTS_SECRET is set, but not INCIDENTS_BY: the person (Slack id, or key in the schedules"
                " file) in whose name an incident is declared when the request names nobody who is known."
            )
        return self

    @property
    def takes_http(self) -> bool:
        """Slack may deliver over HTTP."""
        return self.signing_secret is not None
