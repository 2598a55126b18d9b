from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings, SettingsError

TOKEN = "123456:" + "A1_-" * 8 + "xyz"
WEBHOOK = {"BOT_MODE": "webhook", "WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_SECRET": "s3cret_-"}


def load(tmp_path: Path, **environ: str) -> Settings:
    return settings.load({"BOT_TOKEN": TOKEN, **environ}, tmp_path)


def test_a_token_is_all_it_needs(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.bot_token.get_secret_value() == TOKEN
    assert loaded.bot_api_url == "https://api.telegram.org"
    assert loaded.database_url.get_secret_value() == "sqlite:///data/regulars.db"
    assert (loaded.bot_mode, loaded.owners, loaded.charter) == ("polling", (), Path("charter.toml"))


def test_without_a_token_it_says_what_to_set_and_names_the_demo(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Set BOT_TOKEN .* `\./dev demo`\."):
        settings.load({}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "secret-but-no-token"),
        ("BOT_TOKEN", TOKEN + "!"),
        ("BOT_API_URL", "bots.example.org"),
        ("BOT_API_URL", "ftp://bots.example.org"),
        ("DATABASE_URL", "mysql://me:secret@host/db"),
        ("DATABASE_URL", "sqlite://relative.db"),
        ("BOT_MODE", "pull"),
        ("WEBHOOK_URL", "http://bot.example.com"),
        ("WEBHOOK_URL", "nonsense"),
        ("WEBHOOK_SECRET", "with spaces"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("HTTP_PORT", "eighty"),
        ("HTTP_PORT", "65536"),
        ("OWNERS", "12345,@ann"),
        ("OWNERS", "-100123"),
        ("PACE", "fast"),
        ("PACE", "1001"),
        ("PAID_BROADCASTS", "perhaps"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_without_its_value(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"{name} must be ")
    assert value not in sentence
    assert "\n" not in sentence
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("missing", ["WEBHOOK_URL", "WEBHOOK_SECRET"])
def test_webhook_mode_needs_its_address_and_secret(tmp_path: Path, missing: str) -> None:
    with pytest.raises(SettingsError, match=f"With BOT_MODE=webhook, {missing} must be"):
        load(tmp_path, **{**WEBHOOK, missing: ""})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/x", "http://localhost:1", "http://[::1]:2", "https://a.example"]
)
def test_a_webhook_address_is_https_or_on_this_machine(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, **{**WEBHOOK, "WEBHOOK_URL": url}).webhook_url == url


@pytest.mark.parametrize("owners", ["11,22", "11 22", " 11, 22, ", "11;22"])
def test_owners_are_user_ids_however_separated(tmp_path: Path, owners: str) -> None:
    assert load(tmp_path, OWNERS=owners).owners == (11, 22)


def test_an_empty_setting_is_an_unset_one(tmp_path: Path) -> None:
    assert load(tmp_path, HTTP_PORT="", OWNERS=" ").http_port == 8080


def test_an_address_may_end_in_a_slash(tmp_path: Path) -> None:
    assert load(tmp_path, BOT_API_URL="http://127.0.0.1:8081/").bot_api_url == "http://127.0.0.1:8081"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    loaded = settings.load({"BOT_TOKEN_FILE": str(tmp_path / "token")}, tmp_path)
    assert loaded.bot_token.get_secret_value() == TOKEN


def test_a_secret_file_that_is_missing_is_named_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BOT_TOKEN_FILE names a file that cannot be read"):
        settings.load({"BOT_TOKEN_FILE": str(tmp_path / "token")}, tmp_path)


def test_a_value_and_a_file_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="either BOT_TOKEN or BOT_TOKEN_FILE"):
        load(tmp_path, BOT_TOKEN_FILE="token")


def test_dotenv_is_read_and_the_environment_wins_over_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nHTTP_PORT=9000\nHTTP_HOST='0.0.0.0' # all\n")
    loaded = settings.load({"HTTP_PORT": "9001"}, tmp_path)
    assert (loaded.http_port, loaded.http_host, loaded.bot_token.get_secret_value()) == (9001, "0.0.0.0", TOKEN)


def test_a_file_in_the_environment_wins_over_a_value_in_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_TOKEN=nonsense\n")
    (tmp_path / "token").write_text(TOKEN)
    loaded = settings.load({"BOT_TOKEN_FILE": str(tmp_path / "token")}, tmp_path)
    assert loaded.bot_token.get_secret_value() == TOKEN


def test_dotenv_takes_dollars_literally(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://me:pa${HOME}@host/db\n")
    assert load(tmp_path).database_url.get_secret_value() == "postgresql://me:pa${HOME}@host/db"


def test_secrets_are_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(load(tmp_path, DATABASE_URL="postgresql://me:hunter2@host/db", **WEBHOOK))
    assert not any(secret in shown for secret in (TOKEN, "hunter2", WEBHOOK["WEBHOOK_SECRET"]))


def test_more_than_telegrams_free_pace_has_to_be_paid_for(tmp_path: Path) -> None:
    assert load(tmp_path).pace == 28
    with pytest.raises(SettingsError, match="PAID_BROADCASTS=on"):
        load(tmp_path, PACE="100")
    assert load(tmp_path, PACE="1000", PAID_BROADCASTS="on").pace == 1000
