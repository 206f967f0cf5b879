"""Makes tables.txt, quantiles.txt, numbers.txt and categories.txt: tables and the results of numpy and pandas for them.

    python3 make_tables.py          (numpy, pandas)

tables.txt has, for each case, "case NAME", "options NAME=VALUE ..." of the command line, "train" and "test" with lines of
CSV up to a line "end", and the expected results in fields separated by tabs: the names of the "inputs", "ignored" columns,
"median" and "range" of robust scaling, "mean" and "deviation" of standard scaling, "minimum" and "maximum" of minmax (one
per scaled input), "scaled" with the indices of scaled inputs, and "row SPLIT" with the scaled inputs of each row in file
order, without those that are +0. Numbers are hexadecimal and exact. Means and deviations are computed from exact sums
(math.fsum) and rounded as the formula says. numpy rounds its sums at every step, so its results are only asserted to be near.

quantiles.txt has, for each case, the "sorted" numbers, and "share" lines with a share and its numpy.quantile. The quartiles
are asserted to equal those of pandas' Series.quantile. The sign of a zero is not compared, because numpy's depends on the
adjacent number.

numbers.txt has texts, their doubles (Python's float) and canonical texts (the shortest digits, from Python's repr, as
decimal writes them), or "word" if the text is no finite double.

categories.txt has facts on 100,000 categories in 260,000 rows, which follow a rule that the test repeats.
"""
import datetime
import decimal
import hashlib
import io
import math
import os

import numpy as np
import pandas as pd

HERE = os.path.dirname(os.path.abspath(__file__))
MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-"]
MOST = 100
rng = np.random.default_rng(26)
lines = []


def out(*fields):
    lines.append("\t".join(fields))


def save(name):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="\n") as f:
        f.write("\n".join(lines) + "\n")
    lines.clear()


def hexadecimal(number):
    number = float(number)
    if math.isfinite(number) and abs(number) < 100 and number == int(number):
        return "-0" if number == 0 and math.copysign(1, number) < 0 else str(int(number))
    return number.hex() if math.isfinite(number) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(number, "NaN")


def canonical(number):
    """Whole numbers as such, others as the decimal specification writes their shortest digits."""
    if number == round(number) and abs(number) <= 2 ** 53:
        return str(int(number))
    return str(decimal.Decimal(repr(number)).normalize())


# Tables


def number_of(text, mark):
    return float(text.replace(mark, "."))


def category_of(text):
    try:
        return canonical(float(text))
    except ValueError:
        return text.lower() if text.lower() in ("true", "false") else text


def days_of(text):
    """Returns days since 1970 in UTC: whole days plus the fraction of the day, with two roundings."""
    date = datetime.date.fromisoformat(text[:10])
    if len(text) == 10:
        return float(date.toordinal() - 719163)
    time = text[11:]
    offset = 0
    for sign in "+-Z":
        if sign in time:
            time, _, zone = time.partition(sign)
            zone = (zone.replace(":", "") + "0000")[:4]
            offset = (int(zone[:2]) * 60 + int(zone[2:])) * (60 if sign != "-" else -60)
            break
    parts = time.split(":")
    seconds, _, fraction = (parts[2] if len(parts) > 2 else "0").replace(",", ".").partition(".")
    day = (int(parts[0]) * 60 + int(parts[1])) * 60 + int(seconds) - offset
    whole, rest = divmod(day, 86400)
    nanos = rest * 10 ** 9 + int((fraction + "000000000")[:9])
    assert nanos < 2 ** 53
    pandas = pd.Timestamp(text)
    pandas = pandas.tz_convert("UTC") if pandas.tz is not None else pandas.tz_localize("UTC")
    assert (pandas - pd.Timestamp("1970-01-01", tz="UTC")).value == (date.toordinal() - 719163 + whole) * 86400 * 10 ** 9 + nanos
    return (date.toordinal() - 719163 + whole) + nanos / 86400e9


