"""Saves a network or a pipeline of scikit-learn for `lanewise convert` (src/site/exchange.md)."""
import numpy as np

def line(step, n):                      # returns shift and scale of a fitted scaler, (x - shift) / scale, of n columns
    kind, none, one = type(step).__name__, np.zeros(n), np.ones(n)
    if kind == "StandardScaler":        # mean_ exists even if it is not subtracted
        return step.mean_ if step.with_mean else none, step.scale_ if step.with_std else one
    if kind == "RobustScaler":
        return step.center_ if step.with_centering else none, step.scale_ if step.with_scaling else one
    if kind == "MinMaxScaler" and not step.clip:
        return -step.min_ / step.scale_, 1 / step.scale_
    if kind == "MaxAbsScaler":
        return none, step.scale_
    if kind == "str" and step == "passthrough" or kind == "FunctionTransformer" and step.func is None:
        return none, one
    if kind == "Pipeline":
        return lines((inner for _, inner in step.steps), n)
    raise ValueError(f"{step}: no shift and scale of each column, which is what a Lanewise model has")

def lines(steps, n):                    # returns shift and scale of several steps
    shift, scale = np.zeros(n), np.ones(n)
    for step in steps:
        of, by = line(step, n)
        shift, scale = shift + scale * of, scale * by
    return shift, scale

def word(value):                        # returns Lanewise's spelling of a category
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    return str(int(value)) if isinstance(value, (float, np.floating)) and value % 1 == 0 else str(value)

def inputs(transformer):                # yields column, kind, category, shift, scale, and whether it is an input
    n = transformer.n_features_in_
    names = np.array(getattr(transformer, "feature_names_in_", [f"#{i}" for i in range(n)]))
    for _, step, columns in transformer.transformers_:
        isnames = not isinstance(columns, slice) and all(isinstance(c, str) for c in np.atleast_1d(columns))
        columns = list(np.atleast_1d(columns if isnames else names[columns]))
        if isinstance(step, str) and step == "drop":
            continue
        if type(step).__name__ != "OneHotEncoder":
            for column, shift, scale in zip(columns, *line(step, len(columns))):
                yield column, "number", "", shift, scale, True
            continue
        if step.min_frequency or step.max_categories:
            raise ValueError(f"{step}: rare categories that share an input, which is not converted")
        for i, (column, categories) in enumerate(zip(columns, step.categories_)):
            for k, value in enumerate(categories):
                isgap = value is None or value != value
                isinput = step.drop_idx_ is None or step.drop_idx_[i] != k
                yield column, "missing" if isgap else "category", "" if isgap else word(value), 0, 1, isinput

def save(file, model, target="y"):      # saves an MLPClassifier or MLPRegressor, or a Pipeline that ends with one
    *before, mlp = [step for _, step in getattr(model, "steps", [("", model)])]
    facts = {"activation": mlp.activation, "out_activation_": mlp.out_activation_}
    if hasattr(mlp, "classes_") and (mlp.out_activation_ != "logistic" or mlp.n_outputs_ == 1):
        facts["classes_"] = np.array([word(value) for value in mlp.classes_])
    weights, first = list(mlp.coefs_), mlp.coefs_[0]
    rows = None
    if before and type(before[0]).__name__ == "ColumnTransformer":
        rows = list(inputs(before.pop(0)))
    shift, scale = lines(before, len(first))
    if rows is not None:                # adds a row of zeros for each category without an input
        here = np.array([row[5] for row in rows])
        weights[0] = np.zeros((len(rows), first.shape[1]))
        weights[0][here] = first
        of, by = (np.array([row[k] for row in rows], float) for k in (3, 4))
        of[here], by[here] = of[here] + by[here] * shift, by[here] * scale
        shift, scale = of, by
        facts |= {name: np.array([row[k] for row in rows], str) for k, name in enumerate(("columns_", "kinds_", "words_"))}
        facts["target_"] = target
    np.savez(file, mean_=shift, scale_=scale, **facts,
             **{f"coefs_{i}": w for i, w in enumerate(weights)},
             **{f"intercepts_{i}": b for i, b in enumerate(mlp.intercepts_)})
