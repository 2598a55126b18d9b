from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from io import BytesIO
from itertools import groupby

import pytest
import zxingcpp
from PIL import Image, ImageChops

from bot.pictures import Studio, cards, face_key, fonts
from bot.pictures.cards import CardFace, draw_card

LINK = "https://t.me/RegularsDemoBot?start=m_Zk3x9QpL2vT7aBcD4eFg"
FACE = CardFace(
    programme="老友会",
    name="骨海黎",
    tier="金卡",
    tier_colour="#B8902E",
    number="2900000012349",
    link=LINK,
    locale="zh_Hans",
    hint="结账时请出示",
    brand_colour="#B4532A",
)
TIER_COLOURS = ["#8A6B4F", "#7D8790", "#B8902E", "#23262F", "#2E7D5B", "#FFFFFF", "#000000", "#FFD400"]
QR_PANEL = (740, 40, 1160, 460)


def picture(face: CardFace) -> Image.Image:
    return Image.open(BytesIO(draw_card(face))).convert("RGB")


def codes(image: Image.Image) -> dict[str, str]:
    return {code.format.name: code.text for code in zxingcpp.read_barcodes(image)}


def same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is None


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("colour", TIER_COLOURS)
def test_phones_read_the_link_and_tills_the_number_in_every_tier(colour: str, large_print: bool) -> None:
    found = codes(picture(replace(FACE, tier_colour=colour, large_print=large_print)))
    assert set(found.values()) == {LINK, "2900000012349"}


def test_a_phone_shows_the_card_sideways_and_the_large_print_upright() -> None:
    assert (picture(FACE).size, picture(replace(FACE, large_print=True)).size) == ((1200, 760), (1200, 1600))


def test_the_picture_is_a_small_png() -> None:
    drawn = draw_card(FACE)
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) < 500_000


def test_the_same_face_gives_the_same_bytes() -> None:
    assert draw_card(FACE) == draw_card(replace(FACE))


@pytest.mark.parametrize(("large_print", "row"), [(False, (56, 564, 1144, 565)), (True, (0, 1290, 1200, 1291))])
def test_bars_are_whole_modules_with_ten_modules_of_quiet_on_each_side(
    large_print: bool, row: tuple[int, int, int, int]
) -> None:
    line = picture(replace(FACE, large_print=large_print)).convert("L").crop(row)
    runs = [(dark, len(list(pixels))) for dark, pixels in groupby(value < 128 for value in line.tobytes())]
    module = min(length for _, length in runs)
    assert [length % module for _, length in runs[1:-1]] == [0] * (len(runs) - 2)
    assert min(runs[0], runs[-1]) >= (False, 10 * module)


def test_large_print_has_larger_modules() -> None:
    def width(face: CardFace) -> int:
        formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        place = zxingcpp.read_barcodes(picture(face), formats)[0].position
        return place.top_right.x - place.top_left.x

    assert width(replace(FACE, large_print=True)) > 1.8 * width(FACE)


def test_simplified_and_traditional_readers_see_their_own_glyphs() -> None:
    assert not same(picture(FACE), picture(replace(FACE, locale="zh_Hant")))


@pytest.mark.parametrize(
    ("locale", "family"),
    [("zh_Hans", "Noto Sans CJK SC"), ("zh_Hant", "Noto Sans CJK TC"), ("en", "Noto Sans CJK SC")],
)
def test_each_locale_has_its_face_of_the_collection(locale: str, family: str) -> None:
    _, face = fonts.typeset("骨", locale)
    assert face.at(20).getname()[0] == family


@pytest.mark.parametrize(
    "name",
    [
        "李",
        "Bartholomew Featherstonehaugh-Cholmondeley",
        "阿" * 40,
        "x" * 4000,
        "محمد عبد الله",
        "🎉🐼👨‍👩‍👧",
        "",
        "\u200b\u202e\u0000",
        "a" + "\u0301" * 300,
        "<b>&amp;\n\t</b>",
        "\ud800",
    ],
)
@pytest.mark.parametrize("large_print", [False, True])
def test_any_name_leaves_both_codes_readable(name: str, large_print: bool) -> None:
    assert len(codes(picture(replace(FACE, name=name, large_print=large_print)))) == 2


