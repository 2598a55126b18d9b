"""Photos, documents and other files: sent, grouped, found again."""

from typing import Any

from simulator.errors import bad_request
from simulator.files import MAX_DOWNLOAD_BYTES, Media
from simulator.methods.sending import CAPTION, SENDING, caption_of, checked_caption, deliver
from simulator.methods.table import ARRAY, BOOLEAN, CHAT, FILE, INTEGER, OBJECT, STRING, Call, Upload, method
from simulator.methods.targets import writable_chat
from simulator.wire import Json

SPOILER = {"show_caption_above_media": BOOLEAN, "has_spoiler": BOOLEAN}
VIDEO = {"duration": INTEGER, "width": INTEGER, "height": INTEGER, "thumbnail": FILE}
GROUPED = ("photo", "video", "document", "audio")


@method("sendPhoto", {"chat_id": CHAT, "photo": FILE}, **CAPTION, **SPOILER, **SENDING)
def send_photo(call: Call) -> Json:
    return _send(call, "photo")


@method(
    "sendDocument",
    {"chat_id": CHAT, "document": FILE},
    thumbnail=FILE,
    disable_content_type_detection=BOOLEAN,
    **CAPTION,
    **SENDING,
)
def send_document(call: Call) -> Json:
    return _send(call, "document")


@method("sendVoice", {"chat_id": CHAT, "voice": FILE}, duration=INTEGER, **CAPTION, **SENDING)
def send_voice(call: Call) -> Json:
    return _send(call, "voice")


@method(
    "sendVideo",
    {"chat_id": CHAT, "video": FILE},
    cover=FILE,
    start_timestamp=INTEGER,
    supports_streaming=BOOLEAN,
    **VIDEO,
    **CAPTION,
    **SPOILER,
    **SENDING,
)
def send_video(call: Call) -> Json:
    return _send(call, "video")


@method("sendAnimation", {"chat_id": CHAT, "animation": FILE}, **VIDEO, **CAPTION, **SPOILER, **SENDING)
def send_animation(call: Call) -> Json:
    return _send(call, "animation")


@method(
    "sendAudio",
    {"chat_id": CHAT, "audio": FILE},
    duration=INTEGER,
    performer=STRING,
    title=STRING,
    thumbnail=FILE,
    **CAPTION,
    **SENDING,
)
def send_audio(call: Call) -> Json:
    return _send(call, "audio")


@method("sendSticker", {"chat_id": CHAT, "sticker": FILE}, emoji=STRING, **SENDING)
def send_sticker(call: Call) -> Json:
    return _send(call, "sticker")


@method(
    "sendMediaGroup",
    {"chat_id": CHAT, "media": ARRAY},
    business_connection_id=STRING,
    message_thread_id=INTEGER,
    direct_messages_topic_id=INTEGER,
    disable_notification=BOOLEAN,
    protect_content=BOOLEAN,
    allow_paid_broadcast=BOOLEAN,
    message_effect_id=STRING,
    reply_parameters=OBJECT,
)
def send_media_group(call: Call) -> list[Json]:
    chat = writable_chat(call)
    items = call.args["media"]
    if not 2 <= len(items) <= 10:
        raise bad_request("wrong number of messages in the album: it must contain 2-10 items")
    contents = [input_media(call, item, GROUPED) for item in items]
    if len({_album_kind(content["media"]) for content in contents}) > 1:
        raise bad_request("documents and audio files can't be mixed with other media types in an album")
    group_id = str(call.world.random.getrandbits(56))
    return [deliver(call, chat, media_group_id=group_id, **content).wire() for content in contents]


@method("getFile", {"file_id": STRING})
def get_file(call: Call) -> Json:
    stored = call.world.files.find(call.args["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    if (stored.size or 0) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**stored.wire(), "file_path": stored.path}


def input_media(call: Call, item: Any, kinds: tuple[str, ...]) -> Json:
    """media, caption and caption_entities of an InputMedia object."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in kinds:
        raise bad_request("can't parse InputMedia: type must be one of " + ", ".join(kinds))
    if not isinstance(item.get("media"), str):
        raise bad_request("media not found")
    media = stored_media(call, str(kind), item["media"])
    caption = checked_caption(item.get("caption"), item.get("parse_mode"), item.get("caption_entities"))
    return {"media": media, **caption}


def stored_media(call: Call, kind: str, source: Upload | str) -> Media:
    """The media of an upload, of `attach://…` or of a file_id; no URL can be fetched here."""
    if isinstance(source, str) and source.startswith("attach://"):
        source = call.uploads.get(source.removeprefix("attach://"), "")
    if isinstance(source, Upload):
        return call.world.files.add(kind, source.data, source.name, source.mime)
    if source.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    media = call.world.files.media(source)
    if media is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if media.kind != kind:
        raise bad_request(f"can't use file of type {media.kind.capitalize()} as {kind.capitalize()}")
    return media


def _send(call: Call, kind: str) -> Json:
    chat = writable_chat(call)
    caption = caption_of(call)
    media = stored_media(call, kind, call.args[kind])
    return deliver(call, chat, media=media, **caption).wire()


def _album_kind(media: Media) -> str:
    return media.kind if media.kind in ("document", "audio") else "visual"
