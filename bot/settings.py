"""The settings of an installation: from the environment, a `.env` file, or `<NAME>_FILE` naming a file with the value.

The environment wins over `.env`. Everything is checked here, before anything starts, and what is wrong is said in one
sentence that tells what to set; a value is never repeated in it, for it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

TELEGRAM = "https://api.telegram.org"

# Every token accepted here is also recognised, and hidden, by bot/logs.py.
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{30,}")
_DATABASE_URL = re.compile(r"sqlite:///.|postgresql://.")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook

_FREE_PACE = 30

_WHAT_TO_SET = {
    "BOT_TOKEN": "BOT_TOKEN must be the token that @BotFather gives out, like 123456:ABC…",
    "BOT_API_URL": f"BOT_API_URL must be an address like {TELEGRAM}.",
    "DATABASE_URL": "DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name.",
    "BOT_MODE": "BOT_MODE must be polling or webhook.",
    "WEBHOOK_URL": "WEBHOOK_URL must be the https address at which Telegram reaches this bot.",
    "WEBHOOK_SECRET": "WEBHOOK_SECRET must be 1 to 256 of the characters A-Z a-z 0-9 _ -, hard to guess.",
    "HTTP_HOST": "HTTP_HOST must be the address to listen on, like 127.0.0.1.",
    "HTTP_PORT": "HTTP_PORT must be a port number from 0 to 65535.",
    "PACE": "PACE must be how many messages are sent a second: up to 30, up to 1000 if broadcasts are paid.",
    "PAID_BROADCASTS": "PAID_BROADCASTS must be on or off.",
    "OWNERS": "OWNERS must be the owners' Telegram user ids, like 12345678,23456789.",
    "CHARTER": "CHARTER must be the path of the charter file.",
    "KEY_FILE": "KEY_FILE must be the path of the key file.",
    "BACKUP_TO": "BACKUP_TO must be the path of the folder for backups.",
    "BACKUP_KEY": "BACKUP_KEY must be the path of the file that opens the backups.",
    "BACKUP_RECIPIENTS": "BACKUP_RECIPIENTS must be public keys of age, like age1…, with commas.",
    "BACKUP_KEEP": "BACKUP_KEEP must be how many backups to keep, from 1 to 10000.",
    "LOG_LEVEL": "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.",
    "LOG_FORMAT": "LOG_FORMAT must be text or json.",
}


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence that says what to set."""


def _matching(pattern: re.Pattern[str]) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not pattern.fullmatch(secret.get_secret_value()):
            raise ValueError
        return secret

    return AfterValidator(check)


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return url.rstrip("/")


def _database_url(url: SecretStr) -> SecretStr:
    if not _DATABASE_URL.match(url.get_secret_value()):
        raise ValueError
    return url


def _reachable(url: str) -> str:
    """Telegram itself only calls https; plain http is for a Telegram on this machine."""
    parts = urlsplit(_http_url(url))
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError
    return url


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _user_ids(value: object) -> object:
    return re.split(r"[,;\s]+", value.strip(" ,;")) if isinstance(value, str) and value.strip(" ,;") else ()


def _words(value: object) -> object:
    return re.split(r"[,;\s]+", value.strip(" ,;")) if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


class DataSettings(BaseModel):
    """What the data needs, with or without a bot. Secrets show as asterisks unless asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr("sqlite:///data/regulars.db")
    owners: Annotated[tuple[Annotated[int, Field(gt=0)], ...], BeforeValidator(_user_ids)] = ()
    charter: Path = Path("charter.toml")
    key_file: Path = Path("regulars.key")
    backup_to: Path | None = None
    backup_key: Path | None = None
    backup_recipients: Annotated[
        tuple[Annotated[str, Field(pattern="^age1[a-z0-9]+$")], ...], BeforeValidator(_words)
    ] = ()
    backup_keep: Annotated[int, Field(ge=1, le=10_000)] = 14
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @property
    def owns_database(self) -> bool:
        """SQLite serves one process; on PostgreSQL others may be at work."""
        return self.database_url.get_secret_value().startswith("sqlite")

    @property
    def database_place(self) -> str:
        """Where it is, for people: the file's path, or that it is where DATABASE_URL says, which holds a password."""
        scheme, _, path = self.database_url.get_secret_value().partition(":///")
        return str(Path(path.partition("?")[0]).absolute()) if scheme == "sqlite" else "the address in DATABASE_URL"

    @property
    def backup_folder(self) -> Path:
        """BACKUP_TO; by default `backups` beside the key file."""
        return self.backup_to or self.key_file.parent / "backups"

    @property
    def backup_identity(self) -> Path:
        """BACKUP_KEY; by default `regulars.backup.key` beside `regulars.key`."""
        return self.backup_key or self.key_file.with_suffix(".backup.key")

    @property
    def witness_file(self) -> Path:
        """Where the end of the audit's chain is remembered: `regulars.witness` beside `regulars.key`."""
        return self.key_file.with_suffix(".witness")

    @property
    def charts_folder(self) -> Path:
        """What the chart's library keeps, so that it need not look for fonts at each start: `data/charts` beside
        `regulars.key`."""
        return self.key_file.parent / "data" / "charts"


