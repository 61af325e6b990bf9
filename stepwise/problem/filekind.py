"""What is said of a file that cannot be read: the same faults in the words of its kind, from problems to rosters."""

from __future__ import annotations

from msgspec import Struct


class FileKind(Struct, frozen=True):
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
EXAM_FILE = FileKind(
    name="an exam file",
    one="one file is one exam",
    listed="one file is one exam: write `title: …` and, under a line `questions:`, this list",
    start="write lines such as `title: …` and, under a line `questions:`, `- {problem: xor-mlp, marks: 10}`",
    large="name the problems by their files",
)
VARY_BLOCK = FileKind(
    name="what varies",
    one="one block says what varies",
    listed="write fields such as `inputs: any`, not a list",
    example="write fields such as `inputs: any`, with a blank behind the colon",
    start="write fields such as `inputs: any`",
    large="write grids and lists of numbers",
)
ROSTER = FileKind(
    name="a roster",
    one="one file is one class",
    example="write rows such as `s2023017,Ada`",
    start="write a row for each student: id,name",
    encoding="save it as CSV UTF-8",
    large="take one file for each class",
)
