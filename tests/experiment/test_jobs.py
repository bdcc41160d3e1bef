from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.corpora.utterances import FeatureOrigin
from engine.errors import DataError
from engine.experiment.jobs import Choice, Job, all_jobs, check_choice
from engine.experiment.plan import Plan
from tests.experiment.fakes import FakeDataset, tiny_plan, tiny_source

NO_TEXT = FeatureOrigin(mfcc={"rate_hz": 16000})
UNKNOWN = FeatureOrigin(mfcc={"rate_hz": 16000}, text_dim=50)


def jobs(plan: Plan, dataset: FakeDataset | None = None) -> list[Job]:
    return all_jobs(plan, dataset or FakeDataset(), tiny_source(plan))


def protocol(text: str) -> Plan:
    return tiny_plan(('[[cells]]\nname = "self', f'[protocol]\n{text}\n[[cells]]\nname = "self'))


def test_keys_name_all_that_fixes_a_result() -> None:
    plan = tiny_plan()
    keys = [job.key for job in jobs(plan)]
    assert len(set(keys)) == len(keys) == 8
    assert keys == [job.key for job in jobs(tiny_plan(("A tiny plan", "Another title")))]
    others = [
        jobs(protocol("batch = 16")),
        jobs(tiny_plan(('fusion = "self"', 'fusion = "self"\npreset = "temporal"')))[::2],
        jobs(plan, FakeDataset(fingerprint="f2")),
        jobs(plan, FakeDataset(classes=("yes", "no"))),
    ]
    for one in others:
        assert not {job.key for job in one} & set(keys)


def test_settings_of_the_plan_stand_before_those_of_the_preset() -> None:
    plan = protocol("learning_rate = 2\nmax_epochs = 3\ntext_dropout = 0")
    settings = jobs(plan)[0].protocol
    assert (settings["learning_rate"], settings["max_epochs"], settings["batch"]) == (2, 3, 32)
    assert (settings["text_dropout"], settings["standardise"]) == (0, False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("learning_rat = 1e-3", "protocol.learning_rat is not known: did you mean learning_rate?"),
        ("batch = 1.5", "protocol.batch must be of the kind int, such as 32, found 1.5"),
        ("standardise = 1", "protocol.standardise must be of the kind bool, such as false, found 1"),
        ('batch = "many"', "protocol.batch must be of the kind int, such as 32, found 'many'"),
        ("masks = true", "cell self A.T: the paper preset has no masks"),
        ("batch = 0", "cell self A.T: batch must be from 1 to 1e.06, found 0"),
        ("max_epochs = 0", "max_epochs must be from 1"),
        ("learning_rate = -0.1", "learning_rate must be from 1e-09 to 1000, found -0.1"),
        ("learning_rate = nan", "learning_rate must be from 1e-09 to 1000, found nan"),
        ("text_dropout = 1.0", "text_dropout must be from 0 to 0.99, found 1"),
    ],
)
def test_settings_that_there_are_not(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        jobs(protocol(text))


def test_what_the_data_do_not_hold() -> None:
    with pytest.raises(DataError, match=r"names the fold two, but tiny data has one$"):
        jobs(tiny_plan(), FakeDataset(folds=("one",)))
    with pytest.raises(DataError, match=r"self A\+T needs text, but tiny data has audio"):
        jobs(tiny_plan(), FakeDataset(features=NO_TEXT))
    with pytest.raises(DataError, match=r"say it in the plan, as data\.vectors"):
        jobs(tiny_plan(), FakeDataset(features=UNKNOWN))
    with pytest.raises(DataError, match="too much alike"):
        jobs(tiny_plan(('folds = ["one", "two"]', "")), FakeDataset(folds=("a b", "A-b")))


def test_all_folds_of_the_data() -> None:
    plan = tiny_plan(('folds = ["one", "two"]', 'folds = "all"'))
    assert len(jobs(plan, FakeDataset(folds=("x", "y", "z")))) == 12


def test_folders_are_fit_for_every_system() -> None:
    job = replace(jobs(tiny_plan())[0], fold="Session 1/Ses01", seed=3)
    assert job.folder == Path("runs", "self-a-t", "session-1-ses01-seed03")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(cells=("self A+V",)), r"--cells self A\+V: the plan has no such one, did you mean self A\+T"),
        (Choice(seeds=(3,)), "--seeds 3: the plan has no such one"),
    ],
)
def test_mistakes_are_found_before_the_data_are_opened(choice: Choice, message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_choice(tiny_plan(), choice)
    with pytest.raises(DataError, match="batch"):
        check_choice(protocol("batch = 0"), Choice())
