"""Draw the three sounds of notices as waves, so that they are ours and can be made again.

`python packaging/make_sounds.py` writes resources/sounds/{notice,urgent,emergency}.wav: soft, low
tones that hearing loss of old age leaves audible (400 to 1,000 Hz), each with its own rhythm.
"""

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"
Tone = tuple[float, float]
"""Hertz (0 is a pause) and seconds."""

SOUNDS: dict[str, list[Tone]] = {
    "notice": [(523.25, 0.16), (659.25, 0.28)],
    "urgent": [(659.25, 0.2), (0, 0.08), (659.25, 0.2), (0, 0.08), (880.0, 0.4)],
    "emergency": [(880.0, 0.25), (587.33, 0.25)] * 4,
}


def tone(hertz: float, seconds: float) -> list[float]:
    """Return samples of one tone with a soft edge and a little of its octave."""
    count = int(RATE * seconds)
    edge = max(1, int(RATE * 0.012))
    samples = []
    for n in range(count):
        swell = min(1.0, n / edge, (count - n) / edge)
        angle = 2 * math.pi * hertz * n / RATE
        samples.append(
            swell * (0.75 * math.sin(angle) + 0.25 * math.sin(2 * angle)) if hertz else 0.0
        )
    return samples


def write(name: str, tones: list[Tone]) -> Path:
    """Write one sound as 16-bit mono."""
    samples = [sample for hertz, seconds in tones for sample in tone(hertz, seconds)]
    file = FOLDER / f"{name}.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(struct.pack("<h", int(sample * 20_000)) for sample in samples))
    return file


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each, notes in SOUNDS.items():
        print(write(each, notes))
