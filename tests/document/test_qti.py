"""The QTI package: valid by the parts of the specification that it uses, and marked by an interpreter of its own."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree

from stepwise.document.qti import qti_package
from stepwise.sheets.model import Paper
from stepwise.sheets.variants import variant_of
from tests.document.variants import NAMES, paper, right_answers, titled, variants, without_noise, wrong_answers
from tests.tooling import ROOT

SCHEMAS = Path(__file__).parent / "schemas"
QTI = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1"}
PACKAGE = {"p": "http://www.imsglobal.org/xsd/imscp_v1p1"}


@cache
def schema(name: str) -> Any:
    return etree.RelaxNG(etree.parse(str(SCHEMAS / f"{name}.rng")))


def opened(data: bytes) -> dict[str, Any]:
    """The files of a package, parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


@cache
def package_of(name: str, language: str = "en+zh") -> dict[str, Any]:
    return opened(qti_package([paper(variants()[name])], language))


def item_of(name: str) -> Any:
    (item,) = (root for file, root in package_of(name).items() if file.startswith("items/"))
    return item


# ---- an interpreter of response processing, after the information model


class Marking:
    """What a learning system does with the responses to an item: `None` where nothing was typed."""

    def __init__(self, item: Any, responses: Mapping[str, float | None]) -> None:
        self.values: dict[str, float | None] = {
            one.get("identifier"): float(one.findtext("q:defaultValue/q:value", None, QTI))
            for one in item.findall("q:outcomeDeclaration", QTI)
        }
        declared = {one.get("identifier") for one in item.findall("q:responseDeclaration", QTI)}
        assert set(responses) <= declared
        self.values |= {name: responses.get(name) for name in declared}
        for condition in item.findall("q:responseProcessing/q:responseCondition", QTI):
            test, *rules = condition.find("q:responseIf", QTI)
            # null is not true
            if self.of(test) is True:
                for rule in rules:
                    assert etree.QName(rule).localname == "setOutcomeValue"
                    self.values[rule.get("identifier")] = self.of(rule[0])

    def of(self, node: Any) -> Any:
        kind = etree.QName(node).localname
        if kind == "baseValue":
            return float(node.text)
        if kind == "variable":
            return self.values[node.get("identifier")]
        parts = [self.of(part) for part in node]
        if kind == "and":
            return False if False in parts else None if None in parts else True
        if None in parts:
            return None
        return {"gte": lambda: parts[0] >= parts[1], "lte": lambda: parts[0] <= parts[1], "sum": lambda: sum(parts)}[
            kind
        ]()


def score(item: Any, responses: Mapping[str, float | None]) -> float:
    found = Marking(item, responses).values["SCORE"]
    assert found is not None
    return found


def responses(name: str, answers: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, float | None]:
    """Answers by the names of the fields."""
    return {
        f"{quantity}_{row + 1}_{column + 1}": float(value)
        for quantity, values in answers.items()
        for (row, column), value in np.ndenumerate(values)
    }


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_get_all_marks(name: str) -> None:
    asked = {one.id: one.marks for one in variants()[name].asked}
    for kind in (0, 1):
        answers = {quantity: both[kind] for quantity, both in right_answers(name).items()}
        full = sum(asked[quantity] for quantity in answers)
        assert score(item_of(name), responses(name, answers)) == pytest.approx(full)


@pytest.mark.parametrize("name", NAMES)
def test_both_ends_are_right_and_what_is_beyond_is_not(name: str) -> None:
    item = item_of(name)
    for one in variants()[name].asked:
        low, high = variants()[name].accepted[one.id]
        for ends in (low, high):
            assert score(item, responses(name, {one.id: without_noise(ends)})) == pytest.approx(one.marks)
        beyond = 1e-4 * np.maximum(np.abs(low), np.abs(high)) + 1e-6
        for outside in (low - beyond, high + beyond):
            assert score(item, responses(name, {one.id: outside})) == 0


@pytest.mark.parametrize("name", NAMES)
def test_mistakes_get_nothing(name: str) -> None:
    item = item_of(name)
    for quantity, found in wrong_answers(name).items():
        for values in found:
            wrong = {
                field: value for field, value in responses(name, {quantity: values}).items() if np.isfinite(value or 0)
            }
            assert score(item, wrong) == 0, (quantity, wrong)


def test_nothing_typed_gets_nothing() -> None:
    assert score(item_of("xor-mlp"), {}) == 0


