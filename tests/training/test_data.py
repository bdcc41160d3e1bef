"""Reading of the training data."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.config import EMOTIONS
from engine.errors import DataError
from engine.training.face_augment import FaceAugmentation
from engine.training.face_data import load_faces, load_ferplus, load_photographs, to_input
from engine.training.speech_augment import SpeechAugmentation
from engine.training.speech_data import load_speech, read_clips
from engine.training.text_data import load_text

VOTE_NAMES = [
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF",
]  # fmt: skip


def write_ferplus(path, votes, fer2013):
    images = np.zeros((len(votes), 48, 48), np.uint8)
    np.savez(
        path, images=images, votes=np.array(votes), vote_names=np.array(VOTE_NAMES), fer2013_label=np.array(fer2013)
    )


def test_ferplus_label_is_the_majority_or_a_rare_class_with_two_votes(tmp_path):
    votes = [
        [6, 4, 0, 0, 0, 0, 0, 0, 0, 0],  # neutral
        [6, 0, 0, 0, 0, 2, 0, 0, 2, 0],  # FER2013 says disgust, two votes for it
        [6, 0, 0, 0, 0, 1, 0, 0, 3, 0],  # FER2013 says disgust, one vote only
        [0, 0, 0, 0, 0, 0, 0, 9, 1, 0],  # contempt: left out
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],  # not a face: left out
    ]
    write_ferplus(tmp_path / "f.npz", votes, ["neutral", "disgust", "disgust", "neutral", "fear"])
    faces = load_ferplus(tmp_path / "f.npz")
    assert [EMOTIONS[k] for k in faces.labels] == ["neutral", "disgust", "neutral"]
    assert np.allclose(faces.soft.sum(axis=1), 1)
    assert faces.soft[0, EMOTIONS.index("happy")] == pytest.approx(0.4)


def test_photographs_become_grey_faces(tmp_path):
    Image.new("RGB", (160, 160), (255, 0, 0)).save(tmp_path / "a.jpg")
    (tmp_path / "labels.csv").write_text("path,emotion\na.jpg,sad\na.jpg,contempt\n")
    faces = load_photographs(tmp_path / "labels.csv")
    assert faces.images.shape == (1, 48, 48)
    assert abs(int(faces.images[0, 20, 20]) - 76) <= 2  # the luma of red


def test_missing_face_data_says_what_to_give(tmp_path):
    with pytest.raises(DataError, match="--data"):
        load_faces(tmp_path)


def test_face_augmentation_keeps_shape_and_range_and_repeats():
    faces = to_input(np.random.default_rng(0).integers(0, 255, (16, 48, 48), dtype=np.uint8))
    one, two = FaceAugmentation(5)(faces.clone()), FaceAugmentation(5)(faces.clone())
    assert one.shape == faces.shape
    assert 0 <= float(one.min()) <= float(one.max()) <= 1
    assert np.array_equal(one.numpy(), two.numpy())
    assert not np.array_equal(one.numpy(), faces.numpy())


def write_speech(folder):
    import soundfile

    (folder / "labels.csv").write_text(
        "path,corpus,speaker,emotion,split,duration_s\n"
        "a.flac,c,s1,calm,train,1.0\nb.flac,c,s2,boredom,train,1.0\nc.flac,c,s3,fear,dev,1.0\n"
    )
    for name in "abc":
        tone = 0.3 * np.sin(np.arange(16000) / 20).astype(np.float32)
        soundfile.write(folder / f"{name}.flac", tone, 16000)


def test_speech_merges_calm_and_leaves_other_emotions_out(tmp_path):
    write_speech(tmp_path)
    clips = read_clips(tmp_path / "labels.csv", "train")
    assert [(clip.path, EMOTIONS[clip.label]) for clip in clips] == [("a.flac", "neutral")]


def test_speech_features_are_cached(tmp_path):
    write_speech(tmp_path)
    first = load_speech(tmp_path, "dev", 2, tmp_path / "cache")
    (tmp_path / "c.flac").unlink()
    again = load_speech(tmp_path, "dev", 2, tmp_path / "cache")
    assert len(first.views[0]) == 3
    assert first.views[0][0].shape == (98, 120)
    assert all(np.array_equal(a, b) for a, b in zip(first.views[0], again.views[0], strict=True))


def test_speech_labels_missing_or_incomplete(tmp_path):
    with pytest.raises(DataError, match="--data"):
        read_clips(tmp_path / "labels.csv", "train")
    (tmp_path / "labels.csv").write_text("path,emotion\n")
    with pytest.raises(DataError, match="corpus, speaker, split"):
        read_clips(tmp_path / "labels.csv", "train")


def test_speech_augmentation_changes_and_repeats():
    samples = 0.1 * np.sin(np.arange(16000) / 10).astype(np.float32)
    one, two = SpeechAugmentation(1)(samples), SpeechAugmentation(1)(samples)
    assert np.array_equal(one, two)
    assert one.dtype == np.float32
    assert abs(len(one) / len(samples) - 1) <= 0.14
    assert np.abs(one).max() <= 1


class LetterVectors:
    """Vectors for words of one known letter."""

    dim = 2

    def vector(self, token):
        return np.array([ord(token), 1.0], np.float32) if token in "abc!" else None


def test_sentences_become_rows_of_one_table(tmp_path):
    path = tmp_path / "text.tsv"
    path.write_text(
        "corpus\tsplit\temotion\ttext\n"
        "x\ttrain\thappy\ta b a!\nx\ttrain\tsad|fear\tc\nx\ttrain\tanger\tzzz\nx\tdev\tanger\ta\nx\ttrain\tboredom\ta\n"
    )
    text = load_text(path, "train", LetterVectors())
    assert len(text) == 2
    assert text.rows[0].tolist() == [0, 1, 0, 2]
    assert text.punctuation == {2}
    assert text.labels.tolist() == [EMOTIONS.index("happy"), -1]
    assert text.soft[1, EMOTIONS.index("sad")] == 0.5
    assert text.table.shape == (4, 2)


def test_other_columns_are_refused(tmp_path):
    path = tmp_path / "text.tsv"
    path.write_text("a\tb\n")
    with pytest.raises(DataError, match="corpus, split, emotion, text"):
        load_text(path, "train", LetterVectors())
