"""Reads over the WebSocket: python examples/read_websocket.py 'ws://127.0.0.1:8765/?token=...' (needs websockets)"""

import json
import sys

from websockets.sync.client import connect

with connect(sys.argv[1]) as socket:
    for line in socket:  # until attune ends
        message = json.loads(line)
        if message["type"] == "prediction":
            share = message["probabilities"][message["top"]]
            print(f"{message['t_s']:7.2f} s  {message['top']} {share:.0%} ({message['certainty']})", flush=True)
        elif message["type"] == "words" and message["final"]:
            print("           ", " ".join(word["text"] for word in message["words"]), flush=True)
