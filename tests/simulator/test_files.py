"""Photos, documents and albums, up and down."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused
from tests.simulator.pictures import picture

PHOTO = {"photo": ("card.png", picture(), "image/png")}


async def download(api: Api, file_id: str) -> bytes:
    found = await api("getFile", file_id=file_id)
    response = await api.client.get(f"/file/bot{api.token}/{found['file_path']}")
    assert response.status_code == 200
    return response.content


async def test_a_photo_comes_in_several_real_sizes(api: Api, ann: Person) -> None:
    sent = await api("sendPhoto", PHOTO, chat_id=str(ann.id), caption="<b>card</b>", parse_mode="HTML")
    assert [(size["width"], size["height"]) for size in sent["photo"]] == [
        (90, 54),
        (320, 192),
        (800, 480),
        (1000, 600),
    ]
    for size in sent["photo"]:
        with Image.open(io.BytesIO(await download(api, size["file_id"]))) as image:
            assert (image.size, image.format) == ((size["width"], size["height"]), "JPEG")
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("card", "bold")


async def test_a_photo_is_sent_again_by_its_id(api: Api, ann: Person) -> None:
    first = await api("sendPhoto", PHOTO, chat_id=str(ann.id))
    again = await api("sendPhoto", chat_id=ann.id, photo=first["photo"][-1]["file_id"])
    assert again["photo"] == first["photo"]


async def test_a_huge_photo_is_made_smaller(api: Api, ann: Person, bot: Bot) -> None:
    ann.send_photo(bot, picture(4000, 3000, "JPEG"))
    [update] = await api.updates()
    assert [size["width"] for size in update["message"]["photo"]][-1] == 2560


async def test_a_small_photo_has_one_size(api: Api, ann: Person, bot: Bot) -> None:
    ann.send_photo(bot, picture(60, 60))
    assert len((await api.updates())[0]["message"]["photo"]) == 1


@pytest.mark.parametrize(
    ("data", "description"),
    [
        (b"not a picture", "Bad Request: IMAGE_PROCESS_FAILED"),
        (picture(2100, 100), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (b"", "Bad Request: file must be non-empty"),
        (
            b"x" * (10 * 1024 * 1024 + 1),
            "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
    ],
)
async def test_what_is_no_photo_is_refused(api: Api, ann: Person, data: bytes, description: str) -> None:
    with refused(description):
        await api("sendPhoto", {"photo": ("x.png", data)}, chat_id=str(ann.id))


async def test_a_document_comes_back_as_it_was(api: Api, ann: Person, bot: Bot) -> None:
    sent = await api("sendDocument", {"document": ("积分.csv", b"a,b\n")}, chat_id=str(ann.id))
    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == ("积分.csv", 4)
    assert await download(api, sent["document"]["file_id"]) == b"a,b\n"
    ann.send_document(bot, b"1,2\n", "purchases.csv")
    document = (await api.updates())[0]["message"]["document"]
    assert document["mime_type"] == "text/csv"


async def test_a_long_caption_is_refused(api: Api, ann: Person) -> None:
    with refused("Bad Request: message caption is too long"):
        await api("sendPhoto", PHOTO, chat_id=str(ann.id), caption="x" * 1025)


@pytest.mark.parametrize(
    ("args", "description"),
    [
        ({}, "Bad Request: there is no photo in the request"),
        ({"photo": "nonsense"}, "Bad Request: wrong file identifier/HTTP URL specified"),
        ({"photo": "https://shop.example/a.png"}, "Bad Request: failed to get HTTP URL content"),
    ],
)
async def test_a_photo_must_be_there(api: Api, ann: Person, args: dict[str, str], description: str) -> None:
    with refused(description):
        await api("sendPhoto", chat_id=ann.id, **args)


async def test_a_document_is_no_photo(api: Api, ann: Person) -> None:
    sent = await api("sendDocument", {"document": ("a.txt", b"x")}, chat_id=str(ann.id))
    with refused("Bad Request: can't use file of type Document as Photo"):
        await api("sendPhoto", chat_id=ann.id, photo=sent["document"]["file_id"])


async def test_large_files_are_sent_but_not_fetched(api: Api, ann: Person) -> None:
    sent = await api("sendDocument", {"document": ("a.bin", b"x" * (20 * 1024 * 1024 + 1))}, chat_id=str(ann.id))
    with refused("Bad Request: file is too big"):
        await api("getFile", file_id=sent["document"]["file_id"])


async def test_more_than_fifty_megabytes_are_refused(api: Api, ann: Person) -> None:
    with refused("Request Entity Too Large"):
        await api("sendDocument", {"document": ("a.bin", b"x" * (50 * 1024 * 1024 + 1))}, chat_id=str(ann.id))


async def test_unknown_files_are_refused(api: Api, bot: Bot) -> None:
    with refused("Bad Request: invalid file_id"):
        await api("getFile", file_id="nonsense")
    response = await api.client.get(f"/file/bot{api.token}/photos/nothing.jpg")
    assert response.status_code == 404


async def test_files_need_the_token(client: httpx.AsyncClient, bot: Bot) -> None:
    assert (await client.get("/file/bot1:x/photos/file_0.jpg")).status_code == 401


def album(*items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "photo", **item} for item in items]


async def test_an_album_is_several_messages(api: Api, ann: Person, bot: Bot, world: World) -> None:
    photo = (await api("sendPhoto", PHOTO, chat_id=str(ann.id)))["photo"][-1]["file_id"]
    sent = await api("sendMediaGroup", chat_id=ann.id, media=album({"media": photo, "caption": "1"}, {"media": photo}))
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message.caption for message in world.messages(bot.id, ann)[-2:]] == ["1", None]


async def test_an_album_of_one_is_refused(api: Api, ann: Person) -> None:
    with refused("Bad Request: wrong number of messages in the album: it must contain 2-10 items"):
        await api("sendMediaGroup", chat_id=ann.id, media=album({"media": "x"}))


async def test_media_is_replaced_in_place(api: Api, ann: Person, bot: Bot, world: World) -> None:
    sent = await api("sendPhoto", PHOTO, chat_id=str(ann.id), caption="1")
    place = {"chat_id": str(ann.id), "message_id": str(sent["message_id"])}
    other = {"other": ("b.png", picture(200, 200))}
    media = '{"type": "photo", "media": "attach://other", "caption": "2"}'
    edited = await api("editMessageMedia", other, **place, media=media)
    assert (edited["photo"][-1]["width"], edited["caption"]) == (200, "2")
    await api("editMessageCaption", **place, caption="3")
    assert world.messages(bot.id, ann)[-1].caption == "3"
    with refused("Bad Request: there is no text in the message to edit"):
        await api("editMessageText", **place, text="4")


async def test_voices_and_stickers_arrive(api: Api, ann: Person, bot: Bot) -> None:
    ann.send_voice(bot)
    ann.send_sticker(bot)
    voice, sticker = [update["message"] for update in await api.updates()]
    assert voice["voice"]["duration"] == 1
    assert sticker["sticker"]["type"] == "regular"
