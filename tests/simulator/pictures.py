"""Pictures to send."""

import io

from PIL import Image


def picture(width: int = 1000, height: int = 600, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()
