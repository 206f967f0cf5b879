"""Prints scores of scikit-learn's multilayer perceptron on the same tables and settings as bench/tables --peer.

    sklearn_mlp.py FOLDER    prints table,split,score,rows of each FOLDER/NAME-S-train.csv and -test.csv

The last column is the target. Scores are accuracies, or R2 for numeric targets. Words become one input per category. Gaps
become the median and an extra input that marks them. Numbers and numeric targets are standardised.
"""

import re
import sys
import warnings
from pathlib import Path

import pandas
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")


def read(file):
    table = pandas.read_csv(file, keep_default_na=False, na_values=[""])
    for name in table.columns[:-1]:
        if table[name].dtype == bool:
            table[name] = table[name].astype(str)
    return table.iloc[:, :-1], table.iloc[:, -1]


def is_regression(target):
    return target.dtype.kind in "if" and target.nunique() > 20


def model(inputs, regression, seed):
    numbers = inputs.select_dtypes(include="number").columns
    words = [name for name in inputs.columns if name not in numbers]
    encode = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
            (
                "words",
                make_pipeline(
                    SimpleImputer(strategy="constant", fill_value="?"),
                    OneHotEncoder(handle_unknown="ignore", min_frequency=2, sparse_output=False),
                ),
                words,
            ),
        ]
    )
    settings = dict(
        hidden_layer_sizes=(100,), learning_rate_init=0.001, batch_size=200, max_iter=200, alpha=1e-4,
        tol=0, n_iter_no_change=10**6, random_state=seed,
    )  # fmt: skip
    if regression:
        network = TransformedTargetRegressor(MLPRegressor(**settings), transformer=StandardScaler())
    else:
        network = MLPClassifier(**settings)
    return make_pipeline(encode, network)


for train in sorted(Path(sys.argv[1]).glob("*-train.csv")):
    name, split = re.fullmatch(r"(.*)-(\d+)-train", train.stem).groups()
    x, y = read(train)
    x_test, y_test = read(train.with_name(f"{name}-{split}-test.csv"))
    regression = is_regression(y)
    fitted = model(x, regression, int(split)).fit(x, y)
    predicted = fitted.predict(x_test)
    score = r2_score(y_test, predicted) if regression else accuracy_score(y_test, predicted)
    print(f"{name},{split},{score:.5f},{len(y_test)}", flush=True)