def test_one_entry_gets_its_share() -> None:
    assert score(item_of("xor-mlp"), {"a1_1_1": 0.690, "a1_2_1": 0.9}) == 0.5


def test_the_most_that_can_be_reached_is_declared() -> None:
    declared = item_of("homework-relu").xpath(
        "string(q:outcomeDeclaration[@identifier='MAXSCORE']//q:value)", namespaces=QTI
    )
    assert float(declared) == variants()["homework-relu"].marks


# ---- form


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_valid(name: str) -> None:
    for file, root in package_of(name).items():
        kind = schema("manifest" if file == "imsmanifest.xml" else "qti")
        assert kind.validate(root), (file, kind.error_log)


@pytest.mark.parametrize("spoilt", ["<p/>", "<responseProcessing/>", "<unknown/>"])
def test_the_schema_refuses_what_is_out_of_place(spoilt: str) -> None:
    item = etree.fromstring(etree.tostring(item_of("xor-mlp")))
    item.append(etree.fromstring(spoilt.replace("/>", f' xmlns="{QTI["q"]}"/>')))
    assert not schema("qti").validate(item)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_declared_and_marked_once(name: str) -> None:
    item = item_of(name)
    fields = item.xpath("//q:textEntryInteraction/@responseIdentifier", namespaces=QTI)
    declared = item.xpath("q:responseDeclaration/@identifier", namespaces=QTI)
    marked = item.xpath("//q:gte/q:variable/@identifier", namespaces=QTI)
    assert fields == declared == marked
    assert len(set(fields)) == len(fields) == sum(one.shape[0] * one.shape[1] for one in variants()[name].asked)


def test_fields_stand_in_a_table_of_the_right_shape() -> None:
    tables = item_of("relu-mlp-rows").findall(".//q:table", QTI)
    shapes = [(len(rows := table.findall(".//q:tr", QTI)), len(rows[0])) for table in tables]
    assert shapes == [one.shape for one in variants()["relu-mlp-rows"].asked]


def exam() -> list[Paper]:
    names = ("xor-mlp", "softmax-mse")
    return [
        paper(
            *(variant_of(variants()[name].problem, f"{name}-{mark}") for name in names),
            title={"en": "Exam", "zh": "考试"},
        )
        for mark in "abc"
    ]


def test_the_manifest_lists_every_file_and_nothing_else() -> None:
    files = opened(qti_package(exam()))
    manifest = files["imsmanifest.xml"]
    listed = manifest.xpath("//p:resource/@href", namespaces=PACKAGE)
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})
    assert manifest.xpath("//p:file/@href", namespaces=PACKAGE) == listed
    items = manifest.xpath("//p:resource[@type='imsqti_item_xmlv2p1']/@identifier", namespaces=PACKAGE)
    assert manifest.xpath("//p:dependency/@identifierref", namespaces=PACKAGE) == items
    for resource in manifest.xpath("//p:resource[@type='imsqti_item_xmlv2p1']", namespaces=PACKAGE):
        assert files[resource.get("href")].get("identifier") == resource.get("identifier")


def test_a_test_draws_one_variant_of_each_question() -> None:
    files = opened(qti_package(exam(), "en"))
    test = files["test.xml"]
    assert test.get("title") == "Exam"
    sections = test.findall(".//q:assessmentSection", QTI)
    assert [section.get("title").split(",")[0] for section in sections] == [
        "A sigmoid network for XOR",
        "Softmax with squared error",
    ]
    for section in sections:
        assert section.find("q:selection", QTI).get("select") == "1"
        refs = section.findall("q:assessmentItemRef", QTI)
        assert [files[ref.get("href")].get("identifier") for ref in refs] == [ref.get("identifier") for ref in refs]
        assert [files[ref.get("href")].get("title").split(" ")[0][-1] for ref in refs] == list("abc")


def test_a_code_in_any_script_makes_a_plain_file_name() -> None:
    files = opened(qti_package([paper(variant_of(titled("xor-mlp", zh="异或 <1> & 2"), "异或-7F3K-1"))], "zh"))
    (name,) = (name for name in files if name.startswith("items/"))
    assert name == "items/1_1_--7F3K-1.xml"
    assert files[name].get("title") == "异或-7F3K-1 异或 <1> & 2"
    assert schema("qti").validate(files[name])


# ---- the same bytes


def test_the_same_papers_give_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib; from tests.document.test_qti import exam; from stepwise.document.qti import qti_package;"
        "print(hashlib.sha256(qti_package(exam(), 'en+zh')).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
