"""Damaged copies of files, the same ones at every run: cut, flipped, zeroed, and edited where it hurts."""

import json
import random

# What a header, or a number in JSON, may be turned into.
_TOKENS = (b"(", b")", b"(1,", b"((1,", b"{", b"'", b"-1", b"9" * 12, b"9" * 400, b"1e999", b"NaN", b"True", b"'O'")
_TOKENS += (b"'<U9'", b"'|S0'", b"'<f2'", b"'>i8'", b"'<M8[s]'", b"None", b"\\x", b"\0", b"\xff\xfe", b"[" * 3000)
_VALUES = (None, True, -1, 0, 0.5, 1e308, float("nan"), float("inf"), 10**400, "", "x" * 999, "\ud800", [], {}, [[]])


def mutated(whole, seed):
    """One damaged copy of these bytes."""
    rng = random.Random(seed)
    data = bytearray(whole)
    kind = rng.randrange(7)
    if kind == 0:
        del data[rng.randrange(len(data)) :]
    elif kind == 1:
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == 2:
        start = rng.randrange(len(data))
        end = min(len(data), start + rng.randint(1, 64))
        data[start:end] = bytes(end - start)
    elif kind == 3:
        start = rng.randrange(len(data))
        del data[start : start + rng.randint(1, 8)]
    elif kind == 4:
        place = rng.randrange(len(data) + 1)
        data[place:place] = rng.choice(_TOKENS)
    else:
        # Where NumPy's headers and what matters in JSON stand; the length stays.
        place = rng.randrange(min(len(data), 128))
        token = rng.choice(_TOKENS)
        data[place : place + len(token)] = token
    return bytes(data)


def mutated_json(whole, seed):
    """One copy of this JSON text with a value changed, or gone; or damaged as `mutated` does."""
    rng = random.Random(seed)
    if rng.random() < 0.3:
        return mutated(whole, seed)
    values = json.loads(whole)
    place, key = values, None
    while isinstance(place, dict | list) and place and (key is None or rng.random() < 0.8):
        key = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
        parent, place = place, place[key]
    if key is None:
        values = rng.choice(_VALUES)
    elif rng.random() < 0.2:
        del parent[key]
    else:
        parent[key] = rng.choice(_VALUES)
    return json.dumps(values).encode()
