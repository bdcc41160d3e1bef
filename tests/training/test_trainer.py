"""The paper's protocol: what is learned, when it ends, and that it can be repeated and resumed."""

from __future__ import annotations

import errno
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import OutputError
from engine.models.fusion import FusionConfig
from engine.training import trainer as module
from engine.training.batches import predict, prepare
from engine.training.protocol import Protocol
from engine.training.trainer import Epoch, TrainedRun, train
from tests.training.utterances import CLASSES, DIMS, tiny_fold


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def config(preset: str, *modalities: str, fusion: str = "self") -> FusionConfig:
    return FusionConfig(
        fusion=fusion,
        preset=preset,
        modalities=modalities,
        dims={name: DIMS[name] for name in modalities},
        classes=CLASSES,
        hidden=12,
        heads=2,
    )


def quick(preset: str, **changes: object) -> Protocol:
    return Protocol.of(preset, **({"learning_rate": 5e-3, "max_epochs": 8} | changes))


def accuracy(run: TrainedRun, protocol: Protocol, fold) -> float:
    logits = predict(run.model, fold.test, protocol, run.standardisation)
    return float((logits.argmax(axis=1) == fold.test.labels).mean())


@pytest.mark.parametrize("preset", ["paper", "temporal"])
def test_what_a_modality_tells_is_learned_and_nothing_where_it_tells_nothing(preset):
    fold, protocol = tiny_fold("video"), quick(preset)
    told = train(config(preset, "video", "text", fusion="cross"), protocol, fold, seed=0)
    assert accuracy(told, protocol, fold) > 0.75
    untold = train(config(preset, "text"), protocol, fold, seed=0)
    assert accuracy(untold, protocol, fold) < 0.6


def test_the_same_seed_gives_the_same_bits_and_another_one_does_not():
    fold, protocol = tiny_fold(), quick("temporal", max_epochs=2)
    one, same, other = (train(config("temporal", "video"), protocol, fold, seed=seed) for seed in (1, 1, 2))
    assert _equal(one, same)
    assert not _equal(one, other)


@pytest.mark.parametrize("preset", ["paper", "temporal"])
@pytest.mark.parametrize("standardise", [False, True])
def test_a_run_that_was_killed_goes_on_to_the_same_bits(preset, standardise, tmp_path: Path, monkeypatch):
    fold, protocol = tiny_fold(), quick(preset, standardise=standardise, rate_patience=1)
    shape = config(preset, "video", "text")
    whole = train(shape, protocol, fold, seed=3)
    monkeypatch.setattr(module, "_SAVE_EVERY_S", 0.0)

    class Killed(Exception):
        pass

    def kill(epoch: Epoch) -> None:
        if epoch.epoch == 5:
            raise Killed

    path = tmp_path / "progress.safetensors"
    with pytest.raises(Killed):
        train(shape, protocol, fold, seed=3, progress=path, on_epoch=kill)
    told: list[int] = []
    resumed = train(shape, protocol, fold, seed=3, progress=path, on_epoch=lambda epoch: told.append(epoch.epoch))
    assert len(resumed.epoch_seconds) == 4  # the fifth was lost before it was kept
    assert told == list(range(1, 9))
    assert resumed.epochs == whole.epochs
    assert _equal(resumed, whole)


def test_progress_that_finds_no_room_is_an_output_error(tmp_path: Path, monkeypatch):
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    protocol, path = quick("temporal", max_epochs=1), tmp_path / "progress.safetensors"
    with pytest.raises(OutputError, match="No space left on device"):
        train(config("temporal", "video"), protocol, tiny_fold(), seed=0, progress=path)


@pytest.mark.parametrize("damage", [b"", b"no such thing", None])
def test_progress_that_is_damaged_or_of_other_settings_is_left_aside(damage, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(module, "_SAVE_EVERY_S", 0.0)
    path, fold = tmp_path / "progress.safetensors", tiny_fold()
    whole = train(config("temporal", "video"), quick("temporal", max_epochs=2), fold, seed=0)
    train(config("temporal", "video"), quick("temporal", max_epochs=1), fold, seed=0, progress=path)
    if damage is not None:
        path.write_bytes(damage)
    again = train(config("temporal", "video"), quick("temporal", max_epochs=2), fold, seed=0, progress=path)
    assert _equal(again, whole)


def test_training_ends_after_so_many_epochs_without_a_better_validation_accuracy():
    fold = tiny_fold("video")
    run = train(config("temporal", "text"), quick("temporal", max_epochs=60, stop_patience=3), fold, seed=0)
    assert len(run.epochs) == run.best_epoch + 3
    best = run.epochs[run.best_epoch - 1].dev_accuracy
    assert best == max(one.dev_accuracy for one in run.epochs)
    assert run.best_epoch == next(one.epoch for one in run.epochs if one.dev_accuracy == best)


def test_the_learning_rate_falls_when_the_validation_loss_does_not():
    fold = tiny_fold("video")
    protocol = quick("temporal", max_epochs=30, stop_patience=30, rate_patience=2)
    rates = [one.learning_rate for one in train(config("temporal", "text"), protocol, fold, seed=0).epochs]
    assert rates[0] == 5e-3
    assert any(np.isclose(after / before, 0.1) for before, after in pairwise(rates))


def test_standardised_paper_models_keep_their_padding_at_zero():
    fold, protocol = tiny_fold(), quick("paper", standardise=True)
    run = train(config("paper", "video"), protocol, fold, seed=0)
    assert set(run.standardisation) == {"video"}
    inputs, lengths, _ = prepare(
        fold.dev, np.array([0]), run.model.config, protocol, run.standardisation, torch.device("cpu")
    )
    n = len(fold.dev.frames["video"][0])
    assert lengths is None
    assert inputs["video"].shape == (1, 32, DIMS["video"])
    assert not inputs["video"][0, n:].any()
    expected = (fold.dev.frames["video"][0] - run.standardisation["video"].mean) / run.standardisation["video"].std
    assert np.allclose(inputs["video"][0, :n], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"masks": True}, "no masks"), ({"head_dropout": 0.1}, "no dropout"), ({"speed": 1}, "no setting speed")],
)
def test_what_the_paper_preset_cannot_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Protocol.of("paper", **changes)


def _equal(one: TrainedRun, two: TrainedRun) -> bool:
    pairs = zip(one.model.state_dict().values(), two.model.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)
