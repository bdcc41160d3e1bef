"""ELAN documents against the rules of EAFv3.0.xsd, and read with pympi."""

from __future__ import annotations

import re
import warnings
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from engine.config import EMOTIONS
from engine.export.eaf import write_eaf
from engine.export.findings import Findings
from engine.export.spans import emotion_runs
from tests.export.made import findings, findings_drawn, prediction, utterance, word

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pympi.Elan import Eaf

_ORDER = ["LICENSE", "HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "LOCALE", "LANGUAGE", "CONSTRAINT"]
_ORDER += ["CONTROLLED_VOCABULARY", "LEXICON_REF", "REF_LINK_SET", "EXTERNAL_REF"]
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_ATTRIBUTES = {
    "HEADER": (set(), {"MEDIA_FILE", "TIME_UNITS"}),
    "MEDIA_DESCRIPTOR": ({"MEDIA_URL", "MIME_TYPE"}, {"RELATIVE_MEDIA_URL", "TIME_ORIGIN", "EXTRACTED_FROM"}),
    "PROPERTY": (set(), {"NAME"}),
    "TIME_ORDER": (set(), set()),
    "TIME_SLOT": ({"TIME_SLOT_ID"}, {"TIME_VALUE"}),
    "TIER": (
        {"TIER_ID", "LINGUISTIC_TYPE_REF"},
        {"PARTICIPANT", "ANNOTATOR", "DEFAULT_LOCALE", "PARENT_REF", "EXT_REF", "LANG_REF"},
    ),
    "ANNOTATION": (set(), set()),
    "ALIGNABLE_ANNOTATION": (
        {"ANNOTATION_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2"},
        {"SVG_REF", "EXT_REF", "LANG_REF", "CVE_REF"},
    ),
    "REF_ANNOTATION": ({"ANNOTATION_ID", "ANNOTATION_REF"}, {"PREVIOUS_ANNOTATION", "EXT_REF", "LANG_REF", "CVE_REF"}),
    "ANNOTATION_VALUE": (set(), set()),
    "LINGUISTIC_TYPE": (
        {"LINGUISTIC_TYPE_ID"},
        {
            "TIME_ALIGNABLE",
            "CONSTRAINTS",
            "GRAPHIC_REFERENCES",
            "CONTROLLED_VOCABULARY_REF",
            "EXT_REF",
            "LEXICON_REF",
        },
    ),
    "LANGUAGE": ({"LANG_ID"}, {"LANG_DEF", "LANG_LABEL"}),
    "CONSTRAINT": ({"STEREOTYPE"}, {"DESCRIPTION"}),
    "CONTROLLED_VOCABULARY": ({"CV_ID"}, {"EXT_REF"}),
    "DESCRIPTION": ({"LANG_REF"}, set()),
    "CV_ENTRY_ML": ({"CVE_ID"}, {"EXT_REF"}),
    "CVE_VALUE": ({"LANG_REF"}, {"DESCRIPTION"}),
}


def written(found: Findings, folder: Path) -> ElementTree.Element:
    write_eaf(folder / "x.eaf", found, folder=folder)
    return ElementTree.parse(folder / "x.eaf").getroot()


def require_valid(root: ElementTree.Element) -> None:
    """The rules of the schema, and those that ELAN keeps besides it."""
    assert root.tag == "ANNOTATION_DOCUMENT" and {"DATE", "AUTHOR", "VERSION", "FORMAT"} <= set(root.attrib)
    datetime.fromisoformat(root.attrib["DATE"])
    assert [one.tag for one in root] == sorted((one.tag for one in root), key=_ORDER.index)
    for one in root.iter():
        if one is not root:
            required, optional = _ATTRIBUTES[one.tag]
            assert required <= set(one.attrib) <= required | optional, one.tag
    ids = [
        one.attrib[key]
        for one in root.iter()
        for key in ("TIME_SLOT_ID", "ANNOTATION_ID", "CVE_ID")
        if key in one.attrib
    ]
    assert len(ids) == len(set(ids)) and all(_NAME.fullmatch(one) for one in ids)
    require_references(root)
    times = [int(one.attrib["TIME_VALUE"]) for one in root.iter("TIME_SLOT")]
    assert times == sorted(times) and all(0 <= time < 2**32 for time in times)
    require_tiers(root)


def require_references(root: ElementTree.Element) -> None:
    """Every reference leads to something of its kind, and what is unique is."""
    held = {
        key: {one.attrib[key] for one in root.iter() if key in one.attrib}
        for key in ("TIME_SLOT_ID", "ANNOTATION_ID", "TIER_ID", "LINGUISTIC_TYPE_ID", "CV_ID", "CVE_ID", "LANG_ID")
    }
    held["STEREOTYPE"] = {one.attrib["STEREOTYPE"].replace("_", " ") for one in root.iter("CONSTRAINT")}
    leads = {
        "TIME_SLOT_REF1": "TIME_SLOT_ID",
        "TIME_SLOT_REF2": "TIME_SLOT_ID",
        "ANNOTATION_REF": "ANNOTATION_ID",
        "PARENT_REF": "TIER_ID",
        "LINGUISTIC_TYPE_REF": "LINGUISTIC_TYPE_ID",
        "CONTROLLED_VOCABULARY_REF": "CV_ID",
        "CVE_REF": "CVE_ID",
        "LANG_REF": "LANG_ID",
    }
    for one in root.iter():
        for reference, target in leads.items():
            if reference in one.attrib:
                assert one.attrib[reference] in held[target], (one.tag, reference)
        if "CONSTRAINTS" in one.attrib:
            assert one.attrib["CONSTRAINTS"].replace("_", " ") in held["STEREOTYPE"]
    for tag, key in (("TIER", "TIER_ID"), ("LINGUISTIC_TYPE", "LINGUISTIC_TYPE_ID")):
        names = [one.attrib[key] for one in root.iter(tag)]
        assert len(names) == len(set(names))


def require_tiers(root: ElementTree.Element) -> None:
    """No annotation is empty or overlaps with another of its tier; labels are those of the vocabulary."""
    slots = {one.attrib["TIME_SLOT_ID"]: int(one.attrib["TIME_VALUE"]) for one in root.iter("TIME_SLOT")}
    entries = {one.attrib["CVE_ID"]: one.findtext("CVE_VALUE") or "" for one in root.iter("CV_ENTRY_ML")}
    for tier in root.iter("TIER"):
        end = 0
        for one in tier.iter("ALIGNABLE_ANNOTATION"):
            start, after = slots[one.attrib["TIME_SLOT_REF1"]], slots[one.attrib["TIME_SLOT_REF2"]]
            assert end <= start < after
            end = after
        for one in (*tier.iter("ALIGNABLE_ANNOTATION"), *tier.iter("REF_ANNOTATION")):
            if "CVE_REF" in one.attrib:
                assert (one.findtext("ANNOTATION_VALUE") or "") == entries[one.attrib["CVE_REF"]]


def test_tiers_as_pympi_reads_them(tmp_path: Path) -> None:
    found = findings()
    require_valid(written(found, tmp_path))
    eaf = Eaf(str(tmp_path / "x.eaf"))
    names = ["emotion", *(f"emotion {one}" for one in EMOTIONS), "utterances", "utterance emotion", "words"]
    names += ["annotations", "annotation emotion", "moments", "moment emotion"]
    assert list(eaf.get_tier_names()) == names
    assert eaf.get_annotation_data_for_tier("words") == [(500, 1000, "hello"), (1000, 1500, "there")]
    assert eaf.get_annotation_data_for_tier("utterances") == [(400, 1800, "hello there")]
    assert [one[2] for one in eaf.get_ref_annotation_data_for_tier("utterance emotion")] == ["happy"]
    assert eaf.get_annotation_data_for_tier("emotion") == [(0, 1000, "happy"), (1000, 2000, "sad"), (2500, 4000, "sad")]
    assert eaf.get_annotation_data_for_tier("emotion happy") == [(0, 1000, "0.70")]
    assert eaf.get_annotation_data_for_tier("emotion fear") == []
    assert eaf.get_annotation_data_for_tier("annotations") == [(1000, 3000, "laughs, twice")]
    assert eaf.get_annotation_data_for_tier("moments") == [(2000, 2001, "here")]
    assert sorted(one[0][0] for one, _ in eaf.get_cv_entries("emotions").values()) == sorted(EMOTIONS)


def test_the_recording_is_found_from_both_addresses(tmp_path: Path) -> None:
    media = tmp_path / "a b" / "täst#1.mp4"
    root = written(findings(media=media), tmp_path)
    descriptor = next(root.iter("MEDIA_DESCRIPTOR")).attrib
    assert descriptor["MIME_TYPE"] == "video/mp4"
    assert url2pathname(urlparse(descriptor["MEDIA_URL"]).path) == str(media)
    assert (tmp_path / unquote(descriptor["RELATIVE_MEDIA_URL"])).resolve() == media


def test_labels_that_people_made_up_are_in_the_vocabulary(tmp_path: Path) -> None:
    from engine.annotations import Annotation

    marked = (Annotation(id="1", start_s=0.0, end_s=1.0, label="wistful"),)
    root = written(findings(annotations=marked), tmp_path)
    require_valid(root)
    assert "wistful" in [one.text for one in root.iter("CVE_VALUE")]


def test_without_anything(tmp_path: Path) -> None:
    require_valid(written(findings(moments=(), utterances=(), annotations=(), duration_s=0.0), tmp_path))


def test_runs_stand_for_the_steps_before_their_predictions() -> None:
    runs = emotion_runs(
        findings(moments=((0.5, prediction(0.5, 3)), (1.0, prediction(1.0, 3, 0.9)), (9.0, prediction(9.0, 3))))
    )
    assert [(one.start_s, one.end_s) for one in runs] == [(0.0, 1.0), (8.5, 9.0)]
    assert runs[0].probability == pytest.approx(0.8)


@settings(max_examples=60, deadline=None)
@given(found=findings_drawn())
def test_anything_makes_a_valid_document(found: Findings) -> None:
    with TemporaryDirectory() as folder:
        root = written(found, Path(folder))
        require_valid(root)
        texts = {
            tier.attrib["TIER_ID"]: [one.text or "" for one in tier.iter("ANNOTATION_VALUE")]
            for tier in root.iter("TIER")
        }
        words = sum(len(values) for name, values in texts.items() if re.fullmatch(r"words( \d+)?", name))
        assert words == len(found.words)
        plain = [one.text for _, one in found.words if one.text.isprintable()]
        assert all(any(one in values for name, values in texts.items() if name.startswith("words")) for one in plain)


def test_characters_that_xml_does_not_allow_are_replaced(tmp_path: Path) -> None:
    said = utterance(0, [word("a\x00\x1f\ufffeb", 0.0, 1.0)], 0.0, 1.0)
    root = written(findings(utterances=(said,)), tmp_path)
    require_valid(root)
    assert "a\ufffd\ufffd\ufffdb" in [one.text for one in root.iter("ANNOTATION_VALUE")]
