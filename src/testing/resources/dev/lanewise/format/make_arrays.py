"""Makes the golden files in its folder: numpy's files of arrays of every type, order and version.

    python3 make_arrays.py          (numpy 1.24 or later)
"""
import io
import os
import zipfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(here, name)


def values(code):
    """Returns 12 values of a type: its limits (and special values of floats), then 2, 3, ... or k + 0.5 for floats."""
    if code == "b1":
        return np.array([k % 3 == 0 for k in range(12)])
    if code[0] in "ui":
        ends = np.iinfo(code)
        return np.array([ends.min, ends.max] + list(range(2, 12)), dtype=code)
    tiny = np.finfo(code).smallest_subnormal
    return np.array([np.inf, -np.inf, np.nan, -0.0, tiny] + [k + 0.5 for k in range(5, 12)], dtype=code)


types = ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]

arrays = {}
for code in types:
    for order in "<>":
        for layout in "CF":
            name = {"<": "little", ">": "big"}[order] + "_" + code + "_" + layout
            shaped = values(code).reshape(2, 3, 2) if layout == "F" else values(code).reshape(3, 4)
            arrays[name] = np.array(shaped, dtype=order + code, order=layout)
np.savez(at("stored.npz"), **arrays)
np.savez_compressed(at("deflated.npz"), **arrays)

np.savez(
    at("shapes.npz"),
    scalar=np.array(2.5),
    vector=np.arange(5.0),
    empty=np.zeros((0, 3), "f4"),
    deep=np.arange(24, dtype="i2").reshape(1, 2, 3, 4),
    transposed=np.arange(6, dtype="f4").reshape(2, 3).T,
    pairs=[(0, 1.5), (1, 2.5)],
)
np.savez(
    at("strings.npz"),
    names=np.array(["anger", "", "\u00e9t\u00e9", "\U0001f600!"]),
    table=np.asfortranarray([["a", "bb", "ccc"], ["d", "ee", "fff"]]),
    big=np.array(["x", "\u20ac\u20ac"], dtype=">U2"),
    one=np.array("alone"),
)


class Pipe(io.RawIOBase):
    """A stream without seek, for which the archive has sizes only after its members."""

    def __init__(self, out):
        self.out = out

    def writable(self):
        return True

    def write(self, b):
        return self.out.write(b)


with open(at("piped.npz"), "wb") as out, zipfile.ZipFile(Pipe(out), "w", zipfile.ZIP_DEFLATED) as z:
    for name in ("a", "b"):
        buffer = io.BytesIO()
        np.save(buffer, np.arange(100.0) + ord(name))
        z.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())

# A lower limit for this archive makes every size in the central directory zip64.
limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 10
with zipfile.ZipFile(at("zip64.npz"), "w") as z:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(50, dtype=">i4"))
    z.writestr(zipfile.ZipInfo("a.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())
zipfile.ZIP64_LIMIT = limit

with zipfile.ZipFile(at("versions.npz"), "w") as z:
    for version in (1, 2, 3):
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.arange(6.0).reshape(2, 3), version=(version, 0))
        z.writestr(zipfile.ZipInfo("v%d.npy" % version, (1980, 1, 1, 0, 0, 0)), buffer.getvalue())
    z.writestr(zipfile.ZipInfo("readme.txt", (1980, 1, 1, 0, 0, 0)), "no array")

np.savez(
    at("refused.npz"),
    pickled=np.array([1, "two", None], dtype=object),
    records=np.zeros(3, dtype=[("x", "f4"), ("y", "i4")]),
    complex=np.zeros(3, "c8"),
    bytes=np.array([b"a", b"bc"]),
    dates=np.array(["2020-01-01"], dtype="M8[D]"),
    longdouble=np.zeros(3, np.longdouble),
)