class Settings(DataSettings):
    """What the bot needs besides. Secrets show as asterisks unless asked for with `get_secret_value()`."""

    bot_token: Annotated[SecretStr, _matching(_TOKEN)]
    bot_api_url: Annotated[str, AfterValidator(_http_url)] = TELEGRAM
    bot_mode: Literal["polling", "webhook"] = "polling"
    webhook_url: Annotated[str, AfterValidator(_reachable)] | None = None
    webhook_secret: Annotated[SecretStr, _matching(_WEBHOOK_SECRET)] | None = None
    http_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    pace: Annotated[float, Field(ge=0, le=1000)] = 28.0  # messages a second; 0: no limit, for a simulated Telegram
    paid_broadcasts: bool = False

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if self.bot_mode == "webhook" and not self.webhook_url:
            raise SettingsError(f"With BOT_MODE=webhook, {_WHAT_TO_SET['WEBHOOK_URL']}")
        if self.bot_mode == "webhook" and not self.webhook_secret:
            raise SettingsError(f"With BOT_MODE=webhook, {_WHAT_TO_SET['WEBHOOK_SECRET']}")
        return self

    @model_validator(mode="after")
    def _pace_is_paid_for(self) -> Self:
        """https://core.telegram.org/bots/faq: about 30 messages a second are free, up to 1,000 cost Stars."""
        if self.pace > _FREE_PACE and not self.paid_broadcasts:
            raise SettingsError("Set PAID_BROADCASTS=on for a PACE above 30: Telegram charges Stars for it.")
        return self


_Kind = TypeVar("_Kind", bound=DataSettings)


def load(environ: Mapping[str, str], folder: Path = Path()) -> Settings:
    """The settings out of `environ` and `folder/.env`; relative paths are relative to the working folder.

    An empty value counts as not set. Raises `SettingsError`.
    """
    return _load(Settings, environ, folder)


def load_data(environ: Mapping[str, str], folder: Path = Path()) -> DataSettings:
    """The same for commands that look after the data: they need no token."""
    return _load(DataSettings, environ, folder)


def database_address(text: str) -> str:
    """Of a new database, as `--to` gives it. Raises `SettingsError`, which repeats no more of it than a file's name."""
    if not _DATABASE_URL.match(text):
        file = text if re.fullmatch(r"[^:@]+", text) else "path/to/file.db"
        raise SettingsError(
            f"--to must be the address of a new database: sqlite:///{file} or postgresql://user:password@host/name."
        )
    return text


def _load(kind: type[_Kind], environ: Mapping[str, str], folder: Path) -> _Kind:
    dotenv = _dotenv(folder / ".env")
    values = {field: _value(environ, field.upper()) or _value(dotenv, field.upper()) for field in kind.model_fields}
    try:
        return kind.model_validate({field: value for field, value in values.items() if value})
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def _dotenv(path: Path) -> dict[str, str]:
    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The file {path} cannot be read; make it readable text, or remove it.") from None
    return {name: value for name, value in values.items() if value is not None}


def _value(source: Mapping[str, str], name: str) -> str:
    value, path = source.get(name, "").strip(), source.get(f"{name}_FILE", "").strip()
    if value and path:
        raise SettingsError(f"Set either {name} or {name}_FILE, not both.")
    if not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name}_FILE names a file that cannot be read; set it to a readable text file.") from None


def _sentence(error: ValidationError) -> str:
    first: dict[str, Any] = dict(error.errors(include_input=False, include_url=False)[0])
    name = str(first["loc"][0]).upper()
    if name == "BOT_TOKEN" and first["type"] == "missing":
        return "Set BOT_TOKEN to the token that @BotFather gives out; to try everything without one, run `./dev demo`."
    return _WHAT_TO_SET[name]