def time_of_day(text):
    """Returns the time of day as written, without its offset, as a fraction of a day."""
    time = text[11:]
    for sign in "+-Z":
        time = time.partition(sign)[0]
    return days_of("1970-01-01T" + time) if time else 0.0


class Column:
    """Returns a column's inputs: names, whether scaled, and numbers of training and test rows (NaN in a gap to fill)."""

    def __init__(self):
        self.names, self.scaled, self.train, self.test = [], [], [], []

    def add(self, name, scaled, train, test):
        self.names.append(name)
        self.scaled.append(scaled)
        self.train.append(np.array(train, float))
        self.test.append(np.array(test, float))

    def numbers(self, name, train, test):
        median = np.quantile(train[~np.isnan(train)], 0.5) + 0.0
        self.add(name, True, train, np.where(np.isnan(test), median, test))
        self.median = median
        if np.isnan(train).any():
            self.add(name + " missing", False, np.isnan(train), np.isnan(test))

    def categories(self, name, train, test, min_count):
        counts = train.value_counts()
        often = [c for c in counts.index if counts[c] >= min_count]
        often.sort(key=lambda c: (-counts[c], c))  # Python compares texts by code points
        kept = sorted(often[:MOST])
        other = len(kept) < len(counts)
        gaps = train.isna().any()
        if len(kept) == 2 and not other and not gaps:
            code = [pd.Series(pd.Categorical(s, categories=kept).codes).map({-1: 0, 0: -1, 1: 1}) for s in (train, test)]
            self.add(name + "=" + kept[1], False, *code)
            return
        dummies = [pd.get_dummies(pd.Categorical(s, categories=kept), dtype=float) for s in (train, test)]
        for c in kept:
            self.add(name + "=" + c, False, dummies[0][c], dummies[1][c])
        if other:
            self.add(name + " other", False, *(s.notna() & ~s.isin(kept) for s in (train, test)))
            if not gaps:  # a gap counts as an unseen value if training had no gaps
                self.test[-1] = np.array(test.isna() | ~test.isin(kept), float)
        if gaps:
            self.add(name + " missing", False, train.isna(), test.isna())


