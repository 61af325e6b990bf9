"""What is said of a file that cannot be read: the same faults, whether it holds a problem or somebody's answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """The words in which faults of one kind of file are told."""

    name: str = "a problem file"
    one: str = "one file is one problem"
    listed: str = "one file is one problem: write lines such as `title: …`, not a list"
    example: str = "write lines such as `title: …`"
    start: str = "`stepwise new NAME` writes a file to start from"
    encoding: str = "save the file as UTF-8"
    large: str = "put large arrays into a .npz, .npy or .csv file"


PROBLEM_FILE = FileKind()
ANSWER_FILE = FileKind(
    name="an answer file",
    one="one file is one student's answers",
    listed="one file is one student's answers, or a .csv with a row for each student",
    example="write lines such as `student: …`",
    start="`stepwise blank PROBLEM` writes a form to fill in",
    encoding="save the file as UTF-8; in a spreadsheet: CSV UTF-8",
    large="write the numbers that are asked for",
)
