"""No sentence of the engine is forgotten in the tables."""

from __future__ import annotations

import re

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from demo.messages import PARTS, SENTENCES, understood  # noqa: E402
from tests.demo.engine_sentences import SPELLED_OUT, UNTRANSLATED, Sentence, sentences_of_the_engine  # noqa: E402
from tests.demo.in_chinese import require_chinese  # noqa: E402


@pytest.mark.parametrize("sentence", sentences_of_the_engine(), ids=str)
def test_no_sentence_of_the_engine_is_forgotten(sentence: Sentence) -> None:
    templates = {re.sub(r"\{\w*\}", "{}", one) for one in (*SENTENCES, *PARTS)}
    assert sentence.text in templates | UNTRANSLATED | SPELLED_OUT.keys(), (
        "add it to a table of demo/sentences, or where no user of the window reads it, to UNTRANSLATED"
    )


@pytest.mark.parametrize("example", [one for examples in SPELLED_OUT.values() for one in examples])
@pytest.mark.usefixtures("chinese")
def test_sentences_that_are_put_together(example: str) -> None:
    require_chinese(example)


def test_no_exception_is_left_over() -> None:
    found = {one.text for one in sentences_of_the_engine()}
    assert found >= UNTRANSLATED
    assert found >= SPELLED_OUT.keys()


def test_no_sentence_is_there_that_the_engine_does_not_say() -> None:
    said_by_engine = {one.text for one in sentences_of_the_engine()}
    filled = {example for examples in SPELLED_OUT.values() for example in examples}
    for template in SENTENCES:
        form = re.sub(r"\{\w*\}", "{}", template)
        assert form in said_by_engine or any(_fits(template, one) for one in filled), template


def _fits(template: str, text: str) -> bool:
    found = understood(text)
    return found is not None and found[0] == template
