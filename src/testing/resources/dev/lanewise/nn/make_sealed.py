"""Makes the files of SealedModelTest: one from scratch, the others from written.npz, which Lanewise wrote (the test makes it
again and compares). The script computes the checksum of models, to which src/site/files.md links, independently of Lanewise's code.

    python3 make_sealed.py               (Debian's python3-numpy; writes beside itself)
"""
import hashlib
import os
import struct
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(here, name)


def checksum(arrays, names):
    sha = hashlib.sha256()

    def number(n):
        sha.update(struct.pack("<q", n))

    def text(s):
        b = s.encode("utf-8", "surrogatepass")
        number(len(b))
        sha.update(b)

    for name in names:
        a = arrays[name]
        strings = a.dtype.kind == "U"
        text(name)
        text("unicode" if strings else a.dtype.name)
        for n in (a.ndim, *a.shape):
            number(n)
        if strings:
            for s in a.ravel():
                text(str(s))
        else:
            sha.update(a.astype(a.dtype.newbyteorder("<")).tobytes())
    return sha.hexdigest()


def seal(arrays):
    names = list(arrays)
    return dict(arrays, lanewise=np.array(["format 1", "sha256 " + checksum(arrays, names)] + names))


written = dict(np.load(at("written.npz")))
lines = list(written["lanewise"])
assert lines[0] == "format 1", lines
assert lines[1] == "sha256 " + checksum(written, lines[2:]), lines
assert set(lines[2:]) == set(written) - {"lanewise"}, lines

np.savez(at("rewritten.npz"), **written)

# These files have the same values in other forms.
other = {"dE_dW1": np.zeros((3, 2)), "notes": np.array("not Lanewise's")}
for name in reversed(list(written)):
    a = written[name]
    other[name] = np.array(a, a.dtype.newbyteorder(">"), order="F")
other["activations"] = other["activations"].astype("U40")
np.savez_compressed(at("rewritten_otherwise.npz"), **other)

changed = dict(written, W1=written["W1"].copy())
changed["W1"][0, 0] += 1
np.savez(at("changed.npz"), **changed)

rng = np.random.RandomState(5)
made = {
    "W1": rng.randn(3, 2).astype("f4"),
    "b1": rng.randn(2).astype("f4"),
    "loss": np.array("mse"),
    "scaling": np.array("minmax"),
    "scaling_minimum": np.array([-1.5, 0.0, 2.0]),
    "scaling_maximum": np.array([1.5, 0.0, 3.0]),
    "class_names": np.array(["caf\u00e9 \U0001f600", ""]),
}
np.savez(at("sealed_by_numpy.npz"), **seal(made))
