"""Models corrected on labelled items of one's own, and used by every command: `attune train fusion --from`."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.config import SessionConfig
from engine.errors import DataError, OutputError
from engine.features.word_vectors import WordVectors, load_word_vectors
from engine.models.card import CheckpointCard
from engine.models.checkpoint import load_checkpoint, save_checkpoint
from engine.models.chosen import load_chosen
from engine.models.fusion import FusionConfig, FusionModel
from engine.models.onnx import open_onnx
from engine.models.stored import read_checkpoint
from engine.training.adapt.recipe import AdaptationRecipe
from engine.training.adapt.run import Correction, correct_models
from engine.training.adapt.write import write_correction
from main import main
from tests.corpora.media import sound
from tests.disks import small_disk

LABELS = ("angry", "happy", "sad")
WORDS = {"happy": ("joy", "great", "love", "fun"), "sad": ("grief", "cry", "pain", "lonely")}
QUICK = AdaptationRecipe(epochs=3, learning_rate=3e-2, parts=2)


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return load_word_vectors(None)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small models that know nothing yet, of words alone and of voice and words."""
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    for fusion, modalities in (("self", ("text",)), ("cross", ("audio", "text"))):
        config = FusionConfig(
            fusion=fusion,  # type: ignore[arg-type]
            modalities=modalities,  # type: ignore[arg-type]
            hidden=6,
            heads=2,
            classes=3,
            dims={"audio": 120, "text": 50},
        )
        card = CheckpointCard(
            face_encoder=None,
            face_dim=None,
            vectors="glove-6b-50d",
            text_dim=50,
            labels=LABELS if fusion == "self" else LABELS[::-1],
            temperatures={"text": 1.5},
            training={"sources": ["words: of a test"], "seed": 7},
            **({"mfcc": {}} if fusion == "self" else {}),  # type: ignore[arg-type]
        )
        save_checkpoint(folder, fusion, FusionModel(config), card)
    return folder


def rows(count: int = 24, labels: tuple[str, ...] = ("happy", "sad")) -> list[dict[str, str]]:
    rng = np.random.default_rng(0)
    found = []
    for k in range(count):
        label = labels[k % len(labels)]
        text = " ".join(rng.choice(WORDS[label], 3))
        found.append({"id": f"i{k}", "label": label, "text": f"the {text} of it"})
    return found


def write(path: Path, items: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(items[0]))
        writer.writeheader()
        writer.writerows(items)
    return path


def correct(models: Path, manifest: Path, vectors: WordVectors, cache: Path, **more: object) -> Correction:
    chosen = load_chosen(SessionConfig(model_dir=str(models)))
    return correct_models(chosen, manifest, QUICK, vectors=vectors, cache=cache, jobs=0, **more)  # type: ignore[arg-type]


