"""Makes model_float64.npz for ModelFileTest: a model in the format of the course's program, in float64 with gradients besides
the weights, and its probabilities computed by numpy in float64.

    python3 make_models.py               (Debian's python3-numpy; writes beside itself)
"""
import os
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(3)
sizes = [5, 4, 3]
model = {}
for l in (1, 2):
    model["W%d" % l] = rng.randn(sizes[l - 1], sizes[l])
    model["b%d" % l] = rng.randn(sizes[l])
    model["dE_dW%d" % l] = rng.randn(sizes[l - 1], sizes[l])
    model["dE_db%d" % l] = rng.randn(sizes[l])
x = rng.randn(6, 5).astype(np.float32)
h = np.maximum(x.astype(np.float64).dot(model["W1"]) + model["b1"], 0)
e = np.exp(h.dot(model["W2"]) + model["b2"])
np.savez(os.path.join(here, "model_float64.npz"), example_inputs=x, example_probabilities=e / e.sum(axis=1)[:, None], **model)
