"""The rules of the house: who may import whom, what lives where, how long things may be."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

from loyalty import errors

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "actions", "db", "loyalty", "simulator")

# Each floor, and the floors it may import from. simulator stands beside the house.
MAY_IMPORT = {
    "loyalty": {"loyalty"},
    "db": {"db", "loyalty"},
    "actions": {"actions", "db", "loyalty"},
    "bot": {"bot", "actions", "db", "loyalty"},
    "simulator": {"simulator"},
    "benchmarks": {"benchmarks", *FLOORS},
}
# The demo is the one part of the bot that starts a simulator.
DEMO = ("bot/demo", "bot/cli")
KNOWS_TELEGRAM = ("bot/", "benchmarks/")
# The composition root, where clock, chance and environment come in and are handed down.
MAY_BE_IMPURE = (
    "bot/settings.py",
    "bot/runtime.py",
    "bot/cli",
    "bot/demo",
    "bot/keys.py",
    "simulator/__main__.py",
    "simulator/clock.py",
    "benchmarks/",
)
IMPURE_MODULES = {"random", "secrets"}
SEEDED = "random.Random"  # may be passed around, and made from a seed
IMPURE_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "os.environ",
    "os.getenv",
    "os.urandom",
    "uuid.uuid1",
    "uuid.uuid4",
}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
# Handlers of what is about no noun of the domain.
NO_NOUN = {"help", "typing"}
LINES_PER_FILE = 400
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|ALTER|DROP)\s+(TABLE|INDEX))\b",
    re.DOTALL,
)
REGISTRIES = re.compile(r"pypi\.(org|python)|pythonhosted|(npmjs|yarnpkg)\.(com|org)|crates\.io|index-url|find-links")
MACHINE_PATHS = re.compile(r"(?<![\w./:-])/(home|root|work|Users|mnt)/\w")
NOQA = re.compile(r"# noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)*( - |  # )\w)")


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file; `path` is relative to the root, with slashes."""

    path: str
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        return self.path.split("/")[0]

    def imports(self) -> Iterator[str]:
        """Dotted names of everything imported, also inside functions and under TYPE_CHECKING."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}:{node.lineno}: imports are absolute here"
                yield from (f"{node.module}.{name.name}" for name in node.names)

    def strings(self) -> Iterator[tuple[int, str]]:
        """Line and value of every string that is not a docstring."""
        docstrings = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.lineno, node.value

    def functions(self) -> Iterator[tuple[str, int]]:
        """Name and length of every function, docstring and decorators not counted."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{self.path}:{node.lineno} {node.name}", _length(node)


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


