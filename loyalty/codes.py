"""Short codes people read aloud and type: referral codes, gift codes.

Crockford's Base32 (crockford.com/base32): 32 symbols without I, L, O and U; reading those as 1, 1 and 0 is part of it.
"""

import base64
import re

from loyalty.digits import fold
from loyalty.errors import CodeInvalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_MISREAD = str.maketrans("OIL", "011", " -")
# What stands before the code in the link of its QR code.
_LINK = re.compile(r"(?:.*[?&]start=)?g_(?=[0-9A-Za-z]+$)", re.ASCII)
# As it is copied or scanned: never what may be a name, a phone or an amount.
_MIXED = re.compile(rf"(?=.*[0-9])(?=.*[A-Z])[{ALPHABET}]{{4}}-?[{ALPHABET}]{{4}}", re.IGNORECASE)
_AS_ISSUED = re.compile(rf"(?=.*[A-Z])[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def new_code(random_bytes: bytes) -> str:
    """Eight symbols (40 bits) from at least five random bytes; further bytes are not used."""
    if len(random_bytes) < 5:
        raise ValueError("a code needs 5 random bytes")
    number = int.from_bytes(random_bytes[:5], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def normalise(text: str) -> str:
    """A typed code as it was issued: any case, spaces, hyphens, full-width letters, O for 0, I and L for 1; also from
    the link in a gift's QR code.

    Refuses with CodeInvalid what no code can be.
    """
    code = _LINK.sub("", fold(text)).upper().translate(_MISREAD)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise CodeInvalid
    return code


def is_plainly_code(text: str) -> bool:
    """Whether a text that answers no question is a gift's code or its link: digits and letters without spaces, or
    letters alone if they are written as codes are, `ABCD-EFGH`."""
    folded = fold(text)
    bare = _LINK.sub("", folded)
    return bare != folded or bool(_MIXED.fullmatch(bare) or _AS_ISSUED.fullmatch(bare))


def grouped(code: str) -> str:
    """`7K2M9QXA` → `7K2M-9QXA`, easier to read aloud."""
    return f"{code[:4]}-{code[4:]}"


def new_token(random_bytes: bytes) -> str:
    """An unguessable link token: base64url without padding (16 bytes → 22 characters)."""
    return base64.urlsafe_b64encode(random_bytes).rstrip(b"=").decode()
