"""Reads probabilities over the Lab Streaming Layer: python examples/read_lsl.py [NAME] (pip install pylsl)"""

import sys

from pylsl import StreamInlet, local_clock, resolve_byprop

inlet = StreamInlet(resolve_byprop("name", sys.argv[1] if len(sys.argv) > 1 else "Attune")[0])
channel = inlet.info().desc().child("channels").child("channel")
labels = []
while channel.child_value("type") == "mean":
    labels.append(channel.child_value("label"))
    channel = channel.next_sibling()
while True:
    row, captured_s = inlet.pull_sample()
    share, top = max(zip(row, labels, strict=False))
    if share == share:  # else there was nothing to predict from
        print(f"{local_clock() - captured_s:6.3f} s ago  {top} {share:.0%}", flush=True)