@cache
def modules(*folders: str) -> list[Module]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    texts = [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return [Module(path, text, ast.parse(text, path)) for path, text in texts]


def house() -> list[Module]:
    return modules(*FLOORS, "benchmarks")


def everything() -> list[Module]:
    return modules(*FLOORS, "benchmarks", "tests")


@cache
def tracked() -> list[tuple[str, str]]:
    """Path and text of every file under version control, but for the lock, which names registries by nature."""
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listing.split("\0") if name and name != "uv.lock"]
    files = [(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in paths if path.is_file()]
    return [(path, data.decode()) for path, data in files if b"\0" not in data]


def test_imports_go_downwards_only() -> None:
    wrong = [
        f"{module.path} imports {name}"
        for module in house()
        for name in module.imports()
        if name.split(".")[0] in MAY_IMPORT and name.split(".")[0] not in _allowed(module)
    ]
    assert wrong == []


def _allowed(module: Module) -> set[str]:
    return MAY_IMPORT[module.floor] | ({"simulator"} if module.path.startswith(DEMO) else set())


def test_nothing_imports_the_tests() -> None:
    assert [module.path for module in house() if any(name.split(".")[0] == "tests" for name in module.imports())] == []


def test_only_the_bot_knows_telegram() -> None:
    wrong = [
        module.path
        for module in house()
        if not module.path.startswith(KNOWS_TELEGRAM)
        and any(name.split(".")[0] in {"telegram", "aiogram"} for name in module.imports())
    ]
    assert wrong == []


def test_sql_is_written_in_db_only() -> None:
    wrong = [
        f"{module.path}:{line}"
        for module in modules(*(floor for floor in FLOORS if floor != "db"))
        for line, text in module.strings()
        if SQL.search(text)
    ]
    assert wrong == []


def test_clock_chance_and_environment_come_in_at_the_root_only() -> None:
    wrong = [
        f"{module.path}: {name}"
        for module in house()
        if not module.path.startswith(MAY_BE_IMPURE)
        for name in _impure(module)
    ]
    assert wrong == []


def _impure(module: Module) -> Iterator[str]:
    imported = set(module.imports())
    chance = {name for name in imported if name.split(".")[0] in IMPURE_MODULES}
    yield from (chance - {SEEDED}) | (imported & IMPURE_CALLS)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            dotted = ".".join(ast.unparse(node).split(".")[-2:]).replace("dt.", "")
            if dotted in IMPURE_CALLS:
                yield f"{dotted}, line {node.lineno}"
        if isinstance(node, ast.Call) and ast.unparse(node) == "Random()":
            yield f"Random() without a seed, line {node.lineno}"


def test_no_module_has_a_vague_name() -> None:
    assert [module.path for module in everything() if VAGUE_NAMES & set(Path(module.path).with_suffix("").parts)] == []


def test_no_file_is_too_long() -> None:
    counted = [(path, text.count("\n")) for path, text in tracked() if path.endswith((".py", ".js", ".css", ".sh"))]
    assert [(path, lines) for path, lines in counted if lines > LINES_PER_FILE] == []


def test_functions_are_short() -> None:
    lengths = sorted(length for module in house() for _, length in module.functions())
    ninth = quantiles(lengths, n=10)[-1]
    over = 100 * sum(length > 30 for length in lengths) / len(lengths)
    print(f"{len(lengths)} functions: median {median(lengths):g} lines, 90 % ≤ {ninth:g}, over 30: {over:.1f} %")
    assert median(lengths) <= 8
    assert ninth <= 20
    assert over <= 3


def test_no_function_is_over_forty_lines() -> None:
    assert [(name, length) for module in everything() for name, length in module.functions() if length > 40] == []


def test_every_template_is_said_somewhere() -> None:
    texts = {text for module in house() for _, text in module.strings()}
    refusals = {f"refused_{code}" for code in _refusal_codes()}
    templates = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "bot/templates").glob("*.j2")}
    included = {name for text in templates.values() for name in re.findall(r'["\'](\w+)\.j2["\']', text)}
    assert [name for name in templates if name not in texts | refusals | included and not _is_a_step(name, texts)] == []


def _refusal_codes() -> set[str]:
    """The codes of all refusals, as the error handler makes template names of them."""
    found, left = set(), errors.Refusal.__subclasses__()
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        found.add(kind.__new__(kind).code)
    return found


def _is_a_step(name: str, texts: set[str]) -> bool:
    """A dialogue's question is the dialogue's name and the step's."""
    parts = name.split("_")
    return any("_".join(parts[:cut]) in texts and "_".join(parts[cut:]) in texts for cut in range(1, len(parts)))


def test_every_refusal_has_its_words() -> None:
    templates = {path.stem for path in (ROOT / "bot/templates").glob("refused_*.j2")}
    assert sorted(f"refused_{code}" for code in _refusal_codes() if f"refused_{code}" not in templates) == []


def test_handlers_are_named_after_the_nouns_of_the_floors_below() -> None:
    handlers = {path.stem for path in (ROOT / "bot/handlers").glob("*.py")} - {"__init__"}
    nouns = {path.stem for floor in ("actions", "db", "loyalty", "bot") for path in (ROOT / floor).glob("*.py")}
    assert sorted(handlers - nouns - NO_NOUN) == []


def test_no_package_registry_is_named() -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert [path for path, text in tracked() if path != here and REGISTRIES.search(text)] == []


def test_no_path_of_one_machine_is_named() -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    found = [(path, match[0]) for path, text in tracked() if path != here for match in MACHINE_PATHS.finditer(text)]
    assert found == []


def test_every_lint_exception_has_its_reason() -> None:
    wrong = [
        f"{module.path}:{number}"
        for module in everything()
        for number, line in enumerate(module.text.splitlines(), start=1)
        if NOQA.search(line) and "NOQA" not in line
    ]
    assert wrong == []
