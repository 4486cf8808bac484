"""Prints what screenplain finds in a Fountain file: a JSON list of [kind, text]."""

import json
import sys

from screenplain.parsers import fountain
from screenplain.types import Dialog, DualDialog, Slug


def plain(rich):
    return str(rich).strip()


def dialog(block):
    speech = " ".join(plain(text) for parenthetical, text in block.blocks if not parenthetical)
    return [["character", plain(block.character)], ["speech", speech]]


found = []
with open(sys.argv[1], encoding="utf-8") as file:
    for paragraph in fountain.parse(file):
        if isinstance(paragraph, Slug):
            found.append(["scene", plain(paragraph.line)])
        elif isinstance(paragraph, Dialog):
            found += dialog(paragraph)
        elif isinstance(paragraph, DualDialog):
            found += dialog(paragraph.left) + dialog(paragraph.right)
sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode())
