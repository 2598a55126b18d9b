"""What every expected answer that says no has in common."""

import re
from dataclasses import FrozenInstanceError, dataclass, fields
from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True)
class Refusal(Exception):
    """The obstacle is the class name, its details are the fields; every subclass becomes a dataclass by itself.

    A plain frozen dataclass will not do: raising assigns `__traceback__` and notes from Python code (contextlib does),
    so only the fields are locked.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(unsafe_hash=True)(cls)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__ and not name.startswith("__"):
            raise FrozenInstanceError(name)
        super().__setattr__(name, value)

    @property
    def code(self) -> str:
        """`NotEnoughPoints` → `not_enough_points`: names the template that says it."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    def params(self) -> dict[str, Any]:
        """The fields by name; every value fits into JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
