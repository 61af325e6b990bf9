"""Papers as an IMS QTI 2.1 content package: a test that draws one variant of each question, and the items."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from stepwise.asking import Asked
from stepwise.document.answer_ranges import Entry, Place, plain
from stepwise.document.html import block, element, xml_file
from stepwise.document.question import Question, numbered
from stepwise.sheets.model import Paper

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_QTI_SCHEMA = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_PACKAGE_SCHEMA = "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_WIDTH = 10
"""Characters of a field."""
_START = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the package: the same papers make the same bytes."""
_READABLE = 0o644 << 16
_UNIX = 3


class _Item(Struct, frozen=True):
    """One question in a file of its own."""

    identifier: str
    file: str
    question: Question


def qti_package(papers: Sequence[Paper], language: str | None = None) -> bytes:
    """The package as a zip file: the manifest, the test, an item for each variant.

    `language` is `en`, `zh` or several joined by `+` (default: the exam's, else the first problem's own).
    Raises UnsupportedError for a language there is not.
    """
    found = numbered(papers, language)
    sections = [
        [
            _Item(f"item_{one.number}_{place}", f"items/{one.number}_{place}_{_ascii(question.code)}.xml", question)
            for place, question in enumerate(one.questions, 1)
        ]
        for one in found
    ]
    title = next((one.exam or one.title for one in found), "")
    items = [item for section in sections for item in section]
    files = {"imsmanifest.xml": _manifest(items), "test.xml": _test(title, sections)}
    files |= {item.file: _item(item) for item in items}
    return _zipped({name: xml_file(root) for name, root in files.items()})


def _ascii(code: str) -> str:
    """A code as part of a file name that every system can unpack."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", code)


def _zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, _START)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _READABLE, _UNIX
            archive.writestr(info, text.encode())
    return out.getvalue()


def _rooted(name: str, namespace: str, schema: str, *children: str, **attributes: object) -> Markup:
    """The outermost element, which says where its schema is."""
    places = {"xmlns": namespace, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": f"{namespace} {schema}"}
    return block(name, *children, attributes={**places, **attributes})


# ---- the package and the test


def _manifest(items: Sequence[_Item]) -> Markup:
    metadata = block("metadata", element("schema", "QTIv2.1 Package"), element("schemaversion", "1.0.0"))
    needed = [element("dependency", attributes={"identifierref": item.identifier}) for item in items]
    test = _resource("test", "imsqti_test_xmlv2p1", "test.xml", *needed)
    parts = [_resource(item.identifier, "imsqti_item_xmlv2p1", item.file) for item in items]
    return _rooted(
        "manifest",
        _PACKAGE,
        _PACKAGE_SCHEMA,
        metadata,
        element("organizations"),
        block("resources", test, *parts),
        identifier="manifest",
    )


def _resource(identifier: str, kind: str, file: str, *needed: str) -> Markup:
    attributes = {"identifier": identifier, "type": kind, "href": file}
    return block("resource", element("file", attributes={"href": file}), *needed, attributes=attributes)


def _test(title: str, sections: Sequence[Sequence[_Item]]) -> Markup:
    parts = []
    for number, items in enumerate(sections, 1):
        refs = [
            element("assessmentItemRef", attributes={"identifier": item.identifier, "href": item.file})
            for item in items
        ]
        named = {"identifier": f"question_{number}", "title": items[0].question.title, "visible": "true"}
        parts.append(
            block("assessmentSection", element("selection", attributes={"select": 1}), *refs, attributes=named)
        )
    mode = {"identifier": "part", "navigationMode": "nonlinear", "submissionMode": "simultaneous"}
    part = block("testPart", *parts, attributes=mode)
    return _rooted("assessmentTest", _QTI, _QTI_SCHEMA, part, identifier="test", title=title)


# ---- the items


def _item(item: _Item) -> Markup:
    question = item.question
    responses, conditions = [], []
    for one in question.variant.asked:
        share = one.marks / (one.shape[0] * one.shape[1])
        for place, entry in question.entries[one.id].items():
            name = _response(one, place)
            responses.append(_declared("responseDeclaration", name, "correctResponse", plain(entry.centre)))
            conditions.append(_condition(name, entry, share))
    outcomes = [
        _declared("outcomeDeclaration", "SCORE", "defaultValue", "0"),
        _declared("outcomeDeclaration", "MAXSCORE", "defaultValue", repr(question.variant.marks)),
    ]
    body = block("itemBody", question.statement(_field))
    return _rooted(
        "assessmentItem",
        _QTI,
        _QTI_SCHEMA,
        *responses,
        *outcomes,
        body,
        block("responseProcessing", *conditions),
        identifier=item.identifier,
        title=f"{question.code} {question.title}",
        adaptive="false",
        timeDependent="false",
    )


def _response(one: Asked, place: Place) -> str:
    """The name of a number: `t1.dW1_1_2`, counted from 1."""
    return f"{one.id}_{place[0] + 1}_{place[1] + 1}"


def _field(one: Asked, place: Place, entry: Entry) -> Markup:
    attributes = {"responseIdentifier": _response(one, place), "expectedLength": _WIDTH}
    return element("textEntryInteraction", attributes=attributes)


def _declared(kind: str, name: str, holder: str, value: str) -> Markup:
    attributes = {"identifier": name, "cardinality": "single", "baseType": "float"}
    return element(kind, element(holder, element("value", value)), attributes=attributes)


def _condition(name: str, entry: Entry, share: float) -> Markup:
    """Marks for a number from the lowest to the highest that is right."""
    within = [
        element(relation, _variable(name), _number(end))
        for relation, end in (("gte", plain(entry.low)), ("lte", plain(entry.high)))
    ]
    more = element("sum", _variable("SCORE"), _number(repr(share)))
    gained = element("setOutcomeValue", more, attributes={"identifier": "SCORE"})
    return element("responseCondition", element("responseIf", element("and", *within), gained))


def _variable(name: str) -> Markup:
    return element("variable", attributes={"identifier": name})


def _number(text: str) -> Markup:
    return element("baseValue", text, attributes={"baseType": "float"})
