"""What every part of the charter is made of."""

from decimal import Decimal
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Amount = Annotated[Decimal, Field(ge=0, lt=10**11, allow_inf_nan=False)]
Points = Annotated[int, Field(ge=0, le=10**9)]


class Section(BaseModel):
    """Base of all parts of the charter: nothing unknown in it, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Words(Section):
    """The same words in the three languages."""

    zh_Hans: str = Field(min_length=1)  # noqa: N815  # locales are named the same everywhere
    zh_Hant: str = Field(min_length=1)  # noqa: N815  # as above
    en: str = Field(min_length=1)


class HasName(Section):
    """Anything people call by a name."""

    name: Words

    @cached_property
    def names(self) -> dict[str, str]:
        """The name by locale, as messages take it."""
        return self.name.model_dump()


class Named(HasName):
    """Anything with a code for the ledger and a name for people."""

    code: Code


class Choice(Named):
    """A category of goods or a way of paying; `words` are further words a clerk may type for it."""

    words: tuple[str, ...] = ()

    @property
    def all_words(self) -> tuple[str, ...]:
        """Code, names and further words."""
        return (self.code, self.name.zh_Hans, self.name.zh_Hant, self.name.en, *self.words)
