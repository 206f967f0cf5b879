"""Makes the golden data sets in its folder: the same small images in all supported formats.

    python3 make_data.py          (numpy)

There are 20 training rows, whose last 2 are the validation rows in the course's layout, and 4 test rows. Pixel j of
row i is (37 i + 11 j + i j) mod 256, and the row's class is i mod 3, where i counts all 24 rows.
"""
import gzip
import os
import struct

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(here, name)


i, j = np.mgrid[0:24, 0:20]
x = (37 * i + 11 * j + i * j) % 256
t = np.arange(24) % 3
splits = {"train": slice(0, 18), "valid": slice(18, 20), "test": slice(20, 24)}


def course(save, name, inputs, targets):
    arrays = {}
    for split, rows in splits.items():
        arrays["inputs_" + split] = inputs(x[rows])
        arrays["target_" + split] = targets(t[rows])
    save(at(name), **arrays)


course(np.savez, "float64.npz", lambda x: x.astype("f8"), lambda t: t)
course(np.savez_compressed, "bytes_deflated.npz", lambda x: x.astype("u1"), lambda t: t.astype("u1"))
course(np.savez, "fortran_big.npz", lambda x: np.asfortranarray(x.astype(">f4")), lambda t: t.astype("f8"))
course(np.savez, "images_one_hot.npz", lambda x: x.astype("u1").reshape(-1, 4, 5), lambda t: np.eye(3)[t])
course(np.savez, "int16_column.npz", lambda x: x.astype(">i2"), lambda t: t.reshape(-1, 1).astype("i4"))
course(np.savez, "half.npz", lambda x: x.astype("f2").reshape(-1, 2, 2, 5), lambda t: np.eye(3, dtype=bool)[t])
np.savez(
    at("keras.npz"),
    x_train=x[:20].astype("u1").reshape(-1, 4, 5), y_train=t[:20].astype("u1"),
    x_test=x[20:].astype("u1").reshape(-1, 4, 5), y_test=t[20:].astype("u1"),
)
np.savez(at("one_split.npz"), inputs=x[:18].astype("f8"), target=t[:18], class_names=np.array(["a", "b", "\u00e7"]))


def idx(array):
    return struct.pack(">HBB%dI" % array.ndim, 0, 8, array.ndim, *array.shape) + array.astype("u1").tobytes()


for name, rows in (("train", slice(0, 20)), ("t10k", slice(20, 24))):
    with open(at(name + "-images-idx3-ubyte"), "wb") as f:
        f.write(idx(x[rows].reshape(-1, 4, 5)))
    with open(at(name + "-labels-idx1-ubyte.gz"), "wb") as f:
        f.write(gzip.compress(idx(t[rows]), mtime=0))
