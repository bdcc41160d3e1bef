"""Every text of the window can be translated, and is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QTranslator  # noqa: E402

from tools.translate import ROOT, TRANSLATIONS, modules, texts_of, translations  # noqa: E402

CHINESE = TRANSLATIONS / "attune_zh.ts"


@pytest.mark.parametrize("module", modules(), ids=lambda one: one.relative_to(ROOT / "demo").as_posix())
def test_every_text_has_a_chinese_one(module: Path) -> None:
    known = translations(CHINESE)
    missing = [one for one in texts_of(module) if not known.get(one)]
    assert not missing, "run tools/translate.py and translate what it names"


def test_translations_keep_what_is_filled_in() -> None:
    for (_, source), text in translations(CHINESE).items():
        assert not text or set(re.findall(r"\{\w*\}|%n", source)) == set(re.findall(r"\{\w*\}|%n", text)), source


def test_the_compiled_file_is_up_to_date() -> None:
    translator = QTranslator()
    assert translator.load(str(CHINESE.with_suffix(".qm")))
    for (context, source), text in translations(CHINESE).items():
        found = translator.translate(context, source, "", 1 if "%n" in source else -1)
        assert found == text, source
