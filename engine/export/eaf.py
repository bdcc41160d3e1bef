"""Annotations for ELAN (.eaf), in version 3.0 of its format.

Written here: pympi-ling leaves out which entry of a vocabulary an annotation is (CVE_REF), does not put time slots in
order, and writes characters that XML does not allow. The tests read these files with it. The format: "EAF 3.0", Max
Planck Institute for Psycholinguistics, The Language Archive.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from engine.annotations import Annotation
from engine.export.cues import said
from engine.export.findings import Findings
from engine.export.spans import Span, emotion_runs, lanes, span

_MIME_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".avi": "video/x-msvideo",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".wav": "audio/x-wav",
}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNDETERMINED = "http://cdb.iso.org/lg/CDB-00130975-001"
_ASSOCIATION = "Symbolic_Association"
_SPEECH, _VALUES, _CHOICE, _LABEL = "speech", "probability", "emotion", "emotion of parent"
_VOCABULARY = "emotions"


def write_eaf(path: Path, findings: Findings, *, folder: Path, now: datetime | None = None) -> None:
    """Write tiers of emotions, words, utterances and annotations.

    Tiers: ``emotion`` (the top one, from the vocabulary), a tier for each emotion with its mean probability where it is
    on top, ``utterances`` with their emotions, ``words``, ``annotations`` and ``moments`` with their labels. What
    overlaps goes to a further tier with a number. Times are whole milliseconds, and what has no length is one long,
    since ELAN has no shorter annotations.

    Parameters
    ----------
    path : file to write.
    folder : where the file will lie in the end; relative addresses start there.
    now : when it is made.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    document = _Document(findings, folder, now or datetime.now(UTC))
    runs = emotion_runs(findings)
    document.tier("emotion", [one.span(one.label) for one in runs], _CHOICE)
    for label in findings.labels:
        certain = [one.span(f"{one.probability:.2f}") for one in runs if one.label == label]
        document.tier(f"emotion {label}", certain, _VALUES)
    spoken = [span(one.start_s, one.end_s, said(one), one.top) for one in findings.utterances]
    document.tiers("utterances", spoken, labels="utterance emotion")
    document.tiers("words", [span(one.start_s, one.end_s, one.text) for _, one in findings.words])
    for name, moments in (("annotation", False), ("moment", True)):
        marked = [_marked(one) for one in findings.annotations if one.moment is moments]
        document.tiers(f"{name}s", marked, labels=f"{name} emotion")
    document.write(path)


def _marked(one: Annotation) -> Span:
    return span(one.start_s, one.end_s, one.text, one.label)


