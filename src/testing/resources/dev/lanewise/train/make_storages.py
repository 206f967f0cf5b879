"""Makes same_float64.npz, same_deflated.npz, same_fortran.npz and same_onehot.npz for FormsTest: one data set
in four storage forms.

    python3 make_storages.py             (Debian's python3-numpy; writes beside itself)
"""
import os
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(5)
parts = {s: (rng.randint(0, 256, (n, 6, 7)), rng.randint(0, 4, n)) for s, n in (("train", 37), ("valid", 9), ("test", 8))}
parts["train"][1][0] = 3


def save(name, write, inputs, targets):
    arrays = {}
    for split, (x, t) in parts.items():
        arrays["inputs_" + split], arrays["target_" + split] = inputs(x), targets(t)
    write(os.path.join(here, name), **arrays)


flat = lambda x: x.reshape(len(x), -1)
save("same_float64.npz", np.savez, lambda x: flat(x).astype(np.float64), lambda t: t.astype(np.int64))
save("same_deflated.npz", np.savez_compressed, lambda x: flat(x).astype(np.uint8), lambda t: t.astype(np.uint8))
save("same_fortran.npz", np.savez, lambda x: np.asfortranarray(flat(x).astype(">f4")), lambda t: t.reshape(-1, 1).astype(">i4"))
save("same_onehot.npz", np.savez, lambda x: x.astype(np.int16), lambda t: np.eye(4)[t])