def table_case(name, kinds, train, test, options="", scale="robust", min_count=2, missing=MISSING, mark=".", separator=","):
    texts = [pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, skipinitialspace=True)
             for text in (train, test)]
    frames = [t.map(str.strip).replace(missing, None) for t in texts]
    columns = []
    for column, kind in kinds.items():
        made = Column()
        values = [f[column] for f in frames]
        if kind == "number":
            made.numbers(column, *(np.array([np.nan if v is None else number_of(v, mark) for v in s]) for s in values))
        elif kind == "category":
            made.categories(column, *(s.map(category_of, na_action="ignore") for s in values), min_count)
        elif kind == "date":
            made.numbers(column, *(np.array([np.nan if v is None else days_of(v) for v in s]) for s in values))
            made.categories(column + " month", *(s.str[5:7] for s in values), min_count)
            weekdays = [s.map(lambda v: str(datetime.date.fromisoformat(v[:10]).isoweekday()), na_action="ignore") for s in values]
            made.categories(column + " weekday", *weekdays, min_count)
            times = [np.array([np.nan if v is None else time_of_day(v) for v in s]) for s in values]
            if len(set(times[0][~np.isnan(times[0])])) > 1:
                hours = [s.map(lambda v: v[11:13] or "00", na_action="ignore") for s in values]
                made.categories(column + " hour", *hours, min_count)
                for part, f in ("sine", math.sin), ("cosine", math.cos):  # a gap is the centre of the circle
                    made.add(column + " time " + part, False, *([0 if np.isnan(t) else f(2 * math.pi * t) for t in s] for s in times))
        columns.append(made)
    names = [n for c in columns for n in c.names]
    scaled = [s for c in columns for s in c.scaled]
    parts = [np.array([x for column in part for x in column]).T for part in ([c.train for c in columns], [c.test for c in columns])]
    first, second = np.zeros(len(names)), np.ones(len(names))
    for j in np.flatnonzero(scaled):
        x = parts[0][:, j]
        x = x[~np.isnan(x)]
        if scale == "robust":
            q25, q50, q75 = np.quantile(x, [0.25, 0.5, 0.75])
            assert (pd.Series(x).quantile([0.25, 0.5, 0.75]).to_numpy() == [q25, q50, q75]).all()
            first[j], second[j] = q50 + 0.0, q75 - q25 if q75 != q25 else (x.max() - x.min()) / 2
        elif scale == "standard":
            first[j] = math.fsum(x) / len(x)
            second[j] = math.sqrt(math.fsum((x - first[j]) ** 2) / len(x)) if x.min() != x.max() else 0
            assert np.isclose([first[j], second[j]], [x.mean(), x.std()], rtol=1e-12).all()
        elif scale == "minmax":
            first[j], second[j] = x.min(), x.max() - x.min()
    out("case", name)
    out("options", *options.split())
    for part, text in (("train", train), ("test", test)):
        out(part)
        lines.extend(text.strip("\n").split("\n"))
        out("end")
    out("inputs", *names)
    out("ignored", *(c for c, kind in kinds.items() if kind == "ignored"))
    out("scaled", *(str(j) for j in np.flatnonzero(scaled)))
    heads = {"robust": ("median", "range"), "standard": ("mean", "deviation"), "minmax": ("minimum", "maximum")}[scale]
    second_stored = first + second if scale == "minmax" else second
    if scale == "minmax":  # the maximum itself, not the rounded result of a formula
        for j in np.flatnonzero(scaled):
            second_stored[j] = np.nanmax(parts[0][:, j])
    for head, values in zip(heads, (first, second_stored)):
        out(head, *(hexadecimal(values[j]) for j in np.flatnonzero(scaled)))
    medians = {}
    for c in columns:
        if hasattr(c, "median"):
            medians[c.names[0]] = c.median
    for part, x in (("train", parts[0]), ("test", parts[1])):
        for row in x:
            inputs = []
            for j, value in enumerate(row):
                if not scaled[j]:
                    inputs.append(np.float32(value))
                    continue
                value = np.float64(medians[names[j]] if np.isnan(value) else value)
                with np.errstate(over="ignore"):
                    if scale == "robust" and second[j] == 0:
                        z = np.float64(0)
                    elif scale == "robust":
                        z = (value - first[j]) / second[j]
                        z = np.copysign(3.0, z) if abs(z) > 1e8 else z / np.sqrt(1 + (z / 3) * (z / 3))
                    else:
                        z = (value - first[j]) / (second[j] or 1)
                inputs.append(np.float32(z))
            shown = ((j, hexadecimal(v)) for j, v in enumerate(inputs))
            out("row " + part, *("%d:%s" % (j, v) for j, v in shown if v != "0"))


def csv(columns, separator=","):
    names = list(columns)
    rows = zip(*columns.values())
    return "\n".join([separator.join(names)] + [separator.join(row) for row in rows]) + "\n"


def targets(count):
    return ["%.1f" % (i * 0.7 + 0.5) for i in range(count)]


def texts_of(numbers):
    return [repr(float(n)) for n in numbers]


DIGITS = ["3." + "14159265358979" * 29, "0." + "0" * 390 + "123456789", "12345678901234567890" * 15 + "." + "5" * 100, "-2." + "7" * 400,
          "1." + "0" * 397 + "1", "9" * 300 + "." + "9" * 100]

table_case("gaps and ties", {"a": "number", "b": "number", "c": "number"},
           csv({"a": ["1", "2", "2", "2", "3", "NA", "7", "", "2", "?"],
                "b": ["5", "5", "5", "5", "5", "5", "5", "9", "1", "5"],
                "c": ["0.1", "0.2", "0.30", "4e-1", "+.5", "6.E-1", "-0.7", "nan", "N/A", "null"], "y": targets(10)}),
           csv({"a": ["", "100", "-"], "b": ["NaN", "5", "-1"], "c": ["NULL", "0.25", "1e9"], "y": targets(3)}))
