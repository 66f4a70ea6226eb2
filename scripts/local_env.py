"""The local environment `.venv` in which `scripts/demo` and `scripts/test` run: made once, brought up to date.

Standard library only, since it runs before anything is installed. pip of the Python that runs it installs into the
environment from outside: where Debian leaves out ensurepip, an environment with a pip of its own cannot be made.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told
    sys.exit(f"landkit needs Python 3.11 or newer; this is {sys.version.split()[0]} at {sys.executable}")

import venv

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_DONE = ENV / "landkit-installed.txt"
_METADATA = ("setup.cfg", "pyproject.toml")


def installed(extras: str = "") -> Path:
    """Return the Python of an environment in which landkit is installed from this folder, with `extras`."""
    _require_pip()
    wanted = f"{_state()} {extras}"
    if not _runs():
        say(f"making {ENV}")
        venv.create(ENV, with_pip=False, clear=ENV.exists(), symlinks=os.name != "nt")
    if _DONE.is_file() and wanted in _DONE.read_text(encoding="utf-8").splitlines():
        return PYTHON
    target = f".[{extras}]" if extras else "."
    say("installing landkit and what it needs; the first time this takes some minutes")
    run(sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "--editable", target)
    with _DONE.open("a", encoding="utf-8") as file:
        file.write(f"{wanted}\n")
    return PYTHON


def run(*command: str | Path) -> None:
    """Run a command in this folder and show it; where it fails, end with its exit code."""
    code = attempt(*command)
    if code:
        sys.exit(code)


def attempt(*command: str | Path) -> int:
    """Run a command in this folder, show it, and return its exit code."""
    say("$ " + subprocess.list2cmdline([str(part) for part in command]))
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


def say(line: str) -> None:
    """Print a line now, before what the next command prints."""
    print(line, flush=True)


def _require_pip() -> None:
    command = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        sys.exit(f"{sys.executable} has no pip; install it first (on Debian and Ubuntu: apt install python3-pip)")


def _state() -> str:
    """Return a digest of what decides what is installed; the code itself is used in place."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in _METADATA:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _runs() -> bool:
    """Tell whether the environment is there and its Python is one that landkit supports."""
    if not PYTHON.is_file():
        return False
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(PYTHON), "-c", question], capture_output=True, check=False).returncode == 0
