"""Pictures for people, drawn off the event loop."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

# Part of every key: raise it when pictures are drawn differently, so that those kept at Telegram are sent anew.
_DESIGN = 1


def face_key(params: Mapping[str, object]) -> str:
    """A digest of what a picture shows: equal for equal params in any order, across processes and releases."""
    shown = json.dumps([_DESIGN, params], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


class Studio:
    """Draws pictures on one thread of its own, in the order asked.

    A thread is enough: Pillow lets go of the interpreter while it blends and compresses, and a font's face must not
    be used by two threads at once.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")

    async def draw(self, kind: str, params: Mapping[str, object]) -> bytes:
        """The picture as PNG. `params` are the fields of the kind's face: "card" `cards.CardFace`, "poster"
        `posters.PosterFace`, "code" `codes.CodeFace`, "gift" `gifts.GiftFace`, "report_service" `reports.ReportFace`.

        Refuses an unknown kind and unfit params as ValueError or TypeError.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, _draw, kind, dict(params))

    def close(self) -> None:
        """Ends the thread after the picture under way; those still waiting are cancelled."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def _draw(kind: str, params: dict[str, object]) -> bytes:
    # Imported at the first picture: the bot starts sooner, and one that never draws stays smaller.
    from bot.pictures.cards import CardFace, draw_card
    from bot.pictures.codes import CodeFace, draw_code
    from bot.pictures.gifts import GiftFace, draw_gift
    from bot.pictures.posters import PosterFace, draw_poster

    if kind == "card":
        return draw_card(CardFace(**params))  # type: ignore[arg-type]  # from JSON: the dataclass names what is amiss
    if kind == "poster":
        return draw_poster(PosterFace(**params))  # type: ignore[arg-type]  # as above
    if kind == "code":
        return draw_code(CodeFace(**params))  # type: ignore[arg-type]  # as above
    if kind == "gift":
        return draw_gift(GiftFace(**params))  # type: ignore[arg-type]  # as above
    if kind == "report_service":
        return _draw_report(params)
    raise ValueError(f"no picture of kind {kind!r}")


def _draw_report(params: dict[str, object]) -> bytes:
    # A chart's library is larger than all others here together, and only managers look at charts.
    from bot.pictures.reports import ReportFace, draw_report

    return draw_report(ReportFace(**params))  # type: ignore[arg-type]  # from JSON: the dataclass names what is amiss