table_case("one value and none", {"same": "ignored", "gaps": "number", "none": "ignored", "word": "ignored", "wordgaps": "category",
                                  "x": "number"},
           csv({"same": ["4"] * 6, "gaps": ["4", "", "4", "4", "NA", "4"], "none": ["", "NA", "?", "-", "nan", "null"],
                "word": ["w"] * 6, "wordgaps": ["w", "w", "", "w", "w", "w"], "x": list("123459"), "y": targets(6)}),
           csv({"same": ["5", ""], "gaps": ["", "5"], "none": ["3", ""], "word": ["v", "w"], "wordgaps": ["v", ""], "x": ["2", ""],
                "y": targets(2)}))
extremes = {"zeros": ["-0", "0", "-0.0", "1", "-1", "0e5", "-0"], "tiny": texts_of(np.array([1, 2, 3, -1, 5, 8, 0]) * 1e-320),
            "huge": ["1e300", "-1e300", "3e299", "1e2", "0", "-5", "7e299"], "digits": DIGITS + ["1"],
            "mixed": ["1e300", "1e-320", "-0", "1", "2", "3", "4"], "last": ["1.7976931348623157e308"] + list("123456"),
            "y": targets(7)}
seen = {"zeros": ["-0", "1e-320"], "tiny": ["-0", "1e300"], "huge": ["-0", "1.7e308"], "digits": [DIGITS[3], DIGITS[0]],
        "mixed": ["1e-320", "-1e300"], "last": ["-1.7976931348623157e308", ""], "y": targets(2)}
number = dict.fromkeys(["zeros", "tiny", "huge", "digits", "mixed", "last"], "number")
table_case("extremes, robust", number, csv(extremes), csv(seen))
finite = {n: c for n, c in extremes.items() if n not in ("digits", "last")}
table_case("extremes, minmax", {n: "number" for n in finite if n != "y"}, csv(finite),
           csv({n: (["0.5e-320", "1e-321"] if n == "tiny" else ["1", "-0"]) for n in finite}), "--scale minmax", "minmax")
drawn = [rng.normal(5, 1e-3, 37), rng.lognormal(0, 3, 37), rng.integers(-9, 9, 37) * 1e15, *rng.normal(1e6, 7, (5, 37))]
wide = {}
for n, x in zip("abcdefgh", drawn):
    wide[n] = [repr(float(v)) if there else "" for v, there in zip(x, rng.random(37) < 0.85)]
wide["k"] = list(rng.choice(["u", "v", "w"], 37))
wide["y"] = targets(37)
kinds = {**dict.fromkeys("abcdefgh", "number"), "k": "category"}
for scale in ("robust", "standard", "minmax"):
    table_case("drawn, " + scale, kinds, csv(wide), csv({n: c[::-1][:9] for n, c in wide.items()}), "--scale " + scale, scale)
table_case("two categories", {"sex": "category", "flag": "category", "gaps": "category"},
           csv({"sex": ["male", "female", "male", "male"], "flag": ["TRUE", "false", "True", "False"],
                "gaps": ["p", "q", "", "p"], "y": targets(4)}),
           csv({"sex": ["female", "other", "", "male"], "flag": ["true", "FALSE", "yes", ""], "gaps": ["", "q", "p", "r"],
                "y": targets(4)}), "--min-count 1", min_count=1)
rare = ["often"] * 5 + ["twice"] * 2 + ["once", "thrice", "thrice", "thrice", "single"]
table_case("rare categories", {"k": "category", "g": "category"},
           csv({"k": rare, "g": rare[::-1][:-1] + [""], "y": targets(12)}),
           csv({"k": ["once", "never", "", "twice", "thrice"], "g": ["once", "never", "", "twice", "often"], "y": targets(5)}),
           "--min-count 3", min_count=3)
table_case("rare by default", {"k": "category"}, csv({"k": rare, "y": targets(12)}),
           csv({"k": ["once", "never", "", "twice", "thrice"], "y": targets(5)}))
