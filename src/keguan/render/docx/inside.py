"""What a Word report carries besides its text: manifest, names of its marks, document id, settings.

The names stand twice, since programs that keep a document's variables may drop parts that they do not know.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from keguan.render.docx.package import MOST_PART, tree
from keguan.render.docx.styles import LANGUAGES, W
from keguan.render.docx.wml import DECLARED, NAMESPACES, escaped, told
from keguan.render.markup import packed, unpacked
from keguan.report.document import Document, Json

SPACE = "urn:keguan:report"
PROPERTY = "KeguanDocument"
VARIABLE = "keguan"
_VARIABLE_BYTES = 60_000  # Word keeps 65,280 characters of a variable
_ITEM_ID = "{8D5B2B1E-6E6B-4C0D-9C6F-4B6567756174}"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# What may stand behind a new setting, in the order of the schema.
_AFTER_FIELDS = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat")
_AFTER_VARIABLES = (
    "rsids", "mathPr", "attachedSchema", "themeFontLang", "clrSchemeMapping", "doNotIncludeSubdocsInStats",
    "doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown", "smartTagType",
    "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol", "listSeparator",
)  # fmt: skip
_AFTER_PICTURES = _AFTER_VARIABLES[7:]
# Settings of later versions of Word stand behind all of these.
_ORDERED = {NAMESPACES["w"], "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://schemas.openxmlformats.org/schemaLibrary/2006/main"}  # fmt: skip


def keep(word: Any, document: Document, names: Json) -> None:
    """Puts the manifest, the names and the document id into a document of python-docx."""
    id = str(document.manifest.get("document_id", ""))
    package = word.part.package
    listing = json.dumps(names)
    content = packed(f'{{"manifest": {json.dumps(document.manifest)}, "names": {listing}}}')
    text = f'<keguan xmlns="{SPACE}" document="{escaped(id)}">{content}</keguan>'
    item = _free(package, "/customXml/item{}.xml", "application/xml", text)
    word.part.relate_to(item, f"{_RELATIONS}/customXml")
    store = (
        f'<ds:datastoreItem ds:itemID="{_ITEM_ID}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/'
        f'2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="{SPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    item.relate_to(_free(package, "/customXml/itemProps{}.xml", kind, store), f"{_RELATIONS}/customXmlProps")
    _property(package, id)
    _core(word, document, id)
    _settings(word.settings.element, document, listing)


def _free(package: Any, pattern: str, kind: str, text: str) -> Part:
    """A new part under the first number that is free."""
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(number for number in range(1, len(taken) + 2) if pattern.format(number) not in taken)
    declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'
    return Part(PackURI(pattern.format(number)), kind, declared.encode(), package)


def _property(package: Any, id: str) -> None:
    """The document id as a property that office programs keep. A template's own properties give way."""
    reltype = f"{_RELATIONS}/custom-properties"
    for name, relation in list(package.rels.items()):
        if relation.reltype == reltype:
            del package.rels[name]
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_TYPES}"><property fmtid="{_FORMAT_ID}" pid="2"'
        f' name="{PROPERTY}"><vt:lpwstr>{escaped(id)}</vt:lpwstr></property></Properties>'
    )
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    package.relate_to(Part(PackURI("/docProps/custom.xml"), kind, text.encode(), package), reltype)


def _core(word: Any, document: Document, id: str) -> None:
    core = word.core_properties
    written = document.manifest.get("generated")
    moment = datetime.combine(document.as_of, datetime.min.time())
    if written:
        moment = datetime.fromisoformat(str(written)).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    title = " · ".join(part for part in (document.title, document.subtitle) if part)
    core.title, core.identifier, core.author = _short(title), id, "Keguan 客观"
    core.subject, core.keywords, core.comments = document.as_of.isoformat(), id, ""
    core.language, core.last_modified_by, core.revision = LANGUAGES[document.language], "Keguan 客观", 1
    core.category = core.content_status = core.version = ""
    core.created = core.modified = moment


