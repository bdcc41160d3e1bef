"""The voice: what is drawn of the sound, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.fft import dct

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPoint, Qt  # noqa: E402
from PySide6.QtGui import QColor  # noqa: E402

from demo.shown import Emotion, Shown, Voice  # noqa: E402
from demo.widgets.voice import VoiceView  # noqa: E402
from demo.widgets.voice_layout import SPAN_S, lay_out  # noqa: E402
from demo.widgets.voice_picture import band_of_hz, bars_of, enlargement, heard_now, spectrum_of, tinted  # noqa: E402
from tests.demo.widgets.shown_samples import voice_sample  # noqa: E402


def shown(voice: Voice) -> Shown:
    return Shown(kind="file", ready=True, voice=voice)


@pytest.fixture
def view(qtbot):
    view = VoiceView()
    qtbot.addWidget(view)
    view.resize(500, 220)
    view.show()
    return view


def test_spectrum_is_what_the_coefficients_hold():
    bands = -60 + 30 * np.cos(np.pi * 3 * (np.arange(64) + 0.5) / 64)
    mfcc = dct(np.tile(bands, (100, 1)), norm="ortho", axis=1)[:, :40].astype(np.float32)
    voice = replace(voice_sample(1.0, 1.0), mfcc=mfcc)
    image = spectrum_of(voice, 1000)
    assert image.shape == (40, 100)
    middles = (np.arange(40) + 0.5) / 40
    wanted = -60 + 30 * np.cos(np.pi * 3 * middles)
    found = image[::-1, 50] * 52.0 - 24.0 - 52.0
    np.testing.assert_allclose(found, np.clip(wanted, -76, -24), atol=0.01)


def test_spectrum_is_empty_where_nothing_was_heard():
    voice = voice_sample(12.0)
    keep = (voice.mfcc_times_s < 4) | (voice.mfcc_times_s > 6)
    cut = replace(voice, mfcc_times_s=voice.mfcc_times_s[keep], mfcc=voice.mfcc[keep])
    image = spectrum_of(cut, 300)
    unknown = np.isnan(image).all(axis=0)
    assert unknown[105:145].all()
    assert not unknown[:95].any()
    assert np.isnan(spectrum_of(Voice(end_s=2.0, microphone=True), 300)).all()


def test_frequencies_rise_on_the_mel_scale():
    assert [round(band_of_hz(one), 2) for one in (0, 1000, 4000, 8000)] == [0.0, 0.33, 0.78, 1.0]


def test_bars_slide_without_changing():
    voice = voice_sample(13.0)
    later = replace(voice, start_s=voice.start_s + 0.01, envelope=voice.envelope[1:])
    first, second = bars_of(voice, 6), bars_of(later, 6)
    assert enlargement(voice) == enlargement(later)
    both = np.intersect1d(first.times_s.round(4), second.times_s.round(4))
    assert len(both) >= len(first.times_s) - 1
    np.testing.assert_array_equal(first.high[-20:], second.high[-20:])


def test_bars_know_voice_and_leave_out_what_is_missing():
    voice = voice_sample(12.0)
    envelope = voice.envelope.copy()
    envelope[300:400] = np.nan
    bars = bars_of(replace(voice, envelope=envelope), 5)
    assert not ((bars.times_s > 3.05) & (bars.times_s < 3.95)).any()
    assert bars.voice[(bars.times_s > 6.5) & (bars.times_s < 10)].all()
    assert not bars.voice[(bars.times_s > 4.5) & (bars.times_s < 5.9)].any()


@pytest.mark.parametrize(("gap_s", "heard"), [(10.0, "voice"), (11.9, "silence")])
def test_voice_and_silence_are_told_apart(gap_s, heard):
    assert heard_now(voice_sample(gap_s)) == heard


def test_sound_without_voice_and_no_sound():
    voice = voice_sample(10.0)
    assert heard_now(replace(voice, activity=np.zeros_like(voice.activity))) == "sound"
    assert heard_now(replace(voice, envelope=np.full_like(voice.envelope, np.nan))) == "nothing"


def test_tint_begins_with_the_ground():
    image = tinted(np.array([[0.0, 1.0, np.nan]], np.float32), QColor("#112233"), QColor("#445566"), QColor("#FFEEDD"))
    colours = [image.pixelColor(at, 0) for at in range(3)]
    assert colours == [QColor("#112233"), QColor("#FFEEDD"), QColor("#112233")]


NOTHING = Emotion(certainty="nothing")


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        (Shown(), "Open a recording or go live"),
        (Shown(kind="live"), "No microphone"),
        (Shown(kind="live", voice=Voice(microphone=True)), "Not analysed yet"),
        (Shown(kind="live", voice=Voice(microphone=True), emotion=NOTHING), "No sound yet"),
        (Shown(kind="file", voice=voice_sample(10.0)), ""),
    ],
)
def test_what_is_missing_is_said(view, shown, message):
    view.show_it(shown)
    assert view.message == message
    view.grab()


def test_caption_says_what_is_heard_and_looked_at(view):
    view.show_it(shown(voice_sample(10.0)))
    assert view.caption == "speaking"
    assert view.looked_at == "the models hear the last 4.0 s"
    view.show_it(shown(replace(voice_sample(11.9), window_s=None)))
    assert view.caption == "silence"
    assert view.looked_at == "the models hear nothing"
    assert view.accessibleDescription() == "silence, the models hear nothing"


def test_pointer_reads_and_click_seeks(view, qtbot):
    view.show_it(shown(voice_sample(14.0)))
    places = lay_out(view, 14.0, metered=False)
    at = QPoint(round(places.x_of(9.0)), round(places.spectrum.center().y()))
    qtbot.mouseMove(view, at)
    qtbot.waitUntil(lambda: "voice 97 %" in view.caption)
    with qtbot.waitSignal(view.seek_wanted) as caught:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert caught.args[0] == pytest.approx(9.0, abs=SPAN_S / places.wave.width())


def test_keyboard_reads_and_seeks(view, qtbot):
    view.show_it(shown(voice_sample(14.0)))
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.caption.startswith("0:13.7")
    with qtbot.waitSignal(view.seek_wanted) as caught:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [pytest.approx(13.7)]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.caption == "speaking"


def test_microphone_has_a_meter(view):
    live = voice_sample(10.0, live=True)
    view.show_it(shown(live))
    narrow = lay_out(view, 10.0, metered=True)
    assert narrow.wave.right() < narrow.meter.left()
    accent = view.palette().highlight().color()
    meter = narrow.meter
    low = view.grab().toImage().pixelColor(round(meter.center().x()), round(meter.bottom() - 4))
    assert low == accent
    view.show_it(shown(replace(live, level_db=-0.2)))
    assert view.grab().toImage().pixelColor(round(meter.center().x()), round(meter.bottom() - 4)) != accent


def test_what_the_models_do_not_hear_is_dimmed(view):
    view.show_it(shown(replace(voice_sample(10.0), window_s=(6.0, 10.0))))
    dimmed = view.grab().toImage()
    view.show_it(shown(replace(voice_sample(10.0), window_s=(0.0, 10.0))))
    bright = view.grab().toImage()
    places = lay_out(view, 10.0, metered=False)
    y = round(places.spectrum.bottom()) - 20
    early, late = round(places.x_of(2.0)), round(places.x_of(8.0))
    assert dimmed.pixelColor(early, y) != bright.pixelColor(early, y)
    assert dimmed.pixelColor(late, y) == bright.pixelColor(late, y)


def test_same_sound_is_not_painted_again(view, monkeypatch):
    one = shown(voice_sample(10.0))
    view.show_it(one)
    monkeypatch.setattr(view, "update", lambda *_: pytest.fail("painted again"))
    view.show_it(replace(one, title="other"))
