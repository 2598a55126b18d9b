"""Dark or white letters, whichever can be read on a colour."""

from PIL import ImageColor

WHITE = (255, 255, 255)
INK = (24, 26, 31)
_BRIGHT = 160


def ink_on(colour: str) -> tuple[int, int, int]:
    """For "#RRGGBB", by its luma (ITU-R BT.601). Refuses, as ValueError, a colour that is none."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else WHITE