@pytest.mark.parametrize("name", ["骨海黎🎉", "骨\u200b海\u202e黎", " 骨海黎\n"])
def test_what_cannot_be_drawn_is_left_out_of_a_name(name: str) -> None:
    assert same(picture(FACE), picture(replace(FACE, name=name)))


@pytest.mark.parametrize("large_print", [False, True])
def test_a_name_of_nothing_drawable_is_left_out(large_print: bool) -> None:
    face = replace(FACE, large_print=large_print)
    assert same(picture(replace(face, name="\U0001fae8\U0001fae8")), picture(replace(face, name="")))


@pytest.mark.parametrize("hint", ["结账时请出示此卡", "Show this card when you pay"])
def test_large_print_says_in_large_letters_what_to_do(hint: str) -> None:
    below_the_number = (0, 1490, 1200, 1600)
    face = replace(FACE, large_print=True)
    one, other = (picture(replace(face, hint=said)).crop(below_the_number) for said in (hint, ""))
    left, top, right, bottom = ImageChops.difference(one, other).getbbox() or (0, 0, 0, 0)
    assert bottom - top >= 60
    assert right - left <= 1120


@pytest.mark.parametrize("name", ["W" * 40, "阿" * 40])
def test_a_long_name_stays_clear_of_the_code(name: str) -> None:
    assert same(picture(replace(FACE, name=name)).crop(QR_PANEL), picture(FACE).crop(QR_PANEL))


def test_a_name_too_long_ends_with_an_ellipsis() -> None:
    line, face = fonts.typeset("W" * 40, "en")
    shown, font = fonts.fit(line, face, 650, 88, 38)
    assert shown.endswith("…")
    assert font.getlength(shown) <= 650


def test_a_shortened_name_keeps_letters_and_their_marks_together() -> None:
    line, face = fonts.typeset("q\u0323" * 60, "en")
    shown, _ = fonts.fit(line, face, 300, 40, 40)
    assert not shown.endswith("q…") or "\u0323" not in line


@pytest.mark.parametrize("colour", TIER_COLOURS)
def test_words_stand_out_from_every_tier_colour(colour: str) -> None:
    ground = cards._rgb(colour)
    light, dark = sorted(cards._luminance(shade) + 0.05 for shade in (ground, cards._readable_on(ground)))[::-1]
    assert light / dark >= 3.0


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("2900000012349", "290 000 001 2349"),
        ("123456789012", "1234 5678 9012"),
        ("1234567890", "123 456 7890"),
        ("7", "7"),
    ],
)
def test_a_number_is_shown_in_groups_of_three_or_four(number: str, shown: str) -> None:
    assert cards.grouped(number) == shown


@pytest.mark.parametrize(
    "amiss",
    [
        {"tier_colour": "gold-ish"},
        {"number": "9" * 90},
        {"number": "编号"},
        {"number": ""},
        {"link": "https://t.me/" + "x" * 2000},
    ],
)
def test_a_face_that_cannot_be_read_is_refused(amiss: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each comes with the library's own words
        draw_card(replace(FACE, **amiss))


def test_without_the_collection_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_COLLECTION", "no-such-file.ttc")
    with pytest.raises(fonts.FontNotFound, match="fonts-noto-cjk"):
        fonts._collection()


async def test_the_studio_draws_what_the_face_says() -> None:
    studio = Studio()
    drawn = await studio.draw("card", asdict(FACE))
    studio.close()
    assert drawn == draw_card(FACE)


async def test_the_event_loop_goes_on_while_the_studio_draws() -> None:
    studio = Studio()
    drawing = asyncio.create_task(studio.draw("card", asdict(replace(FACE, name="a passer-by"))))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.001)
        turns += 1
    studio.close()
    assert turns >= 3


@pytest.mark.parametrize(("kind", "params"), [("poster", {}), ("card", {"shoe_size": 44})])
async def test_the_studio_refuses_what_it_does_not_draw(kind: str, params: dict[str, object]) -> None:
    studio = Studio()
    with pytest.raises((ValueError, TypeError)):
        await studio.draw(kind, params)
    studio.close()


def test_a_key_does_not_depend_on_the_order_of_params() -> None:
    params = asdict(FACE)
    assert face_key(params) == face_key(dict(reversed(params.items())))


@pytest.mark.parametrize("field", asdict(FACE))
def test_a_key_changes_with_whatever_the_picture_shows(field: str) -> None:
    params = asdict(FACE)
    assert face_key(params) != face_key({**params, field: "other"})