many = []
for i in range(140):  # 40 more than the limit; equally frequent categories compete for the last places
    many += [chr((0x1F600, 0xFF5E, 0x41, 0xE4, 0x4E00)[i % 5]) + "%02d" % (i * 37 % 140)] * (2 + (i % 4 == 0))
table_case("beyond 100, ties by code point", {"k": "category"}, csv({"k": many, "y": targets(len(many))}),
           csv({"k": many[:50:7] + ["never", ""], "y": targets(10)}))
points = ["\U0001F600", "\uff5e", "b", "B", "10", "9", "\u00e9", "e\u0301", "\u4e16\u754c", "a", "a a", "\ud7ff", "\ue000", "\U00010000"]
table_case("code points", {"k": "category"}, csv({"k": points * 2, "y": targets(2 * len(points))}),
           csv({"k": points[:5] + ["\U0001F601"], "y": targets(6)}))
spelled = ["1", "1.0", "+1", "+1e0", "2.50", "2.5", "1e3", "1000", "0.1", "1e-1", "1e300", "10E299", "-0", "0", "1e-7", "0.0000001"]
table_case("numbers as categories", {"k": "category", "x": "number"}, csv({"k": spelled, "x": spelled[::-1], "y": targets(16)}),
           csv({"k": ["1.", "2.500", "1e+3", "100e-3", "1e+300", "+0", "3"], "x": list("1234567"), "y": targets(7)}),
           "--categorical k")