def _short(text: str) -> str:
    """Core properties hold 255 characters, and none that XML does not know."""
    return told(text)[:255]


def _settings(settings: Any, document: Document, names: str) -> None:
    """Fields are brought up to date on opening; pictures stay as they are; the names of the marks."""
    listing = packed(names)
    pieces = [listing[at : at + _VARIABLE_BYTES] for at in range(0, len(listing), _VARIABLE_BYTES)]
    variables = "".join(
        f'<w:docVar w:name="{VARIABLE}{number}" w:val="{piece}"/>' for number, piece in enumerate(pieces)
    )
    for name in ("updateFields", "docVars", "doNotAutoCompressPictures", "proofState"):
        for old in settings.findall(f"{W}{name}"):
            settings.remove(old)
    _insert(settings, '<w:updateFields w:val="true"/>', (*_AFTER_FIELDS, "docVars", *_AFTER_VARIABLES))
    _insert(settings, f"<w:docVars>{variables}</w:docVars>", _AFTER_VARIABLES)
    _insert(settings, "<w:doNotAutoCompressPictures/>", _AFTER_PICTURES)
    for setting in settings.iter(f"{W}compatSetting"):
        if setting.get(f"{W}name") == "compatibilityMode":
            setting.set(f"{W}val", "15")
    fonts = settings.find(f"{W}themeFontLang")
    if fonts is not None:
        fonts.set(f"{W}eastAsia", "zh-CN")


def _insert(settings: Any, text: str, behind: tuple[str, ...]) -> None:
    """Before the first setting that may only stand behind it."""
    element = etree.fromstring(f"<x {DECLARED}>{text}</x>")[0]
    for child in settings:
        name = etree.QName(child)
        if name.localname in behind or name.namespace not in _ORDERED:
            child.addprevious(element)
            return
    settings.append(element)


def kept(parts: Mapping[str, bytes], name: str) -> tuple[Json, Json, str]:
    """Manifest, names and document id of a file that was read; empty where a program dropped them."""
    manifest, names, id = _item(parts, name)
    names = names or _variables(parts, name)
    return manifest, names, id or _property_of(parts, name)


def _item(parts: Mapping[str, bytes], name: str) -> tuple[Json, Json, str]:
    for part in sorted(parts):
        if part.startswith("customXml/") and SPACE.encode() in parts[part][:400]:
            root = tree(parts, part, name)
            if root.tag == f"{{{SPACE}}}keguan":
                content = _unpacked(root.text or "")
                manifest, names = content.get("manifest"), content.get("names")
                return _dict(manifest), _dict(names), str(root.get("document", ""))
    return {}, {}, ""


def _variables(parts: Mapping[str, bytes], name: str) -> Json:
    if "word/settings.xml" not in parts:
        return {}
    found = {
        str(item.get(f"{W}name")): str(item.get(f"{W}val"))
        for item in tree(parts, "word/settings.xml", name).iter(f"{W}docVar")
    }
    pieces: list[str] = []
    while f"{VARIABLE}{len(pieces)}" in found:
        pieces.append(found[f"{VARIABLE}{len(pieces)}"])
    return _unpacked("".join(pieces)) if pieces else {}


def _property_of(parts: Mapping[str, bytes], name: str) -> str:
    if "docProps/custom.xml" in parts:
        for item in tree(parts, "docProps/custom.xml", name):
            if item.get("name") == PROPERTY:
                return "".join(item.itertext()).strip()
    if "docProps/core.xml" in parts:
        for item in tree(parts, "docProps/core.xml", name):
            if str(item.tag).endswith("}identifier") and item.text:
                return str(item.text).strip()
    return ""


def _unpacked(text: str) -> Json:
    try:
        return _dict(json.loads(unpacked("".join(text.split()), MOST_PART)))
    except (ValueError, RecursionError):
        return {}


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
