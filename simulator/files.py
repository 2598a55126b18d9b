"""Files as Telegram keeps them: photos in several sizes, everything else as it came."""

import hashlib
import io
import mimetypes
import wave
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from PIL import Image, UnidentifiedImageError

from simulator.errors import bad_request
from simulator.wire import Json

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
# Longest sides of the sizes Telegram makes of a photo.
PHOTO_SIDES = (90, 320, 800, 1280, 2560)
PREFIXES = {
    "photo": "AgACAg",
    "video": "BAACAg",
    "animation": "CgACAg",
    "document": "BQACAg",
    "audio": "CQACAg",
    "voice": "AwACAg",
    "sticker": "CAACAg",
}
FOLDERS = {"photo": "photos", "voice": "voice", "sticker": "stickers", "video": "videos", "audio": "music"}


@dataclass(slots=True)
class StoredFile:
    """One downloadable file; smaller photo sizes are drawn when first asked for."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    name: str
    mime: str
    size: int | None = None
    width: int = 0
    height: int = 0
    original: "StoredFile | None" = None
    _data: bytes | None = field(default=None, repr=False)

    @property
    def data(self) -> bytes:
        if self._data is None and self.original is not None:
            self._data = _resized(self.original.data, (self.width, self.height))
        return self._data or b""

    def wire(self) -> Json:
        value: Json = {"file_id": self.file_id, "file_unique_id": self.unique_id}
        return value if self.size is None else {**value, "file_size": self.size}


@dataclass(slots=True)
class Media:
    """What a message carries: its kind, its Telegram form and the files behind it (largest photo last)."""

    kind: str
    wire: Any
    files: tuple[StoredFile, ...]

    @property
    def file(self) -> StoredFile:
        return self.files[-1]

    def as_document(self) -> Json:
        """An animation is also told as a document, for programs that do not know animations."""
        return {**self.file.wire(), "file_name": self.file.name, "mime_type": self.file.mime}


class FileStore:
    """All files of the world, by file_id and by download path."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}
        self.by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Media] = {}

    def add(self, kind: str, data: bytes, name: str = "", mime: str = "") -> Media:
        """Store an upload. Refuses empty files, and photos that are no picture, too big or too odd in shape."""
        if not data:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            return self._add_photo(data)
        name = name or "file"
        mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = PurePosixPath(name).suffix or _SUFFIXES.get(kind, "")
        stored = self._store(kind, data, name, mime, suffix)
        return self._remember(Media(kind, {**_described(kind, stored), **stored.wire()}, (stored,)))

    def find(self, file_id: str) -> StoredFile | None:
        return self.by_id.get(file_id)

    def media(self, file_id: str) -> Media | None:
        """The media that file belongs to (any size of a photo finds the photo)."""
        return self._media.get(file_id)

    def all_media(self) -> list[Media]:
        """Everything that was ever stored, oldest first."""
        return list({id(media): media for media in self._media.values()}.values())

    def restore(self, media: Media) -> None:
        """Take back what an earlier store had, under its old ids."""
        for stored in media.files:
            self._index(stored)
        self._remember(media)

    def _add_photo(self, data: bytes) -> Media:
        if len(data) > MAX_PHOTO_BYTES:
            limit = f"the maximum size is {MAX_PHOTO_BYTES} bytes"
            raise bad_request(f"file of size {len(data)} bytes is too big for a photo; {limit}")
        width, height = _dimensions(data)
        sides = [side for side in PHOTO_SIDES if side < max(width, height)] or [max(width, height)]
        if max(width, height) <= PHOTO_SIDES[-1] and sides[-1] != max(width, height):
            sides.append(max(width, height))
        shapes = [_scaled(width, height, side) for side in sides]
        largest = self._store("photo", _resized(data, shapes[-1]), "", "image/jpeg", ".jpg", shapes[-1])
        smaller = [self._smaller(largest, shape) for shape in shapes[:-1]]
        files = (*smaller, largest)
        return self._remember(Media("photo", [_photo_size(file) for file in files], files))

    def _store(
        self, kind: str, data: bytes, name: str, mime: str, suffix: str, shape: tuple[int, int] = (0, 0)
    ) -> StoredFile:
        file_id, unique_id, path = self._names(kind, data[:4096], suffix)
        stored = StoredFile(file_id, unique_id, kind, path, name, mime, len(data), *shape, _data=data)
        return self._index(stored)

    def _smaller(self, largest: StoredFile, shape: tuple[int, int]) -> StoredFile:
        file_id, unique_id, path = self._names("photo", repr(shape).encode(), ".jpg")
        stored = StoredFile(file_id, unique_id, "photo", path, "", "image/jpeg", None, *shape, original=largest)
        return self._index(stored)

    def _names(self, kind: str, seed: bytes, suffix: str) -> tuple[str, str, str]:
        number = len(self.by_id)
        digest = hashlib.blake2b(seed, digest_size=24, salt=number.to_bytes(8)).hexdigest()
        path = f"{FOLDERS.get(kind, 'documents')}/file_{number}{suffix}"
        return f"{PREFIXES[kind]}{digest}", f"AQAD{digest[:12]}", path

    def _index(self, stored: StoredFile) -> StoredFile:
        self.by_id[stored.file_id] = self.by_path[stored.path] = stored
        return stored

    def _remember(self, media: Media) -> Media:
        for stored in media.files:
            self._media[stored.file_id] = media
        return media


_SUFFIXES = {"voice": ".oga", "sticker": ".webp", "audio": ".mp3", "video": ".mp4"}


def _dimensions(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _scaled(width: int, height: int, side: int) -> tuple[int, int]:
    longest = max(width, height)
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def _resized(data: bytes, shape: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        picture = _opaque(image)
    if picture.size != shape:
        picture = picture.resize(shape, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=87)
    return out.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L"):
        return image.copy()
    layer = image.convert("RGBA")
    ground = Image.new("RGB", layer.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _photo_size(file: StoredFile) -> Json:
    return {**file.wire(), "width": file.width, "height": file.height}


def _described(kind: str, stored: StoredFile) -> Json:
    if kind == "voice":
        return {"duration": _seconds(stored.data), "mime_type": stored.mime}
    if kind == "sticker":
        shape: Json = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return {**shape, "type": "regular", "emoji": "🙂"}
    described: Json = {"file_name": stored.name, "mime_type": stored.mime}
    if kind == "audio":
        described["duration"] = 1
    if kind in ("video", "animation"):
        described |= {"duration": 1, "width": 320, "height": 320}
    return described


def _seconds(data: bytes) -> int:
    try:
        with wave.open(io.BytesIO(data)) as sound:
            seconds: int = sound.getnframes() // sound.getframerate()
            return max(1, seconds)
    except (wave.Error, EOFError):
        return 1
