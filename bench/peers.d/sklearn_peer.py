"""Times an epoch of both trainings by scikit-learn's MLPClassifier, without validation, because it cannot use given rows for it."""
import time
import warnings
import numpy as np
from sklearn.neural_network import MLPClassifier
from common import TRAININGS

warnings.filterwarnings("ignore")  # warnings that training has not converged
for name, (sizes, optimizer, batch, eta, rows, _) in TRAININGS.items():
    rng = np.random.RandomState(0)
    x, t = rng.rand(rows, sizes[0]).astype(np.float32), rng.randint(0, sizes[-1], rows)
    times = []
    for epochs in (2, 7):
        net = MLPClassifier(
            sizes[1:-1], solver=optimizer, batch_size=batch, learning_rate_init=eta, momentum=0, alpha=0, tol=0,
            max_iter=epochs, n_iter_no_change=epochs + 1, random_state=0)
        start = time.perf_counter()
        net.fit(x, t)
        times.append(time.perf_counter() - start)
    print("%s %.6g" % (name, 1e3 * (times[1] - times[0]) / 5))  # leaves out the fixed time of a fit
