"""What model cards say of the bundle's data, and the card of the face encoder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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

TERMS = """
Trained on data for research, in part under CC BY-NC-SA 4.0: **research and non-commercial use only**, with the sources
cited and under the same terms.
"""

TRIALS = {
    "video": "face only: FER+ dev, one picture each",
    "audio": "voice only: dev speakers, calm counted as neutral",
    "text": "words only: GoEmotions dev, one label",
    "audio+video+text": "all three: same-class combinations of dev items",
}
"""What the trials of the bundle are."""

UNSEEN = """
No person whose face, voice and words carry one label: the three come from different people in different corpora. So it
knows no natural timing between them, and the modalities agree more often in its training than in life. Voices are
actors', English and German, two fixed English sentences among them. Sentences are written comments, sitcom lines and
reports. No child, no dialect, no singing, and no sarcasm that it could tell.
"""

_FACE = """# Model card: face encoder {name}

A compact residual CNN: one grey {input_size}x{input_size} face in, {embedding_dim} numbers out, the mean over the
face, a closer crop of it, and the mirror images of both.

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
The ONNX file, which runs on processors, computes in {precision}: accuracy {accuracy:.4f} on FER+ dev, and
{float32_accuracy:.4f} in single precision, as `python -m tools.quantise_face_encoder DATA` measures when it makes the
file anew.

## What it has not seen

Video: it was trained on single photographs, most of them posed or from the press, many of actors. Profiles, masks,
strong shadows and very small faces are rare in them. People of some ages and skin tones are rarer than others. The
labels are what onlookers read in a face, not what the person felt.
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
        terms=TERMS,
        recipe=_settings(card["recipe"]),
        seed=card["seed"],
        seeds=len(card["figures"]),
        rows=rows,
        **card["graph"],
    )


def _list(items: Iterable[str]) -> str:
    return "".join(f"- {item}\n" for item in items)


def _settings(recipe: Mapping[str, Any]) -> str:
    return "".join(f"- {key}: {value}\n" for key, value in recipe.items())
