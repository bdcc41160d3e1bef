from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.features.vocabulary import Vocabulary


@given(st.lists(st.text(max_size=5), unique=True, max_size=30), st.text(max_size=5))
def test_it_finds_what_a_dictionary_finds(words, other):
    found = Vocabulary.of(words)
    expected = {word: row for row, word in enumerate(words)}
    assert len(found) == len(words)
    assert all(found.row(word) == row for word, row in expected.items())
    assert found.row(other) == expected.get(other)
    assert (other in found) == (other in expected)


def test_lone_surrogates_and_mapped_arrays_are_fine(tmp_path):
    made = Vocabulary.of(["b\udcff", "a", ""])
    parts = []
    for name in ("text", "bounds", "rows"):
        np.save(tmp_path / f"{name}.npy", getattr(made, name))
        parts.append(np.load(tmp_path / f"{name}.npy", mmap_mode="r"))
    mapped = Vocabulary(*parts)
    assert [mapped.row(word) for word in ("b\udcff", "a", "", "b")] == [0, 1, 2, None]