@pytest.mark.timeout(240)
def test_from_labelled_items_to_models_that_every_command_uses(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest, out = write(tmp_path / "mine.csv", rows()), tmp_path / "mine"
    command = ["train", "fusion", "--from", str(models), "--manifest", str(manifest), "--out", str(out)]
    assert main([*command, "--epochs", "2", "--parts", "2", "--jobs", "1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "log-loss" in said and "mean of all" in said and "2 parts by item" in said
    assert "Nothing is labelled angry" in said and "No item has audio" in said and "before-after.png" in said
    names = {f"{one}.{suffix}" for one in ("self", "cross") for suffix in ("safetensors", "json", "onnx", "md")}
    assert {one.name for one in out.iterdir()} == names | {"correction.json", "before-after.png"}
    assert (out / "before-after.png").read_bytes().startswith(b"\x89PNG")
    report = json.loads((out / "correction.json").read_text())
    assert report["items"] == 24 and report["labels"] == {"angry": 0, "happy": 12, "sad": 12}
    assert report["models"]["self"]["parent_sha256"] == read_checkpoint(models / "self").checksum
    for name in ("self", "cross"):
        stored = read_checkpoint(out / name)
        open_onnx(out / f"{name}.onnx", stored.config, stored.checksum)
        factor, text = report["models"][name]["temperature_factor"], (out / f"{name}.md").read_text()
        assert stored.card.temperatures["text"] == pytest.approx(1.5 * factor)
        assert stored.card.training["corrected_from"] == {
            "name": name, "weights_sha256": read_checkpoint(models / name).checksum,
        }  # fmt: skip
        assert stored.card.training["sources"] == ["words: of a test"] and "words: of a test" in text
        assert read_checkpoint(models / name).checksum in text and "fits the person" in text
        assert str(tmp_path) not in text + (out / f"{name}.json").read_text()
    assert load_checkpoint(out / "cross")[1].labels == LABELS[::-1]
    figures = tmp_path / "figures.json"
    assert main(["evaluate", "--manifest", str(manifest), "--json", str(figures), "--models", str(out)]) == 0
    assert json.loads(figures.read_text())["n"] == 24


def test_items_that_are_told_apart_by_words(models: Path, vectors: WordVectors, tmp_path: Path) -> None:
    manifest = write(tmp_path / "mine.csv", rows(30))
    told: list[tuple[str, int, int]] = []
    found = correct(models, manifest, vectors, tmp_path, on_epoch=lambda *news: told.append(news))
    assert found.better and found.together.after.accuracy > found.together.before.accuracy
    assert found.together.after.accuracy > 0.7 and found.modalities == ("text",) and found.recordings == 30
    assert told[-1] == ("cross", 9, 9) and ("self", 9, 9) in told
    again = correct(models, write(manifest, [one | {"split": "test"} for one in rows(30)]), vectors, tmp_path)
    assert any("column split was not looked at" in note for note in again.notes)
    np.testing.assert_array_equal(found.models["cross"].held_out.after, again.models["cross"].held_out.after)
    first, second = (one.models["cross"].model.state_dict() for one in (found, again))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_what_is_not_better_is_said(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = [one | {"text": "the table"} for one in rows(20)]  # nothing to tell them by
    out = tmp_path / "mine"
    command = ["train", "fusion", "--from", str(models / "self.json"), "--out", str(out), "--epochs", "1"]
    assert main([*command, "--manifest", str(write(tmp_path / "m.csv", items)), "--jobs", "1"]) == 0
    report = json.loads((out / "correction.json").read_text())
    said = " ".join(capsys.readouterr().out.split())
    assert ("To use the models" in said) == report["recommended"]
    assert (out / "self.onnx").is_file() and not (out / "cross.json").exists()


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (rows(24, ("happy",)), "has the label happy alone: a model that learned from it would say nothing else"),
        (rows(19), "has 19 items that can be used: it takes 20"),
        ([one | {"label": "joyful"} for one in rows()], "unknown label 'joyful'; the labels are angry, happy, sad"),
        ([one | {"text": "xqzzy"} for one in rows()], "none of the 24 items .* no word of the text has a word vector"),
        ([one | {"fold": "a"} for one in rows()], "the column fold names a alone"),
    ],
)
def test_too_little_to_learn_from(
    items: list[dict[str, str]], message: str, models: Path, vectors: WordVectors, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message):
        correct(models, write(tmp_path / "mine.csv", items), vectors, tmp_path)


def test_what_cannot_be_held_out_is_told_before_anything_is_extracted(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound(tmp_path / "talk.wav", 30.0)
    close = [
        one | {"audio": "talk.wav", "start_s": f"{k * 1.2}", "end_s": f"{k * 1.2 + 1}"} for k, one in enumerate(rows())
    ]
    manifest = write(tmp_path / "mine.csv", close)
    command = ["train", "fusion", "--from", str(models), "--manifest", str(manifest), "--cache", str(tmp_path / "kept")]
    assert main([*command, "--out", str(tmp_path / "mine")]) == 1
    assert "leave more than 2 s without a label between some of them" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "kept").exists() and not (tmp_path / "mine").exists()


def test_damaged_models_are_refused(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = write(tmp_path / "mine.csv", rows())
    broken = tmp_path / "broken"
    shutil.copytree(models, broken)
    content = bytearray((broken / "self.safetensors").read_bytes())
    content[-1] ^= 1
    (broken / "self.safetensors").write_bytes(content)
    command = ["train", "fusion", "--manifest", str(manifest), "--out", str(tmp_path / "mine"), "--from"]
    assert main([*command, str(broken)]) == 1
    assert "does not hold the weights" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "nothing")]) == 1
    assert "there is no checkpoint" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give --from and --manifest to correct a model, or --data to train the bundle anew"),
        (["--from", "bundle"], "give --manifest, your labelled items"),
        (["--manifest", "m.csv"], "give --from, such as --from bundle"),
        (["--data", "d", "--from", "bundle"], "--data trains the bundle anew, and --from is for correcting a model"),
        (["--data", "d", "--use", "a", "--epochs", "2"], "and --use and --epochs are for correcting a model"),
        (["--from", "bundle", "--manifest", "m.csv", "--seeds", "2"], "--seeds is for training with --data"),
    ],
)
def test_the_two_ways_do_not_mix(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "fusion", "--out", str(tmp_path / "o"), *arguments]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_parents_are_not_written_over(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = write(tmp_path / "mine.csv", rows())
    command = ["train", "fusion", "--from", str(models), "--manifest", str(manifest), "--out", str(models / "..")]
    assert main([*command[:-1], str(models)]) == 1
    assert "holds the models to begin with" in " ".join(capsys.readouterr().err.split())


def voices(folder: Path) -> Path:
    items = [one | {"audio": f"{one['id']}.wav"} for one in rows()]
    for k, one in enumerate(items):
        sound(folder / one["audio"], 0.3, pitch_hz=200.0 + 20 * k)
    return write(folder / "mine.csv", items)


def test_a_disk_that_is_full_while_features_are_kept(
    models: Path, vectors: WordVectors, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = voices(tmp_path)
    with small_disk(tmp_path / "cache", "64k"):
        first = correct(models, manifest, vectors, tmp_path / "cache")
        kept = sorted((tmp_path / "cache" / "voice").iterdir())
        assert 0 < len(kept) < 24 and all(one.suffix == ".npy" and one.name[0] != "." for one in kept)
        assert "cannot be written" in caplog.text
        subprocess.run(["mount", "-o", "remount,size=8m", str(tmp_path / "cache")], check=True)
        times = [one.stat().st_mtime_ns for one in kept]
        again = correct(models, manifest, vectors, tmp_path / "cache")
        assert first.items == again.items == 24 and len(list((tmp_path / "cache" / "voice").iterdir())) == 24
        assert [one.stat().st_mtime_ns for one in kept] == times
        np.testing.assert_array_equal(*(one.models["cross"].held_out.after for one in (first, again)))


def test_a_disk_that_is_full_while_models_are_written(models: Path, vectors: WordVectors, tmp_path: Path) -> None:
    found = correct(models, write(tmp_path / "mine.csv", rows()), vectors, tmp_path)
    with small_disk(tmp_path / "out", "96k"):
        with pytest.raises(OutputError, match="No space left on device"):
            write_correction(tmp_path / "out", found)
        assert not [one for one in (tmp_path / "out").iterdir() if one.name[0] == "."]
        assert not (tmp_path / "out" / "correction.json").exists()
