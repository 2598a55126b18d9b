"""Turns a queued message into calls of the Bot API: words, buttons, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot import buttons
from bot.api import Api
from bot.faces import face
from bot.pictures import Studio, face_key
from bot.words import Words, choose_locale
from db import picture_files
from db.database import Database, DatabaseTrouble
from db.outbox import Queued


class Gone(Exception):
    """The chat does not exist any more."""


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNCHANGED = "message is not modified"
_CANNOT_EDIT = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")
_FILE_GONE = ("wrong file identifier", "wrong remote file identifier", "file reference")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything needed to send one message."""

    api: Api
    db: Database
    words: Words
    studio: Studio

    async def deliver(self, message: Queued) -> int:
        """Send it; the id Telegram gave it. Raises Gone, or python-telegram-bot's errors."""
        reader = message.reader
        locale = choose_locale(reader.language, reader.telegram_language or None, self.words.default_locale)
        text, keyboard = self._say(message.body, locale, reader.easy_mode)
        try:
            if "picture" in message.body:
                return await self._send_picture(message.chat_id, message.body["picture"], locale, text, keyboard)
            if "document" in message.body:
                return await self._send_document(message.chat_id, message.body["document"], locale, text, keyboard)
            if "edit" in message.body:
                return await self._edit(message.chat_id, message.body["edit"], text, keyboard)
            return await self._send_text(message.chat_id, text, keyboard)
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise Gone(error.message) from error
            raise

    async def apologise(self, chat_id: int, telegram_language: str) -> None:
        """Say that the answer will be late, best effort: nothing is stored, nothing retried."""
        locale = choose_locale("", telegram_language or None, self.words.default_locale)
        try:
            await self._send_text(chat_id, self.words.render("answer_will_be_late", locale, {}), None)
        except Exception:  # noqa: BLE001, S110 - the update itself is safe; this was a courtesy
            pass

    async def answer_press(self, press_id: str) -> None:
        """Stop the pressed button's spinner. Too late is no error, and it is tried once only."""
        try:
            await self.api.call("answerCallbackQuery", {"callback_query_id": press_id})
        except TelegramError:
            pass

    def _say(self, body: Mapping[str, Any], locale: str, easy: bool) -> tuple[str, dict[str, Any] | None]:
        text = self.words.render(body["template"], locale, {"easy": easy, **body["params"]})
        return text, buttons.keyboard(body["template"], self.words, locale, body["params"])

    async def _send_text(self, chat_id: int, text: str, keyboard: dict[str, Any] | None) -> int:
        sent = await self.api.call("sendMessage", {"chat_id": chat_id, **_text(text), **_markup(keyboard)})
        return _message_id(sent)

    async def _edit(self, chat_id: int, message_id: int, text: str, keyboard: dict[str, Any] | None) -> int:
        inline = keyboard if keyboard and "inline_keyboard" in keyboard else None
        fields = {"chat_id": chat_id, "message_id": message_id, **_text(text), **_markup(inline)}
        try:
            await self.api.call("editMessageText", fields)
        except BadRequest as error:
            told = error.message.lower()
            if _UNCHANGED in told:
                return message_id
            if any(reason in told for reason in _CANNOT_EDIT):
                return await self._send_text(chat_id, text, keyboard)
            raise
        return message_id

    async def _send_picture(
        self, chat_id: int, picture: Mapping[str, Any], locale: str, text: str, keyboard: dict[str, Any] | None
    ) -> int:
        params = face(picture["kind"], self.words, locale, self.api.bot.username, picture["params"])
        key = face_key({"kind": picture["kind"], **params})
        fields = {"chat_id": chat_id, **_caption(text), **_markup(keyboard)}
        known = await self.db.read(picture_files.get, key)
        if known:
            try:
                return _message_id(await self.api.call("sendPhoto", {**fields, "photo": known}))
            except BadRequest as error:
                if not any(reason in error.message.lower() for reason in _FILE_GONE):
                    raise
        drawn = await self.studio.draw(picture["kind"], params)
        sent = await self.api.call("sendPhoto", fields, {"photo": ("card.png", drawn, "image/png")})
        try:
            await self.db.write(picture_files.keep, key, sent["photo"][-1]["file_id"])
        except DatabaseTrouble:
            pass  # it was sent; the next one is drawn anew
        return _message_id(sent)

    async def _send_document(
        self, chat_id: int, document: Mapping[str, Any], locale: str, text: str, keyboard: dict[str, Any] | None
    ) -> int:
        # Imported with the first spreadsheet: the bot starts sooner, and one that never makes any stays smaller.
        from bot.documents import make_document

        made = await make_document(self.db, self.words, locale, document["kind"], document["params"])
        fields = {"chat_id": chat_id, **_caption(text), **_markup(keyboard)}
        sent = await self.api.call("sendDocument", fields, {"document": (document["filename"], made, _SPREADSHEET)})
        return _message_id(sent)


def _text(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _caption(text: str) -> dict[str, Any]:
    return {"caption": text, "parse_mode": "HTML"} if text else {}


def _markup(keyboard: dict[str, Any] | None) -> dict[str, Any]:
    return {"reply_markup": keyboard} if keyboard else {}


def _message_id(sent: Any) -> int:
    message_id: int = sent["message_id"]
    return message_id
