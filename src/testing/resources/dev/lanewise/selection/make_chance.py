#!/usr/bin/python3
"""Makes rows.csv, results of models, and values.csv, what SciPy and scikit-learn say about chance in them.

Influences of rows are numerical derivatives of scikit-learn's metrics with respect to the weight of each row.
"""
import math

import numpy as np
from scipy import optimize, stats
from sklearn import metrics

rng = np.random.default_rng(44)
N = 250
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
weight = float32(np.round(rng.uniform(0.5, 1.5, N), 2))
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
Z = stats.norm.ppf(0.975)


def ends(kind, name, low, high):
    put(low, kind, name, "low")
    put(high, kind, name, "high")


def logit(kind, name, value, influence):
    """On the scale of logits, with Satterthwaite's degrees of freedom."""
    ratio = (influence**4).sum() / (influence**2).sum() ** 2
    t = stats.t.ppf(0.975, min(N - 1, 2 / (ratio - 1 / N)))
    half = t * deviation(influence) / (value * (1 - value))
    ends(kind, name, *(1 / (1 + math.exp(half * sign - math.log(value / (1 - value)))) for sign in (1, -1)))


def without_skewness(value, influence):
    """Solves Hall's cubic of the t value by bisection."""
    a = stats.skew(influence) / math.sqrt(N)
    cubic = lambda x: x + a * x * x / 3 + a * a * x**3 / 27 + a / 6
    solve = lambda t: optimize.brentq(lambda x: cubic(x) - t, -50, 50, xtol=1e-13, rtol=1e-13)
    return value - deviation(influence) * solve(T), value - deviation(influence) * solve(-T)


def wilson(share, rows):
    half = Z * math.sqrt(share * (1 - share) / rows + Z * Z / (4 * rows * rows))
    return tuple((share + Z * Z / (2 * rows) + sign * half) / (1 + Z * Z / rows) for sign in (-1, 1))


def balanced(kind, hit, w):
    """Combines the intervals of recalls by the squares of their halves."""
    recalls, lows, highs = [], [], []
    for c in (0, 1):
        own = w[label == c]
        recall = (own * hit[label == c]).sum() / own.sum()
        variance = ((own * (hit[label == c] - recall)) ** 2).sum() / own.sum() ** 2
        low, high = wilson(recall, recall * (1 - recall) / variance)
        recalls.append(recall), lows.append((recall - low) ** 2), highs.append((high - recall) ** 2)
    ends(kind, "balanced_accuracy", (sum(recalls) - math.sqrt(sum(lows))) / 2, (sum(recalls) + math.sqrt(sum(highs))) / 2)


def matthews(kind, w):
    r = lambda v: metrics.matthews_corrcoef(three, guess, sample_weight=v)
    share = (1 + r(w)) / 2
    low, high = wilson(share, 4 * share * (1 - share) / (influences(r, w) ** 2).sum())
    ends(kind, "matthews3", 2 * low - 1, 2 * high - 1)


p32 = one.astype(float)
hit = (one > 0.5) == (label == 1)
loss1 = -np.log(np.where(label == 1, one, float32(1) - one).astype(float))
loss2 = -np.log(np.where(label == 1, two, float32(1) - two).astype(float))
for kind, w in (("plain", np.ones(N)), ("weighted", weight.astype(float))):
    precision = lambda v: metrics.average_precision_score(label, p32, sample_weight=v)
    logit(kind, "average_precision", precision(w), influences(precision, w))
    balanced(kind, hit, w)
    matthews(kind, w)
    for name, values_of in (("loss", loss1), ("mse", (target.astype(float) - first) ** 2), ("mae", abs(target.astype(float) - first))):
        mean = (w * values_of).sum() / w.sum()
        low, high = without_skewness(mean, w * (values_of - mean) / w.sum())
        ends(kind, name, low, high)
        if name == "mse":
            ends(kind, "rmse", math.sqrt(low), math.sqrt(high))
    r2_of = lambda v: metrics.r2_score(target.astype(float), first.astype(float), sample_weight=v)
    rest = 1 - r2_of(w)
    half = T * deviation(influences(r2_of, w)) / rest
    ends(kind, "r2", 1 - rest * math.exp(half), 1 - rest * math.exp(-half))


def placements(score):
    x, y = score[label == 1], score[label == 0]
    kernel = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return kernel.mean(), kernel.mean(1), kernel.mean(0)


area1, own1, other1 = placements(one)
area2, own2, other2 = placements(two)
area_influence = np.zeros(N)
for side, own in ((1, own1), (0, other1)):
    unbiased = math.sqrt(len(own) / (len(own) - 1) * (N - 1) / N)
    area_influence[label == side] = (own - area1) / len(own) * unbiased
logit("plain", "roc_auc", area1, area_influence)
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
