#!/usr/bin/python3
"""Makes rows.csv, results of models, and values.csv, what SciPy and scikit-learn say about chance in them.

Influences of rows are numerical derivatives of scikit-learn's metrics with respect to the weight of each row.
"""
import math

import numpy as np
from scipy import stats
from sklearn import metrics

rng = np.random.default_rng(44)
N = 150
values = []


def put(value, *name):
    values.append(",".join(map(str, name)) + f",{float(value)!r}")


def float32(x):
    return np.asarray(x, np.float32)


def write_rows(columns):
    with open("rows.csv", "w") as out:
        out.write(",".join(columns) + "\n")
        for row in zip(*columns.values()):
            out.write(",".join(repr(v.item()) for v in row) + "\n")


# Two classes, of which class 1 is the rarer, by two models; three classes; numbers; weights.
label = (rng.random(N) < 0.2).astype(np.int64)
one = float32(np.round(1 / (1 + np.exp(-rng.normal(2 * label - 1.5, 1))), 2))
two = float32(np.round(1 / (1 + np.exp(-rng.normal(3 * label - 1.5, 1))), 2))
three = rng.choice(3, N, p=[0.5, 0.3, 0.2])
guess = np.where(rng.random(N) < 0.7, three, rng.choice(3, N))
target = float32(rng.normal(10, 3, N))
first = float32(target + rng.normal(0, 1.5, N))
second = float32(target + rng.normal(0.2, 1.6, N))
weight = float32(np.round(rng.exponential(1, N), 2))
write_rows(dict(label=label, one=one, two=two, three=three, guess=guess, target=target, first=first, second=second, weight=weight))


def influences(figure, w):
    e = 1e-4
    found = []
    for i in range(N):
        up, down = w.copy(), w.copy()
        up[i] *= 1 + e
        down[i] *= 1 - e
        found.append((figure(up) - figure(down)) / (2 * e))
    return np.array(found)


def deviation(influence):
    return math.sqrt((influence**2).sum() * N / (N - 1))


T = stats.t.ppf(0.975, N - 1)
TO = dict(logit=lambda v: math.log(v / (1 - v)), log=math.log, r2=lambda v: math.log(1 - v), z=math.atanh)
FROM = dict(logit=lambda x: 1 / (1 + math.exp(-x)), log=math.exp, r2=lambda x: 1 - math.exp(x), z=math.tanh)
SLOPE = dict(logit=lambda v: 1 / (v * (1 - v)), log=lambda v: 1 / v, r2=lambda v: 1 / (1 - v), z=lambda v: 1 / (1 - v * v))


def interval(kind, scale, name, value, error):
    half = T * error * SLOPE[scale](value)
    ends = sorted(FROM[scale](TO[scale](value) + sign * half) for sign in (-1, 1))
    put(ends[0], kind, name, "low")
    put(ends[1], kind, name, "high")


p32 = one.astype(float)
hit = (one > 0.5) == (label == 1)
loss1 = -np.log(np.where(label == 1, one, float32(1) - one).astype(float))
loss2 = -np.log(np.where(label == 1, two, float32(1) - two).astype(float))
for kind, w in (("plain", np.ones(N)), ("weighted", weight.astype(float))):
    binary = {
        "average_precision": ("logit", lambda v: metrics.average_precision_score(label, p32, sample_weight=v)),
        "balanced_accuracy": ("logit", lambda v: metrics.balanced_accuracy_score(label, one > 0.5, sample_weight=v)),
        "loss": ("log", lambda v: (v * loss1).sum() / v.sum()),
    }
    others = {
        "matthews3": ("z", lambda v: metrics.matthews_corrcoef(three, guess, sample_weight=v)),
        "r2": ("r2", lambda v: metrics.r2_score(target.astype(float), first.astype(float), sample_weight=v)),
        "rmse": ("log", lambda v: math.sqrt(metrics.mean_squared_error(target.astype(float), first.astype(float), sample_weight=v))),
        "mse": ("log", lambda v: metrics.mean_squared_error(target.astype(float), first.astype(float), sample_weight=v)),
        "mae": ("log", lambda v: metrics.mean_absolute_error(target.astype(float), first.astype(float), sample_weight=v)),
    }
    for name, (scale, figure) in {**binary, **others}.items():
        interval(kind, scale, name, figure(w), deviation(influences(figure, w)))


def placements(score):
    x, y = score[label == 1], score[label == 0]
    kernel = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return kernel.mean(), kernel.mean(1), kernel.mean(0)


area1, own1, other1 = placements(one)
area2, own2, other2 = placements(two)
error = math.sqrt(own1.var(ddof=1) / len(own1) + other1.var(ddof=1) / len(other1))
interval("plain", "logit", "roc_auc", area1, error)
error = math.sqrt((own1 - own2).var(ddof=1) / len(own1) + (other1 - other2).var(ddof=1) / len(other1))
put(area1 - area2, "paired", "roc_auc", "difference")
put(2 * stats.t.sf(abs(area1 - area2) / error, N - 1), "paired", "roc_auc", "p")
test = stats.ttest_rel(loss1, loss2)
put(test.pvalue, "paired", "loss", "p")
put(test.confidence_interval(0.95).low, "paired", "loss", "low")
put(test.confidence_interval(0.95).high, "paired", "loss", "high")
r2 = lambda prediction: lambda v: metrics.r2_score(target.astype(float), prediction.astype(float), sample_weight=v)
influence = influences(r2(first), np.ones(N)) - influences(r2(second), np.ones(N))
put(2 * stats.t.sf(abs(r2(first)(None) - r2(second)(None)) / deviation(influence), N - 1), "paired", "r2", "p")
hit2 = (two > 0.5) == (label == 1)
b, c = int((hit & ~hit2).sum()), int((~hit & hit2).sum())


def mid_p(k, n):
    if n == 0:
        return 1
    both = min(1, 2 * stats.binom.cdf(k, n, 0.5)) - stats.binom.pmf(k, n, 0.5)
    return 1 - stats.binom.pmf(k, n, 0.5) / 2 if 2 * k == n else both


put(mid_p(min(b, c), b + c), "paired", "accuracy", "p")

for right, rows in ((0, 10), (1, 1), (7, 10), (50, 200), (1999, 2000), (2000, 2000)):
    ends = stats.binomtest(right, rows).proportion_ci(0.95, "wilson")
    put(ends.low, "wilson", right, rows, "low")
    put(ends.high, "wilson", right, rows, "high")
for degrees in (1, 2, 3, 4, 9, 10, 29, 59, 60, 199, 1999, 999999):
    put(stats.t.ppf(0.975, degrees), "t", degrees)
    for t in (0.001, 0.5, 1.7, 2.5, 6, 30):
        put(2 * stats.t.sf(t, degrees), "tail", degrees, t)
for k, n in ((0, 0), (0, 1), (0, 5), (1, 6), (3, 6), (3, 7), (20, 60), (480, 1000), (4999, 9999), (4900, 10001), (10, 3000)):
    put(mid_p(k, n), "midp", k, n)
scores = np.array([0.81, 0.84, 0.79, 0.9, 0.86])
error = scores.std(ddof=1) * math.sqrt(1 / 5 + 20 / 80)
put(error, "folds", "error")
put(scores.mean() - error * stats.t.ppf(0.975, 4), "folds", "low")
with open("values.csv", "w") as out:
    out.write("\n".join(values) + "\n")