table_case("dates", {"d": "date", "t": "date", "u": "date"},
           csv({"d": ["2024-01-01", "2023-12-31", "1970-01-01", "1969-12-31", "2024-02-29", "0001-01-01", "9999-12-31", "2024-02-28"],
                "t": ["2024-01-01T00:00", "2024-01-01 12:30:15", "2024-01-01T12:30:15.123456789", "2000-06-15T23:59:59.999999999",
                      "1969-12-31T23:59", "", "2024-01-01", "1970-01-01T00:00:00.1"],
                "u": ["2024-01-01T00:30:00+02:00", "2024-01-01T23:30:00-05:30", "2024-01-01T00:00Z", "2024-03-10T12:00:00+0530",
                      "2024-03-10 12:00:00-11", "1969-12-31T23:59:59.5+00:01", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00+14:00"],
                "y": targets(8)}),
           csv({"d": ["2025-07-04", ""], "t": ["2024-05-31T12:00", "1600-02-29"], "u": ["", "2024-05-31"], "y": targets(2)}))
outliers = ["0.5", "0.25", "1", "2", "-1", "0", "1e5", "-3e7", "1e12", "-1e200", "0.1", "0.7", "0.3"]
table_case("outliers are drawn in", {"x": "number", "half": "number"},
           csv({"x": outliers, "half": ["3"] * 10 + ["4", "1e9", "-7"], "y": targets(13)}),
           csv({"x": ["1e8", "-1e8", "1e9", "1.1e8", "1e7"], "half": ["3", "1e308", "2", "4", "5"], "y": targets(5)}))
table_case("words for no value, decimal comma", {"x": "number", "k": "category"},
           csv({"x": ["1,5", "-999", "2,25", "-999,0", "-9,99e2", "3"], "k": ["a", "none", "b", "a", "b", "none"],
                "y": [t.replace(".", ",") for t in targets(6)]}, ";"),
           csv({"x": ["-999", "1,75", "none"], "k": ["NA", "none", "a"], "y": list("123")}, ";"),
           "--missing -999,none --decimal ,", missing=["", "-999", "-999,0", "-9,99e2", "none"], mark=",", separator=";")
save("tables.txt")

# Quantiles

drawn = {"one": [4.5], "two": [1.0, 2.0], "ties": [1.0] * 3 + [2.0] * 4 + [9.0], "zeros": [-1.0, -0.0, 0.0, -0.0, 3.0],
         "negative zero": [-0.0], "tiny": np.array([1, 2, 3, 7, 11]) * 1e-320, "huge": [-1e300, 1e300, 1e299],
         "too wide": [-1.7e308, 1.7e308, 0.0, 1.5e308], "mixed": [1e300, 1e-320, -0.0, 1.0, 2.0], "thirds": np.arange(8) / 3,
         "near": 1 + np.arange(6) * 2.0 ** -52, "opposite": [-1 - 2.0 ** -52, 1.0], "digits": [float(t) for t in DIGITS]}
for count in (2, 3, 4, 5, 8, 9, 33, 100):
    drawn["normal %d" % count] = rng.normal(0, 1, count)
    drawn["lognormal %d" % count] = rng.lognormal(0, 20, count)
for name, numbers in drawn.items():
    numbers = np.sort(np.array(numbers, float))
    out("sorted", name, *(hexadecimal(v) for v in numbers))
    for share in [0.0, 0.25, 0.5, 0.75, 1.0, 1 / 3, 0.1, 0.9, *rng.random(4)]:
        with np.errstate(over="ignore", invalid="ignore"):
            out("share", float(share).hex(), hexadecimal(np.quantile(numbers, share)))
    with np.errstate(over="ignore"):
        quartiles = [0.25, 0.5, 0.75]
        assert (pd.Series(numbers).quantile(quartiles).to_numpy() == np.quantile(numbers, quartiles)).all()
save("quantiles.txt")

# Numbers

decimal.getcontext().prec = 1200
power = decimal.Decimal(2)
halves = [1 + power ** -53, 1 + 3 * power ** -53, power ** -1075, 3 * power ** -1075]  # halfway between two doubles
exact = [str(h) for h in halves] + [str(h).replace("E", "1E") if "E" in str(h) else str(h) + "1" for h in halves]
numbers = ["0", "-0", "0.0", "-0e99", "1", "01", "+1", "1.", ".5", "5.e3", "1e-320", "-1e-320", "4.9e-324", "5e-324", "2.4e-324",
           "2.5e-324", "1e300", "1e308", "1.7976931348623157e308", "1.7976931348623158e308", "1e22", "1e23", "9007199254740992",
           "9007199254740993", "9007199254740995", "123456789012345678", "0.1", "0.30000000000000004", "1e-6", "1e-7", "0.000001",
           "123456.789e-3", "2.2250738585072011e-308", "2.2250738585072014e-308", "6.02214076e23", "1e-400", "100000000000000000000",
           *DIGITS, *exact, *(repr(math.ldexp(1.0, e)) for e in range(-1074, 1024, 61)), *texts_of(rng.lognormal(0, 100, 40))]
words = ["1e999", "-1e999", "1.7976931348623159e308", "9" * 400, "inf", "-Infinity", "0x10", "1_000", "1 000", "1,5", "1e", "e5", ".",
         "+", "--1", "1.2.3", "1e5.5", "\u0661", "\uff11", "1f", "1d", "NaN0", "1e+", "Infinity"]
for text in numbers:
    value = float(text)
    out(text, hexadecimal(value), canonical(value))
for text in words:
    out(text, "word")
save("numbers.txt")

# Categories that follow a rule


def category(i):
    prefix = (0x1F600, 0xFF5E, 0x41, 0x4E00)[i % 4]
    return chr(prefix) + str(i * 7919 % 100_000)


rows = [r if r < 100_000 else (r * r) % 1013 + 97 * (r % 113 == 0) for r in range(260_000)]
column = pd.Series([category(i) for i in rows])
counts = column.value_counts()
kept = [c for c in counts.index if counts[c] >= 2]
kept.sort(key=lambda c: (-counts[c], c))
last = counts[kept[MOST - 1]]
out("distinct", str(column.nunique()))
out("twice or more", str(len(kept)))
out("contested", str(sum(counts[c] == last for c in kept)), str(sum(counts[c] == last for c in kept[:MOST])))
kept = sorted(kept[:MOST])
out("first", kept[0])
out("last", kept[-1])
out("sha256 of the kept, a line each", hashlib.sha256("".join(c + "\n" for c in kept).encode()).hexdigest())
out("rows of others", str(int((~column.isin(kept)).sum())))
save("categories.txt")
