"""Short codes people read aloud and type: referral codes, gift codes.

Crockford's Base32 (crockford.com/base32): 32 symbols without I, L, O and U; reading those as 1, 1 and 0 is part of it.
"""

import base64

from loyalty.digits import fold
from loyalty.errors import CodeInvalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_MISREAD = str.maketrans("OIL", "011", " -")


def new_code(random_bytes: bytes) -> str:
    """Eight symbols (40 bits) from at least five random bytes; further bytes are not used."""
    if len(random_bytes) < 5:
        raise ValueError("a code needs 5 random bytes")
    number = int.from_bytes(random_bytes[:5], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def normalise(text: str) -> str:
    """A typed code as it was issued: any case, spaces, hyphens, full-width letters, O for 0, I and L for 1.

    Refuses with CodeInvalid what no code can be.
    """
    code = fold(text).upper().translate(_MISREAD)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise CodeInvalid
    return code


def grouped(code: str) -> str:
    """`7K2M9QXA` → `7K2M-9QXA`, easier to read aloud."""
    return f"{code[:4]}-{code[4:]}"


def new_token(random_bytes: bytes) -> str:
    """An unguessable link token: base64url without padding (16 bytes → 22 characters)."""
    return base64.urlsafe_b64encode(random_bytes).rstrip(b"=").decode()
