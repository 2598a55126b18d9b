"""Turns a queued message into calls of the Bot API: words, buttons, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from telegram.error import BadRequest, TelegramError

from bot import buttons
from bot.api import Api, Upload
from bot.context import refused
from bot.faces import face
from bot.pictures import Studio, face_key
from bot.words import Words, choose_locale
from db import case_messages, gifts, picture_files
from db.database import Database, DatabaseTrouble
from db.outbox import Queued
from loyalty.errors import Refusal


class Gone(Exception):
    """The chat does not exist any more."""


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OTHER_FILES = {"json": "application/json", "md": "text/markdown"}
_UNCHANGED = "message is not modified"
_NO_TOPIC = ("thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_NO_RIGHTS = ("rights", "chat_write_forbidden", "chat_restricted", "chat_admin_required")
_FILE_GONE = ("wrong file identifier", "wrong remote file identifier", "file reference")
# How each kind of file is sent; those without a caption go without one.
_SENDING = {
    "photo": "sendPhoto", "document": "sendDocument", "voice": "sendVoice", "audio": "sendAudio", "video": "sendVideo",
    "animation": "sendAnimation", "video_note": "sendVideoNote", "sticker": "sendSticker",
}  # fmt: skip
_UNCAPTIONED = ("video_note", "sticker")
# A digest of these would give away the secret they show, to whoever tries all that it can be.
_NEVER_KEPT = ("code",)

# Templates that say what other templates say; their params have the `bodies` of those.
TOGETHER = ("digest", "missed_meanwhile")
# Telegram's 4,096 characters, less the heading, the why, and what counts double there.
_MOST_TOGETHER = 3_200

Place = tuple[int, int]  # chat, and the message to edit there or 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything needed to send one message."""

    api: Api
    db: Database
    words: Words
    studio: Studio
    paid: bool = False  # whether Telegram may charge for pushes beyond its free pace

    async def deliver(self, message: Queued) -> int:
        """Send it; the id Telegram gave it. Raises Gone, or python-telegram-bot's errors."""
        reader = message.reader
        locale = choose_locale(reader.language, reader.telegram_language or None, self.words.default_locale)
        text, keyboard = self._say(message.body, locale, reader.easy_mode)
        if message.topic:
            text, keyboard = self._with_why(message.topic, locale, text, keyboard)
        try:
            if "picture" in message.body:
                place = (message.chat_id, message.body.get("edit", 0))
                return await self._send_picture(place, message.body["picture"], locale, text, keyboard)
            if "document" in message.body:
                return await self._send_document(message.chat_id, message.body["document"], locale, text, keyboard)
            if "attachment" in message.body:
                return await self._send_attachment(message.chat_id, message.body["attachment"], text, keyboard)
            if "post" in message.body:
                return await self._send_post(message, text, keyboard)
            if "edit" in message.body:
                return await self._edit(message.chat_id, message.body["edit"], text, keyboard)
            return await self._send_text(message.chat_id, text, keyboard, paid=self.paid and bool(message.topic))
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
        template, params = body["template"], body["params"]
        if template in TOGETHER:
            params = {**params, **self._together(params["bodies"], locale, easy)}
        text = self.words.render(template, locale, {"easy": easy, **params})
        return text, buttons.keyboard(template, self.words, locale, params)

    def _together(self, bodies: Sequence[Mapping[str, Any]], locale: str, easy: bool) -> dict[str, Any]:
        """What several messages say, as far as it fits into one, and how many more there would be."""
        said, left = list[str](), _MOST_TOGETHER
        for body in bodies:
            said.append(self.words.render(body["template"], locale, {"easy": easy, **body["params"]}))
            left -= len(said[-1]) + 2
            if left < 0:
                said.pop()
                break
        return {"said": [Markup(text) for text in said], "more": len(bodies) - len(said)}  # noqa: S704 - HTML of ours

    def _with_why(
        self, topic: str, locale: str, text: str, keyboard: dict[str, Any] | None
    ) -> tuple[str, dict[str, Any] | None]:
        """Every push ends with why it came and how to get fewer."""
        why = self.words.render("push_why", locale, {"topic": topic})
        added = buttons.keyboard("push_why", self.words, locale, {"topic": topic})
        rows = (keyboard or {}).get("inline_keyboard", [])
        return f"{text}\n\n{why}", {"inline_keyboard": [*rows, *(added or {})["inline_keyboard"]]}

    async def _send_text(self, chat_id: int, text: str, keyboard: dict[str, Any] | None, paid: bool = False) -> int:
        charged = {"allow_paid_broadcast": True} if paid else {}
        sent = await self.api.call("sendMessage", {"chat_id": chat_id, **_text(text), **_markup(keyboard), **charged})
        return _message_id(sent)

    async def _edit(self, chat_id: int, message_id: int, text: str, keyboard: dict[str, Any] | None) -> int:
        inline = keyboard if keyboard and "inline_keyboard" in keyboard else None
        fields = {"chat_id": chat_id, "message_id": message_id, **_text(text), **_markup(inline)}
        try:
            await self.api.call("editMessageText", fields)
        except BadRequest as error:
            if _UNCHANGED in error.message.lower():
                return message_id
            # Gone, too old, a picture …: what is amiss with the words themselves shows again as they are sent.
            return await self._send_text(chat_id, text, keyboard)
        return message_id

    async def _send_post(self, message: Queued, text: str, keyboard: dict[str, Any] | None) -> int:
        """In the place of what stands in the group for its case, else anew; outside of a topic that is gone or closed.

        Raises Gone where the bot may not write any more.
        """
        chat_id, case_id = message.chat_id, message.body["params"].get("case_id", 0)
        known = await self.db.read(case_messages.newest_about, chat_id, case_id)
        topic = {"message_thread_id": message.body["post"]["topic_id"]} if message.body["post"]["topic_id"] else {}
        fields = {"chat_id": chat_id, **_text(text), **_markup(keyboard)}
        if known and await self._changed(fields, known):
            return known
        try:
            return _message_id(await self.api.call("sendMessage", fields | topic))
        except BadRequest as error:
            if not any(reason in error.message.lower() for reason in (*_NO_TOPIC, *_NO_RIGHTS)):
                raise
        try:
            return _message_id(await self.api.call("sendMessage", fields))
        except BadRequest as error:
            raise Gone(error.message) from error

    async def _changed(self, fields: Mapping[str, Any], message_id: int) -> bool:
        """False if it can't be: it was deleted, or is too old."""
        try:
            await self.api.call("editMessageText", {**fields, "message_id": message_id})
        except BadRequest as error:
            return _UNCHANGED in error.message.lower()
        return True

    async def _send_picture(
        self, place: Place, picture: Mapping[str, Any], locale: str, text: str, keyboard: dict[str, Any] | None
    ) -> int:
        """A picture is drawn or fetched once; later Telegram is only told which it was."""
        kind, given = picture["kind"], picture["params"]
        params = face(kind, self.words, locale, self.api.bot.username, given)
        key = face_key({"kind": kind, **params})
        known = None if kind in _NEVER_KEPT else await self.db.read(picture_files.get, key)
        if known:
            try:
                return _message_id(await self._put_picture(place, known, text, keyboard))
            except BadRequest as error:
                if not any(reason in error.message.lower() for reason in _FILE_GONE):
                    raise
        sent = await self._put_picture(place, await self._picture(kind, params), text, keyboard)
        if kind not in _NEVER_KEPT and "photo" in sent:
            await self._keep(key, sent["photo"][-1]["file_id"])
        return _message_id(sent)

    async def _picture(self, kind: str, params: Mapping[str, Any]) -> Upload:
        if "picture_id" in params:
            return ("gift.jpg", await self.db.read(gifts.get_picture, params["picture_id"]), "image/jpeg")
        return (f"{kind}.png", await self.studio.draw(kind, params), "image/png")

    async def _keep(self, key: str, file_id: str) -> None:
        try:
            await self.db.write(picture_files.keep, key, file_id)
        except DatabaseTrouble:
            pass  # it was sent; the next one is drawn anew

    async def _put_picture(
        self, place: Place, photo: str | Upload, text: str, keyboard: dict[str, Any] | None
    ) -> Mapping[str, Any]:
        """Sent anew, or in the place of a message that has a picture or a text."""
        chat_id, message_id = place
        if message_id and (put := await self._edit_picture(place, photo, text, keyboard)):
            return put
        fields = {"chat_id": chat_id, **_caption(text), **_markup(keyboard)}
        if isinstance(photo, str):
            sent: Mapping[str, Any] = await self.api.call("sendPhoto", {**fields, "photo": photo})
        else:
            sent = await self.api.call("sendPhoto", fields, {"photo": photo})
        return sent

    async def _edit_picture(
        self, place: Place, photo: str | Upload, text: str, keyboard: dict[str, Any] | None
    ) -> Mapping[str, Any] | None:
        """None if the message can't be edited."""
        chat_id, message_id = place
        media = {"type": "photo", "media": photo if isinstance(photo, str) else "attach://picture", **_caption(text)}
        fields = {"chat_id": chat_id, "message_id": message_id, "media": media, **_markup(keyboard)}
        files = {} if isinstance(photo, str) else {"picture": photo}
        try:
            sent: Mapping[str, Any] = await self.api.call("editMessageMedia", fields, files)
        except BadRequest as error:
            return {"message_id": message_id} if _UNCHANGED in error.message.lower() else None
        return sent

    async def _send_attachment(
        self, chat_id: int, file: Mapping[str, Any], text: str, keyboard: dict[str, Any] | None
    ) -> int:
        """The words alone where Telegram does not know the file any more."""
        kind = file["kind"]
        caption = {} if kind in _UNCAPTIONED else _caption(text)
        try:
            sent = await self.api.call(
                _SENDING[kind], {"chat_id": chat_id, kind: file["file_id"], **caption, **_markup(keyboard)}
            )
        except BadRequest as error:
            if not any(reason in error.message.lower() for reason in _FILE_GONE):
                raise
            return await self._send_text(chat_id, text, keyboard)
        return _message_id(sent)

    async def _send_document(
        self, chat_id: int, document: Mapping[str, Any], locale: str, text: str, keyboard: dict[str, Any] | None
    ) -> int:
        # Imported with the first spreadsheet: the bot starts sooner, and one that never makes any stays smaller.
        from bot.documents import make_document

        try:
            made = await make_document(self.db, self.words, locale, document["kind"], document["params"])
        except Refusal as refusal:  # whoever asked for it may not see it any more
            said = refused(refusal)
            return await self._send_text(chat_id, self.words.render(said.template, locale, said.params), None)
        fields = {"chat_id": chat_id, **_caption(text), **_markup(keyboard)}
        name = document["filename"]
        kind = _OTHER_FILES.get(name.rpartition(".")[2], _SPREADSHEET)
        sent = await self.api.call("sendDocument", fields, {"document": (name, made, kind)})
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
