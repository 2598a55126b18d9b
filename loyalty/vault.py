"""Encryption of personal data: a data key per member, wrapped by a master key that lives outside the database.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; sub-keys by HKDF-SHA-256 (RFC 5869); look-up tokens by
HMAC-SHA-256. Sealed bytes are `format ‖ key version (2 bytes) ‖ nonce ‖ ciphertext and tag`. The associated data says
where they belong, so that ciphertext moved to another row or column does not open.
"""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
TOKEN_BYTES = 16
_FORMAT = b"\x01"
_NONCE_BYTES = 12
_HEADER_BYTES = len(_FORMAT) + 2
_CACHED_MEMBERS = 4096


class Undecipherable(Exception):
    """Tampered, moved, cut short, or sealed under a key this vault does not have."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A member's data key under the master key of `version`, for the database. Destroying it erases the member."""

    sealed: bytes
    version: int


class MemberVault:
    """Seals and opens one member's fields."""

    __slots__ = ("_cipher", "_member", "_random")

    def __init__(self, member_id: int, data_key: bytes, random: Callable[[int], bytes]) -> None:
        self._cipher = AESGCM(data_key)
        self._member = member_id
        self._random = random

    def seal(self, table: str, column: str, text: str) -> bytes:
        """Ciphertext of `text`, bound to this table, column and member."""
        return _seal(self._cipher, 0, text.encode(), self._place(table, column), self._random)

    def open(self, table: str, column: str, sealed: bytes) -> str:
        """What `seal` was given; Undecipherable for anything else."""
        return _open(self._cipher, sealed, self._place(table, column)).decode()

    def _place(self, table: str, column: str) -> bytes:
        return _join("field", table, column, str(self._member))


class Vault:
    """All keys in memory; one per process. Safe to use from several threads."""

    def __init__(self, master_keys: Mapping[int, bytes], current: int, random: Callable[[int], bytes]) -> None:
        """`master_keys`: 32-byte keys by version (1–65535), `current` seals; `random(n)` gives n random bytes."""
        if current not in master_keys or any(len(key) != KEY_BYTES for key in master_keys.values()):
            raise ValueError("the current master key is missing, or a key is not 32 bytes")
        self._masters = dict(master_keys)
        self._current = current
        self._random = random
        self._ciphers: dict[tuple[str, int], AESGCM] = {}
        # What is compared with what was stored long ago is keyed by the oldest master key, for ever: tokens must stay
        # findable, and the audit's chain provable, after a rotation.
        self._oldest = self._masters[min(self._masters)]
        self._token_key = _derive(self._oldest, "tokens")
        self._mac_keys: dict[str, bytes] = {}
        self._members: OrderedDict[tuple[int, bytes], MemberVault] = OrderedDict()
        self._lock = Lock()

    @property
    def current(self) -> int:
        """The version of the master key that seals."""
        return self._current

    def use(self, master_keys: Mapping[int, bytes], current: int) -> None:
        """From now on these keys, `current` sealing. ValueError if one that is in use is missing or another."""
        if any(master_keys.get(version) != key for version, key in self._masters.items()) or current not in master_keys:
            raise ValueError("a master key that is in use is missing")
        self._masters = dict(master_keys)
        self._current = current

    def new_data_key(self, member_id: int) -> WrappedKey:
        """A fresh data key for a new member, wrapped for storing."""
        return self._wrap(member_id, self._random(KEY_BYTES))

    def member(self, member_id: int, wrapped: WrappedKey) -> MemberVault:
        """The member's vault; unwrapped keys are kept for the members used last."""
        key = (member_id, wrapped.sealed)
        with self._lock:
            vault = self._members.pop(key, None) or self._unlock(member_id, wrapped)
            self._members[key] = vault
            if len(self._members) > _CACHED_MEMBERS:
                self._members.popitem(last=False)
        return vault

    def rewrap(self, member_id: int, wrapped: WrappedKey) -> WrappedKey:
        """The same data key under the current master key: the member's fields need not be sealed anew."""
        return self._wrap(member_id, self._unwrap(member_id, wrapped))

    def forget(self, member_id: int) -> None:
        """Drops the member's unwrapped keys, after erasure."""
        with self._lock:
            for key in [key for key in self._members if key[0] == member_id]:
                del self._members[key]

    def seal_system(self, purpose: str, row_key: str, data: bytes) -> bytes:
        """Seals what is no one member's (queued messages, raw updates), bound to `purpose` and `row_key`."""
        version = self._current  # read once: a rotation may come in between
        return _seal(self._cipher(purpose, version), version, data, _join("system", purpose, row_key), self._random)

    def open_system(self, purpose: str, row_key: str, sealed: bytes) -> bytes:
        """What `seal_system` was given; Undecipherable for anything else."""
        cipher = self._cipher(purpose, _version(sealed))
        return _open(cipher, sealed, _join("system", purpose, row_key))

    def token(self, kind: str, text: str) -> bytes:
        """A keyed hash (16 bytes) to look `text` up by, different for every `kind`. Callers fold the text first."""
        return hmac.digest(self._token_key, _join(kind, text), sha256)[:TOKEN_BYTES]

    def mac(self, purpose: str, data: bytes) -> bytes:
        """A keyed digest (32 bytes) that only this vault can make, different for every `purpose`."""
        key = self._mac_keys.get(purpose)
        if key is None:
            key = self._mac_keys[purpose] = _derive(self._oldest, f"mac {purpose}")
        return hmac.digest(key, data, sha256)

    def _wrap(self, member_id: int, data_key: bytes) -> WrappedKey:
        version = self._current
        sealed = _seal(
            self._cipher("data keys", version), version, data_key, _key_place(member_id, version), self._random
        )
        return WrappedKey(sealed, version)

    def _unwrap(self, member_id: int, wrapped: WrappedKey) -> bytes:
        cipher = self._cipher("data keys", wrapped.version)
        return _open(cipher, wrapped.sealed, _key_place(member_id, wrapped.version))

    def _unlock(self, member_id: int, wrapped: WrappedKey) -> MemberVault:
        return MemberVault(member_id, self._unwrap(member_id, wrapped), self._random)

    def _cipher(self, purpose: str, version: int) -> AESGCM:
        cipher = self._ciphers.get((purpose, version))
        if cipher is None:
            if version not in self._masters:
                raise Undecipherable(f"no master key of version {version}")
            cipher = self._ciphers[purpose, version] = AESGCM(_derive(self._masters[version], purpose))
        return cipher


def _seal(cipher: AESGCM, version: int, data: bytes, place: bytes, random: Callable[[int], bytes]) -> bytes:
    nonce = random(_NONCE_BYTES)
    header = _FORMAT + version.to_bytes(2, "big")
    return header + nonce + cipher.encrypt(nonce, data, header + place)


def _open(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    header, nonce = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
    _version(sealed)
    try:
        return cipher.decrypt(nonce, sealed[_HEADER_BYTES + _NONCE_BYTES :], header + place)
    except (InvalidTag, ValueError):
        raise Undecipherable("tampered, moved or cut short") from None


def _version(sealed: bytes) -> int:
    if sealed[:1] != _FORMAT or len(sealed) <= _HEADER_BYTES + _NONCE_BYTES:
        raise Undecipherable("not sealed by this vault")
    return int.from_bytes(sealed[1:_HEADER_BYTES], "big")


def _key_place(member_id: int, version: int) -> bytes:
    return _join("data key", str(member_id), str(version))


def _join(*parts: str) -> bytes:
    """Length-prefixed, so that ("ab", "c") and ("a", "bc") differ."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"regulars/1/" + purpose.encode()).derive(master)