class _Document:
    """An annotation document in the making."""

    def __init__(self, findings: Findings, folder: Path, now: datetime) -> None:
        self._findings = findings
        self._root = Element(
            "ANNOTATION_DOCUMENT",
            {
                "AUTHOR": "Attune",
                "DATE": now.astimezone().isoformat(timespec="seconds"),
                "FORMAT": "3.0",
                "VERSION": "3.0",
                "xmlns:xsi": _XSI,
                "xsi:noNamespaceSchemaLocation": _SCHEMA,
            },
        )
        header = SubElement(self._root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
        if findings.media is not None:
            SubElement(header, "MEDIA_DESCRIPTOR", _media(findings.media, folder))
        self._last = SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"})
        self._order = SubElement(self._root, "TIME_ORDER")
        self._tiers: list[tuple[str, list[Span], str, str | None]] = []
        marked = [one.label for one in findings.annotations if one.label is not None]
        self._entries = {
            label: f"cveid_{number}" for number, label in enumerate(dict.fromkeys([*findings.labels, *marked]))
        }
        self._count = 0

    def tier(self, name: str, spans: Sequence[Span], kind: str, labels: str | None = None) -> None:
        """Add a tier without overlaps, and below it one of the labels of its spans."""
        self._tiers.append((name, sorted(spans), kind, labels))

    def tiers(self, name: str, spans: Sequence[Span], labels: str | None = None) -> None:
        """Add as many tiers as spans overlap."""
        for number, lane in enumerate(lanes(spans) or [[]], 1):
            after = "" if number == 1 else f" {number}"
            self.tier(f"{name}{after}", lane, _SPEECH, labels and f"{labels}{after}")

    def write(self, path: Path) -> None:
        """Write what was added."""
        times = sorted({time for _, spans, _, _ in self._tiers for one in spans for time in (one.start_ms, one.end_ms)})
        slots = {time: f"ts{number}" for number, time in enumerate(times, 1)}
        for time, slot in slots.items():
            SubElement(self._order, "TIME_SLOT", {"TIME_SLOT_ID": slot, "TIME_VALUE": str(time)})
        for name, spans, kind, labels in self._tiers:
            self._write_tier(name, spans, kind, labels, slots)
        self._last.text = str(self._count)
        self._write_types()
        self._write_vocabulary()
        indent(self._root)
        with path.open("wb") as file:
            ElementTree(self._root).write(file, encoding="UTF-8", xml_declaration=True)

    def _write_tier(
        self, name: str, spans: Sequence[Span], kind: str, labels: str | None, slots: dict[int, str]
    ) -> None:
        tier = SubElement(self._root, "TIER", {"LINGUISTIC_TYPE_REF": kind, "TIER_ID": _xml(name)})
        named: list[tuple[str, str]] = []
        for one in spans:
            times = {"TIME_SLOT_REF1": slots[one.start_ms], "TIME_SLOT_REF2": slots[one.end_ms]}
            entry = {"CVE_REF": self._entries[one.text]} if kind == _CHOICE else {}
            id = self._annotation(tier, "ALIGNABLE_ANNOTATION", times | entry, one.text)
            if one.label is not None:
                named.append((id, one.label))
        if labels is None:
            return
        below = {"LINGUISTIC_TYPE_REF": _LABEL, "PARENT_REF": _xml(name), "TIER_ID": labels}
        child = SubElement(self._root, "TIER", below)
        for id, label in named:
            self._annotation(child, "REF_ANNOTATION", {"ANNOTATION_REF": id, "CVE_REF": self._entries[label]}, label)

    def _annotation(self, tier: Element, kind: str, attributes: dict[str, str], text: str) -> str:
        self._count += 1
        id = f"a{self._count}"
        annotation = SubElement(SubElement(tier, "ANNOTATION"), kind, {"ANNOTATION_ID": id} | attributes)
        SubElement(annotation, "ANNOTATION_VALUE").text = _xml(text)
        return id

    def _write_types(self) -> None:
        for name in (_SPEECH, _VALUES, _CHOICE, _LABEL):
            aligned = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": name, "TIME_ALIGNABLE": "true"}
            chosen = {"CONTROLLED_VOCABULARY_REF": _VOCABULARY} if name in (_CHOICE, _LABEL) else {}
            below = {"CONSTRAINTS": _ASSOCIATION, "TIME_ALIGNABLE": "false"} if name == _LABEL else {}
            SubElement(self._root, "LINGUISTIC_TYPE", aligned | chosen | below)
        SubElement(
            self._root,
            "LANGUAGE",
            {"LANG_DEF": _UNDETERMINED, "LANG_ID": "und", "LANG_LABEL": "undetermined (und)"},
        )
        for stereotype, description in _CONSTRAINTS.items():
            SubElement(self._root, "CONSTRAINT", {"DESCRIPTION": description, "STEREOTYPE": stereotype})

    def _write_vocabulary(self) -> None:
        vocabulary = SubElement(self._root, "CONTROLLED_VOCABULARY", {"CV_ID": _VOCABULARY})
        described = SubElement(vocabulary, "DESCRIPTION", {"LANG_REF": "und"})
        described.text = "The emotions that the models tell apart, and those that people have given."
        for label, id in self._entries.items():
            entry = SubElement(vocabulary, "CV_ENTRY_ML", {"CVE_ID": id})
            SubElement(entry, "CVE_VALUE", {"DESCRIPTION": "", "LANG_REF": "und"}).text = _xml(label)


_CONSTRAINTS = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this "
    "interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are "
    "ordered",
    _ASSOCIATION: "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}
"""As ELAN itself writes them."""


def _media(media: Path, folder: Path) -> dict[str, str]:
    """Where the recording is, seen from everywhere and from the folder of the document."""
    descriptor = {
        "MEDIA_URL": media.absolute().as_uri(),
        "MIME_TYPE": _MIME_TYPES.get(media.suffix.lower(), "unknown"),
    }
    try:
        relative = os.path.relpath(media.absolute(), folder.absolute())
    except ValueError:  # on another drive of Windows
        return descriptor
    return descriptor | {"RELATIVE_MEDIA_URL": "./" + quote(os.fsencode(relative.replace(os.sep, "/")))}


def _xml(text: str) -> str:
    r"""The text as XML can hold it: line ends are plain, characters that it does not allow are replaced.

    >>> _xml("a\x00b\r\n") == "a\ufffdb\n"
    True
    """
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
