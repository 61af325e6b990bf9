"""The one finder of the folders beside the code: `templates/` and `problems/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def resource(name: str) -> Path:
    """Where the folder `name` is: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / name
    if inside.is_dir():
        return inside
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise FileNotFoundError(f"the folder {name}/ is neither in the stepwise package nor beside it")


def names(folder_name: str, suffix: str) -> tuple[str, ...]:
    """The files in a folder that end in `suffix`, without it, in alphabetical order; none where there is no folder."""
    try:
        found = resource(folder_name.split("/", maxsplit=1)[0])
    except FileNotFoundError:
        return ()
    inside = found.joinpath(*folder_name.split("/")[1:])
    return tuple(sorted(path.name.removesuffix(suffix) for path in inside.glob(f"*{suffix}")))


@cache
def known_languages() -> tuple[str, ...]:
    """The languages that have words: a new one is one file in templates/words."""
    return names("templates/words", ".yaml") or ("en", "zh")
