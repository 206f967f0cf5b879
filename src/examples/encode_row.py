"""Computes the inputs of a network from a row of a table, with the bits of Lanewise.

It holds for models with numeric columns, categories and robust scaling. A date column would add the arrays of a numeric
column for its days, and two lists of categories; with hours, three lists and two more numbers. A row maps the names of
columns to numbers, texts of categories, or None for a missing value: encode({"sex": "female", "age": 29.0}).
"""
import numpy as np

m = np.load("nn_model.npz")
ends = np.cumsum(m["schema_category_counts"])

def category(value, names, other, gaps):
    hit = [float(value == name) for name in names]
    if len(names) == 2 and not other and not gaps:
        return [hit[1] - hit[0]]
    rare = not any(hit) and (value is not None or not gaps)
    return hit + [float(rare)] * int(other) + [float(value is None)] * int(gaps)

def encode(row):
    lists, raw = zip(np.split(m["schema_categories"], ends[:-1]), m["schema_other"]), []
    for name, kind, median, gaps in zip(*(m["schema_" + s] for s in ("columns", "kinds", "medians", "gaps"))):
        value = row[name]
        if kind.startswith("category"):
            raw += category(value, *next(lists), gaps)
        else:
            raw += [median if value is None else value] + [float(value is None)] * int(gaps)
    x, width = np.array(raw), m["scaling_range"]
    z = (x - m["scaling_median"]) / np.where(width > 0, width, 1)
    special = [np.isnan(width), width == 0, abs(z) > 1e8], [x, 0, np.copysign(3, z)]
    return np.select(*special, z / np.sqrt(1 + (z / 3) ** 2)).astype(np.float32)
