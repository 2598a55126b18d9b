"""A witness outside the database: a small file beside the key file that remembers how far the audit's chain went.

Who can write to the database, and no more, could cut the chain's end off, and its head with it. The witness knows.
"""

from __future__ import annotations

import hmac
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from loyalty.audit import BEGINNING, Mark
from loyalty.vault import Vault


class WitnessDamaged(Exception):
    """The file is not as this program wrote it."""


@dataclass(frozen=True, slots=True)
class Witness:
    path: Path
    vault: Vault

    def remembers(self) -> Mark:
        """The last place it was told of; BEGINNING if there is no file yet. Raises WitnessDamaged."""
        try:
            place, mac, seal = self.path.read_text(encoding="ascii").split()
            mark = Mark(int(place), mac)
        except FileNotFoundError:
            return BEGINNING
        except (OSError, ValueError):
            raise WitnessDamaged from None
        if not hmac.compare_digest(seal, self._seal(mark)):
            raise WitnessDamaged
        return mark

    def note(self, mark: Mark) -> None:
        """From now on it remembers this. The file is the old one or the new one, whatever dies."""
        descriptor, draft = tempfile.mkstemp(dir=self.path.parent, prefix=".witness-")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{mark.place} {mark.mac} {self._seal(mark)}\n")
        Path(draft).replace(self.path)

    def _seal(self, mark: Mark) -> str:
        return self.vault.mac("witness", f"{mark.place} {mark.mac}".encode()).hex()
