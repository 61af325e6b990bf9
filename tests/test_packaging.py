"""The package as its users get it: from a wheel of an sdist, and by README's commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.tooling import ROOT, give_up

pytestmark = pytest.mark.slow
NO_NETWORK = re.compile(r"connection|network is unreachable|name resolution|getaddrinfo|timed out", re.IGNORECASE)


def run(command: list[str], folder: Path) -> str:
    """Standard output of a command that must succeed; without a network the test is given up."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    # the python3 of a README command is the one that runs the tests
    clean["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), clean["PATH"]])
    done = subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False
    )
    if done.returncode != 0 and NO_NETWORK.search(done.stderr):
        give_up("needs a network to install what stepwise depends on")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist of the checkout, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)], folder)
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture
def unpacked(distributions: tuple[Path, Path], tmp_path: Path) -> Path:
    """The sdist, unpacked: a checkout that nothing was installed in."""
    with tarfile.open(distributions[0]) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    return folder


def readme_commands() -> list[str]:
    """The shell blocks of README, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)


def test_the_wheel_holds_the_package_its_templates_and_its_problems(distributions: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(distributions[1]) as archive:
        names = set(archive.namelist())
    expected = {
        path.relative_to(ROOT).as_posix()
        for folder in ("stepwise", "templates", "problems")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {re.sub("^(templates|problems)/", r"stepwise/\1/", name) for name in expected}
    assert {name for name in names if ".dist-info/" not in name} == packed


def test_a_wheel_of_the_sdist_works_outside_the_checkout(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    bin_folder = tmp_path / "venv" / "bin"
    run([str(bin_folder / "pip"), "install", "--quiet", str(distributions[1])], tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stepwise = str(bin_folder / "stepwise")
    page = run([stepwise, "solve", "xor-mlp", "--lang", "zh", "--format", "latex"], elsewhere)
    assert page.startswith(r"\documentclass")
    assert r"\end{document}" in page
    assert re.search("[\u4e00-\u9fff]", page)
    assert run([stepwise, "--version"], elsewhere).strip().endswith("0.1.0")
    assert not list(elsewhere.iterdir())


def test_readmes_first_command_ends_with_a_solved_page(unpacked: Path) -> None:
    command = readme_commands()[0].strip()
    assert "\n" not in command
    page = run(["bash", "-c", command], unpacked)
    assert "0.690" in page
    assert "$$" in page


def test_readmes_second_command_runs_the_tests() -> None:
    command = readme_commands()[1].strip()
    assert "\n" not in command
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -e ")
    assert ".venv/bin/pytest" in command.split(" && ")[-1]
