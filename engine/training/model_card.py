"""Model cards: what a bundled model was trained on, how, how good it is, and what it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.metrics import Scores
from engine.models.card import CheckpointCard

DATA: dict[str, str] = {
    "FER2013 and FER+": "faces: FER2013 (Goodfellow et al. 2013, research use) with the votes of FER+ (Barsoum et al. 2016, MIT)",
    "facial_expressions": "faces: muxspace/facial_expressions, Apache-2.0",
    "RAVDESS": "voice: RAVDESS (Livingstone and Russo 2018), CC BY-NC-SA 4.0",
    "EMO-DB": "voice: EMO-DB (Burkhardt et al. 2005), free for research",
    "GoEmotions": "words: GoEmotions, Ekman grouping (Demszky et al. 2020), Apache-2.0",
    "MELD": "words: transcripts of MELD (Poria et al. 2019), GPL-3.0",
    "ISEAR": "words: ISEAR (Scherer and Wallbott 1994), research use",
}
"""Training data and their terms."""

_TERMS = (
    "Trained on data for research, in part under CC BY-NC-SA 4.0: **research and non-commercial use only**, with the "
    "sources cited and under the same terms."
)
_TRIALS = {
    "video": "face only: FER+ dev, one picture each",
    "audio": "voice only: dev speakers, calm counted as neutral",
    "text": "words only: GoEmotions dev, one label",
    "all": "all three: same-class combinations of dev items",
}


def face_card(card: Mapping[str, Any], scores: Mapping[str, Scores]) -> str:
    """Model card of a face encoder, in Markdown."""
    rows = "".join(
        f"| {seed} | {name} | {one['n']} | {one['accuracy']:.3f} | {one['balanced_accuracy']:.3f} | {one['macro_f1']:.3f} |\n"
        for seed, found in card["figures"].items()
        for name, one in found.items()
    )
    return (
        f"# Model card: face encoder {card['name']}\n\n"
        f"A compact residual CNN: one grey {card['input_size']}x{card['input_size']} face in, "
        f"{card['embedding_dim']} numbers out, the mean over the face and its mirror image.\n\n"
        f"## Data and terms\n\n{_list(card['data'].values())}\n{_TERMS}\n\n"
        "## Recipe\n\n"
        "```\nattune train face --data DATA --out assets\n```\n\n"
        f"{_settings(card['recipe'])}\n"
        "## Figures\n\nOf the network's own classifier, on dev; the bundled seed is "
        f"{card['seed']}, chosen on dev.\n\n"
        "| seed | dev set | n | accuracy | balanced accuracy | macro-F1 |\n|---|---|---|---|---|---|\n"
        f"{rows}\n"
        "## What it has not seen\n\n"
        "Video: it was trained on single photographs, most of them posed or from the press, many of actors. Profiles, "
        "masks, strong shadows and very small faces are rare in them. People of some ages and skin tones are "
        "rarer than others, and the labels are what onlookers read in a face, not what the person felt.\n"
    )


def fusion_card(kind: str, card: CheckpointCard, best_seed: int) -> str:
    """Model card of a fusion checkpoint, in Markdown."""
    figures: Mapping[str, Any] = card.figures
    rows = "".join(
        f"| {seed} | {_TRIALS[name]} | {one['n']} | {one['accuracy']:.3f} | {one['balanced_accuracy']:.3f} "
        f"| {one['macro_f1']:.3f} | {one['ece']:.3f} |\n"
        for seed, found in figures.items()
        for name, one in found.items()
    )
    recipe: Mapping[str, Any] = card.training["recipe"]  # type: ignore[assignment]
    return (
        f"# Model card: {kind}-attention model\n\n"
        f"Temporal preset. Voice as 120-d MFCC, face as {card.face_dim}-d embeddings of {card.face_encoder} at 3 Hz, words "
        f"as {card.text_dim}-d vectors of {card.vectors}. Any of the three may be absent.\n\n"
        f"## Data and terms\n\n{_list(DATA.values())}\n{_TERMS}\n\n"
        "## Recipe\n\n"
        "Branch teachers for voice and words first; the fusion starts from their encoders and learns, on random windows "
        "that join items of the same class across corpora, with modalities left out and windows cut at random; a modality "
        "that stands alone is also taught by its teacher.\n\n"
        "```\nattune train fusion --data DATA --out assets --fusion both --seeds "
        f"{len(figures)}\n```\n\n{_settings(recipe)}\n"
        f"## Figures\n\nOn dev, after calibration; the bundled seed is {best_seed}, chosen on dev.\n\n"
        "| seed | trial | n | accuracy (paper: UWA) | balanced accuracy (paper: WA) | macro-F1 | ECE |\n"
        "|---|---|---|---|---|---|---|\n"
        f"{rows}\n"
        f"Temperature {card.temperature:.3f}, fitted on dev with every trial counting the same. Under a top probability of "
        f"{card.unsure_threshold:.2f} the window says \"unsure\": over it, at least 70 % of the dev answers are right.\n\n"
        "## What it has not seen\n\n"
        "No person whose face, voice and words carry one label: the three come from different people in different corpora, "
        "so it knows no natural timing between them, and agreement between modalities is commoner in its training than in "
        "life. Voices are actors', English and German, two fixed English sentences among them. Sentences are written "
        "comments, sitcom lines and reports. No child, no dialect, no singing; no sarcasm that it could tell.\n"
    )


def _list(items: Any) -> str:
    return "".join(f"- {item}\n" for item in items)


def _settings(recipe: Mapping[str, Any]) -> str:
    return "".join(f"- {key}: {value}\n" for key, value in recipe.items())
