"""`./dev` in a folder of its own, with stand-ins for everything it would fetch or start."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("cat", "chmod", "cksum", "cp", "dirname", "grep", "id", "mkdir", "paste", "readlink", "sh", "tr")

SAY_CALL = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n'
UV = SAY_CALL + (
    'mkdir -p .venv/bin\nfor name in python regulars pytest ruff mypy; do cp "$LOG.stub" ".venv/bin/$name"; done\n'
)
PYTHON = SAY_CALL + (
    'case "$*" in *version_info*) exit "${TOO_OLD:-0}" ;; *ensurepip*) [ ! -e "$LOG.no-venv" ] ;;\n'
    '"-m venv .uv") mkdir -p .uv/bin; cp "$0" .uv/bin/python ;;\n'
    '*"pip install"*) [ -z "${OFFLINE:-}" ] && cp "$(dirname "$LOG")/uv" .uv/bin/uv ;; esac\n'
)
APT_GET = SAY_CALL + 'case "$*" in *python3-venv) rm "$LOG.no-venv" ;; esac\n'


class Checkout:
    """A copy of the script and the lock, a PATH with only `tools` on it, and a log of what was called."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin, self.log = folder / "checkout", folder / "bin", folder / "log"
        self.environ = {"PATH": str(self.bin), "HOME": str(folder), "LOG": str(self.log)}
        self.root.mkdir()
        self.bin.mkdir()
        for name in ("dev", "uv.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root)
        for tool in (*TOOLS, "basename", "rm"):
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        self.add("log.stub", SAY_CALL, folder)
        self.add("python3", PYTHON)
        self.add("uv", UV, folder)

    def add(self, name: str, script: str, folder: Path | None = None) -> None:
        path = (folder or self.bin) / name
        path.write_text(script)
        path.chmod(0o755)

    def dev(self, *arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            [str(self.root / "dev"), *arguments],
            cwd=cwd or self.root,
            env={name: value for name, value in {**self.environ, **environ}.items() if value != "unset"},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """What was called, without the questions about Python's version."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if " -c import " not in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def with_uv(checkout: Checkout) -> Checkout:
    checkout.add("uv", UV)
    return checkout


SYNC_RUN = "uv sync --quiet --locked --inexact --no-dev"
SYNC_DEV = "uv sync --quiet --locked --inexact --dev"


@pytest.mark.parametrize("command", ["demo", "run"])
def test_demo_and_run_install_what_running_needs(with_uv: Checkout, command: str) -> None:
    assert with_uv.dev(command, "--keep").returncode == 0
    assert with_uv.calls == [SYNC_RUN, f"regulars {command} --keep"]


def test_what_is_installed_is_not_installed_again(with_uv: Checkout) -> None:
    with_uv.dev("demo")
    with_uv.dev("run")
    assert with_uv.calls == ["regulars run"]


def test_a_changed_lock_is_installed(with_uv: Checkout) -> None:
    with_uv.dev("demo")
    (with_uv.root / "uv.lock").write_text("other")
    with_uv.dev("demo")
    assert with_uv.calls == [SYNC_RUN, "regulars demo"]


def test_after_the_demo_tests_install_what_testing_needs(with_uv: Checkout) -> None:
    with_uv.dev("demo")
    with_uv.dev("test")
    assert with_uv.calls == [SYNC_DEV, "pytest -n 4 tests"]


def test_after_tests_the_demo_installs_nothing(with_uv: Checkout) -> None:
    with_uv.dev("test")
    with_uv.dev("demo")
    assert with_uv.calls == ["regulars demo"]


@pytest.mark.parametrize(
    ("given", "called"),
    [
        (["--long"], "pytest -n 4 --long tests"),
        (["-k", "join"], "pytest -n 4 -k join tests"),
        (["pyproject.toml::test_a", "-x"], "pytest -n 4 pyproject.toml::test_a -x"),
    ],
)
def test_tests_take_options_and_paths(with_uv: Checkout, given: list[str], called: str) -> None:
    with_uv.dev("test", *given)
    assert with_uv.calls[-1] == called


def test_check_runs_all_checks(with_uv: Checkout) -> None:
    with_uv.dev("check")
    assert [call.split()[0] for call in with_uv.calls[1:]] == ["ruff", "ruff", "mypy", "pytest"]


def test_bench_passes_its_options_on(with_uv: Checkout) -> None:
    with_uv.dev("bench", "updates", "--json")
    assert with_uv.calls[-1] == "python -m benchmarks updates --json"


def test_it_works_from_any_folder(with_uv: Checkout, tmp_path: Path) -> None:
    assert with_uv.dev("demo", cwd=tmp_path).returncode == 0
    assert (with_uv.root / ".venv").is_dir()
    assert not (tmp_path / ".venv").exists()


def test_it_works_through_a_link(with_uv: Checkout, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(with_uv.root / "dev")
    subprocess.run([tmp_path / "link", "demo"], env=with_uv.environ, check=True, timeout=30, capture_output=True)
    assert (with_uv.root / ".venv").is_dir()


@pytest.mark.parametrize("home", ["unset", "", "/nowhere"])
def test_it_works_without_a_home(with_uv: Checkout, home: str) -> None:
    assert with_uv.dev("demo", HOME=home).returncode == 0
    assert with_uv.calls[-1] == "regulars demo"


def test_an_activated_environment_is_left_alone(with_uv: Checkout, tmp_path: Path) -> None:
    active = tmp_path / "active" / "bin"
    active.mkdir(parents=True)
    with_uv.add("uv", "#!/bin/sh\nexit 1\n", active)
    path = f"{active}:{with_uv.bin}"
    assert with_uv.dev("demo", PATH=path, VIRTUAL_ENV=str(active.parent)).returncode == 0


def test_without_uv_it_makes_one_of_its_own_once(checkout: Checkout) -> None:
    assert checkout.dev("demo").returncode == 0
    assert checkout.calls == [
        "python3 -m venv .uv",
        "python -m pip install --quiet --disable-pip-version-check uv>=0.5,<1",
        SYNC_RUN,
        "regulars demo",
    ]
    checkout.dev("test")
    assert checkout.calls == [SYNC_DEV, "pytest -n 4 tests"]


def test_without_a_network_it_says_so_in_one_sentence(checkout: Checkout) -> None:
    ran = checkout.dev("demo", OFFLINE="1")
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith("dev: could not fetch uv; check the network")


def test_an_old_python_is_refused_in_one_sentence(checkout: Checkout) -> None:
    ran = checkout.dev("demo", TOO_OLD="1")
    assert (ran.returncode, ran.stderr) == (1, "dev: Python 3.11 or newer is needed; install it and try again.\n")


def test_a_newer_python_beside_an_old_one_is_found(checkout: Checkout) -> None:
    checkout.add("python3", "#!/bin/sh\nexit 1\n")
    checkout.add("python3.12", PYTHON)
    assert checkout.dev("demo").returncode == 0
    assert checkout.calls[0] == "python3.12 -m venv .uv"


def test_root_on_debian_gets_the_missing_venv_module_installed(checkout: Checkout) -> None:
    (checkout.bin / "id").unlink()
    checkout.add("id", "#!/bin/sh\necho 0\n")
    checkout.add("apt-get", APT_GET)
    Path(f"{checkout.log}.no-venv").touch()
    ran = checkout.dev("demo")
    assert ran.returncode == 0
    assert checkout.calls[:2] == [
        "apt-get -qq update",
        "apt-get -qq install --yes --no-install-recommends python3-venv",
    ]
    assert "installing the package python3-venv" in ran.stderr


def test_anybody_else_is_told_what_to_install(checkout: Checkout) -> None:
    (checkout.bin / "id").unlink()
    checkout.add("id", "#!/bin/sh\necho 1000\n")
    Path(f"{checkout.log}.no-venv").touch()
    ran = checkout.dev("demo")
    assert ran.returncode == 1
    assert ran.stderr == (
        "dev: Python's venv module is missing; install it (on Debian and Ubuntu: apt-get install python3-venv).\n"
    )


def test_python_is_never_downloaded(with_uv: Checkout) -> None:
    with_uv.add("uv", UV + 'echo "$UV_PYTHON_DOWNLOADS" >>"$LOG"\n')
    with_uv.dev("demo")
    assert "never" in with_uv.calls


@pytest.mark.parametrize("arguments", [(), ("help",), ("--help",)])
def test_help_names_every_command(checkout: Checkout, arguments: tuple[str, ...]) -> None:
    ran = checkout.dev(*arguments)
    assert ran.returncode == 0
    assert all(f"./dev {command}" in ran.stdout for command in ("demo", "run", "test", "check", "bench"))


def test_an_unknown_command_is_refused(checkout: Checkout) -> None:
    ran = checkout.dev("deploy")
    assert (ran.returncode, ran.stdout) == (2, "")


def test_the_script_is_executable() -> None:
    assert os.access(ROOT / "dev", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
