"""Reads messages from the standard input: attune live --jsonl - --ui terminal | python examples/read_jsonl.py"""

import json
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "prediction":
        share = message["probabilities"][message["top"]]
        print(f"{message['t_s']:7.2f} s  {message['top']} {share:.0%} ({message['certainty']})", flush=True)
    elif message["type"] == "words" and message["final"]:
        print("           ", " ".join(word["text"] for word in message["words"]), flush=True)
