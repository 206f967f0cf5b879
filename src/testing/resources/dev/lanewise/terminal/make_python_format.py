"""Writes python_format.txt: the bits of doubles with their texts from Python's %.5f and %.4f, and integers with %3d and %2d.

    python3 make_python_format.py           (any Python 3)
"""
import math
import os
import random
import struct

rng = random.Random(5)
values = [0.0, -0.0, 1.0, 2.302585092994046, 0.015625, 0.046875, 1.015625, 2.000005, 1.000015, 0.000005, 0.5, 99.999995]
values += [math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1.7976931348623157e308, -1e-9, 1e22, 123456789.123456789]
values += [k / 64 for k in range(1, 64, 2)]  # ties: six decimals that end in 5
values += [(k + 0.5) / 1e5 for k in range(40)]  # near ties
values += [c / n for n in (7, 57, 100, 270) for c in rng.sample(range(n), 7)]  # accuracies
values += [rng.expovariate(1) for _ in range(40)]
values += [struct.unpack("<d", struct.pack("<Q", rng.getrandbits(62)))[0] for _ in range(12)]  # any size below 2
values += [-v for v in values[5:20]]

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "python_format.txt"), "w") as out:
    for v in values:
        bits = struct.unpack("<Q", struct.pack("<d", v))[0]
        out.write("%016x %.5f %.4f\n" % (bits, v, v))
    for i in (0, 7, 42, 99, 100, 999, 1000, 12345):
        out.write("int|%d|%3d|%2d\n" % (i, i, i))
