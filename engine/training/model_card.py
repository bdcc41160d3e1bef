"""Model cards: what a bundled model was trained on, how, how good it is, and what it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.models.card import CheckpointCard

DATA: dict[str, str] = {
    "FER2013": "faces: FER2013 (Goodfellow et al. 2013), research use",
    "FER+": "votes on FER2013: FER+ (Barsoum et al. 2016), MIT",
    "facial_expressions": "faces: muxspace/facial_expressions, Apache-2.0",
    "RAVDESS": "voice: RAVDESS (Livingstone and Russo 2018), CC BY-NC-SA 4.0",
    "EMO-DB": "voice: EMO-DB (Burkhardt et al. 2005), free for research",
    "GoEmotions": "words: GoEmotions, Ekman grouping (Demszky et al. 2020), Apache-2.0",
    "MELD": "words: transcripts of MELD (Poria et al. 2019), GPL-3.0",
    "ISEAR": "words: ISEAR (Scherer and Wallbott 1994), research use",
}
"""Training data and their terms."""

_TERMS = """
Trained on data for research, in part under CC BY-NC-SA 4.0: **research and non-commercial use only**, with the sources
cited and under the same terms.
"""

_TRIALS = {
    "video": "face only: FER+ dev, one picture each",
    "audio": "voice only: dev speakers, calm counted as neutral",
    "text": "words only: GoEmotions dev, one label",
    "all": "all three: same-class combinations of dev items",
}

_FACE = """# Model card: face encoder {name}

A compact residual CNN: one grey {input_size}x{input_size} face in, {embedding_dim} numbers out, the mean over the
face and its mirror image.

## Data and terms

{data}{terms}
## Recipe

```
attune train face --data DATA --out assets --seeds {seeds}
```

{recipe}
## Figures

Of the network's own classifier, on dev, as the command above prints and writes them. The bundled seed is {seed}, chosen
on dev.

| seed | dev set | n | accuracy | balanced accuracy | macro-F1 |
|---|---|---|---|---|---|
{rows}
## What it has not seen

Video: it was trained on single photographs, most of them posed or from the press, many of actors. Profiles, masks,
strong shadows and very small faces are rare in them. People of some ages and skin tones are rarer than others. The
labels are what onlookers read in a face, not what the person felt.
"""

_FUSION = """# Model card: {kind}-attention model

Temporal preset. Voice as 120-d MFCC, face as {face_dim}-d embeddings of {face_encoder} at 3 Hz, words as {text_dim}-d
vectors of {vectors}. Any of the three may be absent.

## Data and terms

{data}{terms}
## Recipe

Branch teachers for voice and words first. The fusion starts from their encoders and learns on random windows that join
items of the same class across corpora, with modalities left out and windows cut at random. A modality that stands
alone is also taught by its teacher.

```
attune train fusion --data DATA --out assets --fusion {kind} --seeds {seeds}
```

{recipe}
## Figures

On dev, after calibration, as the command above prints and writes them. The bundled seed is {seed}, chosen on dev.

| seed | trial | n | accuracy (paper: UWA) | balanced accuracy (paper: WA) | macro-F1 | ECE |
|---|---|---|---|---|---|---|
{rows}
Temperature {temperature:.3f}, fitted on dev with every trial counting the same. Under a top probability of
{unsure:.2f} the answer is shown as "unsure": over it, at least 85 % of the dev answers are right.

## What it has not seen

No person whose face, voice and words carry one label: the three come from different people in different corpora. So
it knows no natural timing between them, and the modalities agree more often in its training than in life. Voices are
actors', English and German, two fixed English sentences among them. Sentences are written comments, sitcom lines and
reports. No child, no dialect, no singing, and no sarcasm that it could tell.
"""


def face_card(card: Mapping[str, Any]) -> str:
    """Model card of a face encoder, in Markdown."""
    rows = "".join(
        f"| {seed} | {name} | {one['n']} | {one['accuracy']:.3f} | {one['balanced_accuracy']:.3f} "
        f"| {one['macro_f1']:.3f} |\n"
        for seed, found in card["figures"].items()
        for name, one in found.items()
    )
    return _FACE.format(
        name=card["name"],
        input_size=card["input_size"],
        embedding_dim=card["embedding_dim"],
        data=_list(card["data"].values()),
        terms=_TERMS,
        recipe=_settings(card["recipe"]),
        seed=card["seed"],
        seeds=len(card["figures"]),
        rows=rows,
    )


def fusion_card(kind: str, card: CheckpointCard) -> str:
    """Model card of a fusion checkpoint, in Markdown."""
    figures: Mapping[str, Any] = card.figures
    recipe: Mapping[str, Any] = card.training["recipe"]  # type: ignore[assignment]
    rows = "".join(
        f"| {seed} | {_TRIALS[name]} | {one['n']} | {one['accuracy']:.3f} | {one['balanced_accuracy']:.3f} "
        f"| {one['macro_f1']:.3f} | {one['ece']:.3f} |\n"
        for seed, found in figures.items()
        for name, one in found.items()
    )
    return _FUSION.format(
        kind=kind,
        face_dim=card.face_dim,
        face_encoder=card.face_encoder,
        text_dim=card.text_dim,
        vectors=card.vectors,
        data=_list(DATA.values()),
        terms=_TERMS,
        recipe=_settings(recipe),
        seed=recipe["seed"],
        seeds=len(figures),
        rows=rows,
        temperature=card.temperature,
        unsure=card.unsure_threshold,
    )


def _list(items: Iterable[str]) -> str:
    return "".join(f"- {item}\n" for item in items)


def _settings(recipe: Mapping[str, Any]) -> str:
    return "".join(f"- {key}: {value}\n" for key, value in recipe.items())
