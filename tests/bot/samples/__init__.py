"""One set of sample parameters for every template: what the tests of words render."""

import importlib
import pkgutil
from typing import Any

SAMPLES: dict[str, dict[str, Any]] = {}
for _module in pkgutil.iter_modules(__path__):
    SAMPLES |= importlib.import_module(f"{__name__}.{_module.name}").SAMPLES
