"""Writes digits.npz: the UCI optical digits that scikit-learn ships, in the layout of the course.

    /usr/bin/python3 data/make_digits.py [OUT.npz]        (Debian's python3-numpy and python3-sklearn)

Nothing in the file depends on the time or the machine, so the same Python packages give the same bytes; the digest that
is printed last shows whether they did. Another zlib may compress differently, which changes the file but not its arrays.
"""
import hashlib
import io
import pathlib
import sys
import zipfile

import numpy as np
from sklearn.datasets import load_digits

SIZES = {"train": 1257, "valid": 270, "test": 270}
SEED = 0

digits = load_digits()
counts = digits.images.astype(np.int64)  # N x 8 x 8, the number of ink dots, 0..16, in a cell of 4x4
assert counts.shape == (1797, 8, 8) and counts.min() == 0 and counts.max() == 16
assert np.array_equal(counts, digits.images)

pixels = ((counts * 255 + 8) // 16).astype(np.uint8)  # the byte nearest to counts * 255 / 16, rounding half up (only 8)
labels = digits.target.astype(np.uint8)

order = np.random.RandomState(SEED).permutation(len(labels))  # numpy promises that this generator never changes
assert sum(SIZES.values()) == len(order)

arrays, begin = {}, 0
for split, size in SIZES.items():
    rows = order[begin : begin + size]
    arrays["inputs_" + split], arrays["target_" + split] = pixels[rows], labels[rows]
    begin += size

out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("digits.npz"))
with zipfile.ZipFile(out, "w") as archive:  # numpy.savez_compressed with a fixed level and permissions
    for name, array in arrays.items():
        member = io.BytesIO()
        np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
        entry = zipfile.ZipInfo(name + ".npy", date_time=(1980, 1, 1, 0, 0, 0))
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        archive.writestr(entry, member.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)

for name, array in arrays.items():
    print(name, array.dtype, array.shape)
print("sha256", hashlib.sha256(out.read_bytes()).hexdigest())
