"""Stores pipelines of scikit-learn with a script: python3 make_scalers.py LANEWISE_SKLEARN.PY OUT.npz

It needs numpy, pandas and scikit-learn. OUT.npz has the stored bytes under the name of each case. Under "p " and the
name, it has scikit-learn's predictions of the rows x, or of the table csv if the name begins with "table". The array
refused has the cases that the code refuses, with its messages.
"""

import io
import runpy
import sys
import warnings

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (FunctionTransformer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder,
                                   PolynomialFeatures, PowerTransformer, QuantileTransformer, RobustScaler,
                                   StandardScaler)

warnings.filterwarnings("ignore")
rng = np.random.default_rng(5)
X = rng.normal(size=(120, 3)) * [1, 20, 0.5] + [10, -40, 3]
y = np.array(["a", "b", "c"])[np.argmax((X - X.mean(0)) / X.std(0), 1)]
recipe = runpy.run_path(sys.argv[1])

table = pd.DataFrame({
    "age": rng.integers(18, 80, 120), "pay": rng.normal(3e4, 1e4, 120).round(2), "free": rng.normal(size=120).round(3),
    "town": rng.choice(["x", "NA", "y z"], 120), "member": rng.choice([True, False], 120), "rooms": rng.integers(1, 4, 120),
    "grade": rng.choice(["u", "v", None], 120), "unused": 1})
target = np.where(table.age / 40 + (table.town == "x") + table.member * 0.5 + table.rooms / 3 > 2.6, "up", "down")
new = table.iloc[:40].copy()
new.loc[0:4, "town"] = "elsewhere"
new.loc[3:8, "rooms"] = 17
arrays = {"x": X[:40], "csv": new.to_csv(index=False)}
refused = []


def store(name, model, rows, wanted, features, **more):
    model.fit(features, wanted)
    file = io.BytesIO()
    try:
        recipe["save"](file, model, **more)
    except ValueError as e:
        refused.append(f"{name}: {e}")
        return
    arrays[name] = np.frombuffer(file.getvalue(), np.uint8)
    arrays["p " + name] = (getattr(model, "predict_proba", None) or model.predict)(rows)


def classifier():
    return MLPClassifier((4,), max_iter=30, random_state=0, activation="tanh")


CASES = {
    "standard": StandardScaler(), "standard no mean": StandardScaler(with_mean=False),
    "standard no std": StandardScaler(with_std=False), "standard none": StandardScaler(with_mean=False, with_std=False),
    "robust": RobustScaler(), "robust no centering": RobustScaler(with_centering=False),
    "robust no scaling": RobustScaler(with_scaling=False), "robust none": RobustScaler(with_centering=False, with_scaling=False),
    "robust unit variance": RobustScaler(unit_variance=True), "robust quantiles": RobustScaler(quantile_range=(5, 80)),
    "minmax": MinMaxScaler(), "minmax -1 1": MinMaxScaler((-1, 1)), "minmax 2 5": MinMaxScaler((2, 5)),
    "maxabs": MaxAbsScaler(), "function none": FunctionTransformer(), "passthrough": "passthrough",
    "several": make_pipeline(MinMaxScaler((1, 3)), StandardScaler(with_mean=False), RobustScaler()),
    "minmax clip": MinMaxScaler(clip=True), "quantile": QuantileTransformer(n_quantiles=20), "power": PowerTransformer(),
    "normalizer": Normalizer(), "polynomial": PolynomialFeatures(), "function log": FunctionTransformer(np.log1p),
    "imputer": SimpleImputer(),
}
for name, step in CASES.items():
    rows = np.abs(X) if name == "function log" else X
    store(name, Pipeline([("scale", step), ("mlp", classifier())]), X[:40], y, rows)
store("alone", classifier(), X[:40], y, X)
store("binary", make_pipeline(StandardScaler(), classifier()), X[:40], X[:, 0] > 10, X)
store("labels", make_pipeline(StandardScaler(), classifier()), X[:40], (X[:, :2] > [10, -40]).astype(int), X)
store("constant", make_pipeline(StandardScaler(), MinMaxScaler(), classifier()), X[:40], y, X * [1, 0, 1])
store("numbers", make_pipeline(MinMaxScaler(), MLPRegressor((4,), max_iter=30, random_state=0)), X[:40], X[:, 0] * 3, X)

ENCODERS = {
    "": OneHotEncoder(handle_unknown="ignore"), " drop first": OneHotEncoder(handle_unknown="ignore", drop="first"),
    " drop if binary": OneHotEncoder(handle_unknown="ignore", drop="if_binary"),
    " drop named": OneHotEncoder(handle_unknown="ignore", drop=["y z", True, 3, "u"]),
    " infrequent": OneHotEncoder(handle_unknown="infrequent_if_exist"), " error": OneHotEncoder(handle_unknown="error"),
    " rare": OneHotEncoder(handle_unknown="ignore", min_frequency=5),
}
for name, encoder in ENCODERS.items():
    known = name == " error"
    words = ["town", "member", "rooms", "grade"]
    transformer = ColumnTransformer(
        [("words", encoder, words), ("scaled", make_pipeline(StandardScaler(with_mean=False), MinMaxScaler()), ["pay", "age"])],
        remainder="drop" if name else "passthrough", sparse_threshold=0)
    steps = [transformer, StandardScaler()] if name == " drop first" else [transformer]
    rows = table.iloc[:40] if known else new
    store("table" + name, make_pipeline(*steps, classifier()), rows, target, table, target="who")
arrays["csv table error"] = table.iloc[:40].to_csv(index=False)
np.savez_compressed(sys.argv[2], refused=refused, **arrays)
print(len(arrays), len(refused))
