"""`python -m tests.pictures`: takes the README's pictures of the demo anew, into docs/pictures/."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from bot.demo import cast
from bot.demo.seed import ZONE
from tests.browsers import Visitor, chromium, visit
from tests.demos import ROOT, demo

FOLDER = ROOT / "docs" / "pictures"
# Small enough to be looked at over a slow line.
MOST_BYTES = 250_000
COLOURS = 256


def member(visitor: Visitor) -> None:
    """A member's points and card."""
    visitor.takes(cast.ANN)
    visitor.types("/card")
    visitor.sees("Show this when you pay")
    visitor.types("/points")
    visitor.sees("You have")
    visitor["keyboard-toggle"].click()


def clerk(visitor: Visitor) -> None:
    """A card scanned, an amount typed."""
    visitor.takes(cast.MEI)
    visitor.scans(cast.ANN)
    visitor.sees("Now type the amount")
    visitor.types("286.50")
    visitor.sees("Undo")


def dark(visitor: Visitor) -> None:
    """Another member's card and points, on a phone in the dark."""
    visitor.takes(cast.LIN)
    visitor.types("会员卡")
    visitor.sees("结账时出示")
    visitor["keyboard-toggle"].click()


PICTURES: tuple[tuple[str, Callable[[Visitor], None], dict[str, Any]], ...] = (
    ("member", member, {"viewport": {"width": 1280, "height": 1000}}),
    ("clerk", clerk, {"viewport": {"width": 1280, "height": 1000}}),
    ("dark", dark, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "zh-CN"}),
)


def main() -> int:
    """1 if there is no Chromium."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as running, chromium() as browser:
        if browser is None:
            sys.stderr.write("no Chromium on this machine: no pictures\n")
            return 1
        running.begins_the_day()
        for name, story, options in PICTURES:
            _keep(name, _taken(browser, running.url, story, options))
    return 0


def _taken(browser: Browser, url: str, story: Callable[[Visitor], None], options: dict[str, Any]) -> bytes:
    here = {"timezone_id": ZONE.key, "device_scale_factor": 2, "reduced_motion": "reduce"}
    visitor = visit(browser, url, **here, **options)
    story(visitor)
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_timeout(800)  # fonts, photos and scrolling come to rest
    return visitor.page.screenshot(animations="disabled")


def _keep(name: str, taken: bytes) -> None:
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    path = FOLDER / f"{name}.png"
    for scale in (1.0, 0.8, 0.7, 0.6, 0.5):
        size = (round(picture.width * scale), round(picture.height * scale))
        smaller = picture.resize(size, Image.Resampling.LANCZOS)
        # The octree keeps rare colours, such as those of emoji.
        smaller.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.relative_to(ROOT)}: {size[0]} × {size[1]}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
