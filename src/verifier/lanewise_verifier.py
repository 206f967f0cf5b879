#!/usr/bin/env python3
"""Train a recorded run of Lanewise again, in Python and numpy, and compare every digest.

    python3 lanewise_verifier.py RUN... [--data FILE] [--epochs N]
    python3 lanewise_verifier.py --vectors data/conformance

RUN is the folder of a run, with its run.json. The program reads the data that the record names, trains every network
that the recorded options ask for, and compares its digests and figures with those in the files of the run. The exit
code is 0 if everything agrees, and the last line then lists what was not compared. It is 1 if something differs, and
2 if the run cannot be checked, because its record is not one that Lanewise writes, or has data or options that the
program does not know. Of several runs, each ends with a line "RUN: exit CODE", and the exit code is the largest. The
program needs Python 3.9 and numpy 1.24.

This program was written from the page src/site/arithmetic.md alone, which defines every operation that decides a bit
of a weight. Section 3 of the page, the functions of fdlibm, is written out here. The program shares no code with
Lanewise. Its functions stand in the order of the page's sections.
"""

import argparse, calendar, collections, csv, datetime, gzip, hashlib, io, json, math, os, re, struct, sys
from decimal import Context, Decimal, ROUND_HALF_EVEN, ROUND_UP
from fractions import Fraction
from types import SimpleNamespace
import numpy as np

F32, F64, I64, U64 = np.float32, np.float64, np.int64, np.uint64
np.seterr(all="ignore")

class NotCovered(Exception):
    """The run has data, options or a record that this program, or the page, does not cover."""

def require(holds, found, *values):
    """Refuse the run with a message unless something holds."""
    if not holds:
        raise NotCovered(found % values)

# ---- Section 2. Numbers and sums ------------------------------------------------------------------------------------
def f32(text):
    """Return the f32 number of a literal such as "0x1.8p-103" or "0.01"."""
    return F32(float.fromhex(text) if "0x" in text else float(text))

def f32s(text):
    """Return a list of f32 numbers from literals with blanks between them."""
    return [f32(word) for word in text.split()]

def fma(a, b, c):
    """Return a * b + c of f32 numbers, rounded once to f32. The product of two f32 numbers is exact in f64."""
    a, b, c = np.asarray(a, F64), np.asarray(b, F64), np.asarray(c, F64)
    return np.asarray(round_to_odd(np.array(a * b + c), a * b, c)).astype(F32)

def round_to_odd(s, product, c):
    """Round the f64 sums s = product + c to odd, in place, and return them; they can then be rounded once to f32.

    TwoSum gives the error e of a sum. Where e is not zero and the sum is even, the sum moves by one unit toward e.
    NaN and infinities have an error that is NaN, and stay.
    """
    t = s - product
    e = (product - (s - t)) + (c - t)
    pattern = s.view(I64)
    moves = ((e < 0) | (e > 0)) & ((pattern & 1) == 0)
    pattern += np.where(moves, np.where((e > 0) == (s > 0), 1, -1), 0)
    return s

def chain(a, b, start):
    """Return the chains c = fma(a[i][p], b[p][j], c) for p = 0, 1, ..., k - 1, from start, as f32 [n][m].

    a is f32 [n][k], b is f32 [k][m], and start is f32 [m] or a number. Rows and columns are computed side by side; the
    loop runs along the chain only. This is the function fma, made faster: a sum that was rounded to f64 first can only
    be rounded wrongly to f32 if it lies half-way between two f32 numbers. Of a normal number that means that its last
    29 bits are a one and 28 zeros, so only these are rounded to odd. Sums below the normal numbers of f32 are exact if
    every product is a multiple of the smallest subnormal number. If a product may be smaller, all are rounded to odd.
    """
    n, k, m = a.shape[0], a.shape[1], b.shape[1]
    columns, b = np.ascontiguousarray(a.T, F64), np.ascontiguousarray(b, F64)
    least_a, least_b = (np.min(np.abs(v), initial=np.inf, where=v != 0) for v in (columns, b))
    coarse, half_way = least_a * least_b >= 2.0 ** -101, np.iinfo(I64).min
    result, block = np.empty((n, m), F32), max(1, 16384 // m)
    result[...] = start
    for first in range(0, n, block):
        rounded = result[first:first + block]
        product, s, c = np.empty((3,) + rounded.shape, F64)
        pattern = np.empty(s.shape, I64)
        for p in range(k):
            c[...] = rounded
            np.multiply(columns[p, first:first + block, None], b[p], out=product)
            np.add(product, c, out=s)
            if not coarse:
                round_to_odd(s, product, c)
            elif np.left_shift(s.view(I64), 35, out=pattern).min() == half_way:
                at = np.nonzero(pattern == half_way)
                s[at] = round_to_odd(s[at], product[at], c[at])
            rounded[...] = s
    return result

def sum16(x):
    """Return the sums of the rows of x, f32 [n][k], by sixteen partial sums (section 2)."""
    n, k = x.shape
    padded, parts = np.zeros((n, -(-k // 16) * 16), F32), np.zeros((n, 16), F32)
    padded[:, :k] = x                                  # +0 behind a row changes no partial sum, as none is ever -0
    for j in range(0, k, 16):
        parts += padded[:, j:j + 16]
    for w in (8, 4, 2, 1):
        parts[:, :w] += parts[:, w:2 * w]
    return parts[:, 0].copy()

def sum_in_order(x):
    """Return the sum of f64 numbers, added one after the other from 0."""
    return float(np.add.accumulate(x)[-1]) if len(x) else 0.0

# ---- Section 3. Functions in float64: those of fdlibm, on Python's floats -------------------------------------------
PI = float.fromhex("0x1.921fb54442d18p1")
def hexes(text):
    """Return a list of f64 numbers from hexadecimal literals with blanks between them."""
    return [float.fromhex(word) for word in text.split()]

def upper(x):
    """Return the upper half of the bits of x as a signed 32-bit integer."""
    return struct.unpack("<ii", struct.pack("<d", x))[1]

def with_upper(x, high):
    """Return x with its upper half replaced."""
    return struct.unpack("<d", struct.pack("<d", x)[:4] + struct.pack("<I", high & 0xffffffff))[0]

def without_lower(x):
    """Return x with its lower half replaced by 0."""
    return struct.unpack("<d", b"\0\0\0\0" + struct.pack("<d", x)[4:])[0]

LN2_HI, LN2_LO = hexes("0x1.62e42feep-1 0x1.a39ef35793c76p-33")
LOG = hexes("0x1.5555555555593p-1 0x1.999999997fa04p-2 0x1.2492494229359p-2 0x1.c71c51d8e78afp-3 "
            "0x1.7466496cb03dep-3 0x1.39a09d078c69fp-3 0x1.2f112df3e5244p-3")
def log64(x):
    """Return the natural logarithm of a normal f64 number above 0."""
    hx = upper(x)
    k, hx = (hx >> 20) - 1023, hx & 0xfffff
    i = (hx + 0x95f64) & 0x100000
    x = with_upper(x, hx | (i ^ 0x3ff00000))
    k += i >> 20
    f, dk = x - 1.0, float(k)
    if (0xfffff & (2 + hx)) < 3:
        if f == 0.0:
            return 0.0 if k == 0 else dk * LN2_HI + dk * LN2_LO
        r = f * f * (0.5 - 0.33333333333333333 * f)
        return f - r if k == 0 else dk * LN2_HI - ((r - dk * LN2_LO) - f)
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    t1 = w * (LOG[1] + w * (LOG[3] + w * LOG[5]))
    t2 = z * (LOG[0] + w * (LOG[2] + w * (LOG[4] + w * LOG[6])))
    r = t2 + t1
    if ((hx - 0x6147a) | (0x6b851 - hx)) > 0:
        h = 0.5 * f * f
        return f - (h - s * (h + r)) if k == 0 else dk * LN2_HI - ((h - (s * (h + r) + dk * LN2_LO)) - f)
    return f - s * (f - r) if k == 0 else dk * LN2_HI - ((s * (f - r) - dk * LN2_LO) - f)

COS = hexes("0x1.555555555554cp-5 -0x1.6c16c16c15177p-10 0x1.a01a019cb159p-16 "
            "-0x1.27e4f809c52adp-22 0x1.1ee9ebdb4b1c4p-29 -0x1.8fae9be8838d4p-37")
SIN = hexes("-0x1.5555555555549p-3 0x1.111111110f8a6p-7 -0x1.a01a019c161d5p-13 "
            "0x1.71de357b1fe7dp-19 -0x1.ae5e68a2b9cebp-26 0x1.5d93a5acfd57cp-33")
def kernel_cos(x, y):
    """Return the cosine of x + y between -pi/4 and pi/4."""
    ix = upper(x) & 0x7fffffff
    if ix < 0x3e400000:
        return 1.0
    z = x * x
    r = z * (COS[0] + z * (COS[1] + z * (COS[2] + z * (COS[3] + z * (COS[4] + z * COS[5])))))
    if ix < 0x3fd33333:
        return 1.0 - (0.5 * z - (z * r - x * y))
    q = 0.28125 if ix > 0x3fe90000 else with_upper(0.0, ix - 0x200000)
    return (1.0 - q) - ((0.5 * z - q) - (z * r - x * y))

def kernel_sin(x, y, has_y):
    """Return the sine of x + y between -pi/4 and pi/4."""
    if (upper(x) & 0x7fffffff) < 0x3e400000:
        return x
    z = x * x
    v = z * x
    r = SIN[1] + z * (SIN[2] + z * (SIN[3] + z * (SIN[4] + z * SIN[5])))
    return x - ((z * (0.5 * y - v * r) - y) - v * SIN[0]) if has_y else x + v * (SIN[0] + z * r)

PARTS = hexes("0x1.921fb544p0 0x1.0b4611a626331p-34 0x1.0b4611a6p-34 0x1.3198a2e037073p-69 "
              "0x1.3198a2ep-69 0x1.b839a252049c1p-104")
def rem_pio2(x):
    """Return n, y0 and y1 with x = n * pi/2 + y0 + y1, for x above pi/4 and below 800000."""
    p1, p1t, p2, p2t, p3, p3t = PARTS
    ix = upper(x)
    if ix < 0x4002d97c:
        z, t = (x - p1 - p2, p2t) if ix == 0x3ff921fb else (x - p1, p1t)
        y0 = z - t
        return 1, y0, (z - y0) - t
    n = int(x * float.fromhex("0x1.45f306dc9c883p-1") + 0.5)
    fn = float(n)
    r, w = x - fn * p1, fn * p1t
    y0 = r - w
    if n >= 32 or ix == upper(fn * float.fromhex("0x1.921fb54442d18p0")):
        for part, tail, limit in ((p2, p2t, 16), (p3, p3t, 49)):
            if (ix >> 20) - ((upper(y0) >> 20) & 0x7ff) <= limit:
                break
            t, w = r, fn * part
            r = t - w
            w = fn * tail - ((t - r) - w)
            y0 = r - w
    return n, y0, (r - y0) - w

def cos64(x, quadrants=0):
    """Return the cosine of x, from 0 to below 800000, or with three quadrants more its sine."""
    if upper(x) <= 0x3fe921fb:
        return kernel_sin(x, 0.0, False) if quadrants else kernel_cos(x, 0.0)
    n, y0, y1 = rem_pio2(x)
    n += quadrants
    value = kernel_sin(y0, y1, True) if n & 1 else kernel_cos(y0, y1)
    return -value if n & 3 in (1, 2) else value

POW_L = hexes("0x1.3333333333303p-1 0x1.b6db6db6fabffp-2 0x1.55555518f264dp-2 "
              "0x1.17460a91d4101p-2 0x1.d864a93c9db65p-3 0x1.a7e284a454eefp-3")
POW_P = hexes("0x1.555555555553ep-3 -0x1.6c16c16bebd93p-9 0x1.1566aaf25de2cp-14 "
              "-0x1.bbd41c5d26bf1p-20 0x1.6376972bea4d0p-25")
CP, CP_H, CP_L = hexes("0x1.ec709dc3a03fdp-1 0x1.ec709ep-1 -0x1.e2fe0145b01f5p-28")
DP_H, DP_L = hexes("0x1.2b8034p-1 0x1.cfdeb43cfd006p-27")
LG2, LG2_H, LG2_L = hexes("0x1.62e42fefa39efp-1 0x1.62e43p-1 -0x1.05c610ca86c39p-29")
def pow64(x, y):
    """Return x to the power of a whole number y, for x above 0 and at most 1."""
    if y <= 2 or x == 1:
        return 1.0 if y == 0 or x == 1 else x if y == 1 else x * x
    n, j = (upper(x) >> 20) - 0x3ff, upper(x) & 0xfffff
    ix, k = j | 0x3ff00000, 1 if 0x3988e < j < 0xbb67a else 0
    if j >= 0xbb67a:
        n, ix = n + 1, ix - 0x100000
    a = with_upper(x, ix)
    base, dp_h, dp_l = (1.5, DP_H, DP_L) if k else (1.0, 0.0, 0.0)
    u, v = a - base, 1.0 / (a + base)
    ss = u * v                                         # (x - base) / (x + base), in two parts
    s_h = without_lower(ss)
    t_h = with_upper(0.0, ((ix >> 1) | 0x20000000) + 0x80000 + (k << 18))
    t_l = a - (t_h - base)
    s_l = v * ((u - s_h * t_h) - s_h * t_l)
    s2 = ss * ss                                       # the logarithm to the base 2, in two parts t1 and t2
    r = s2 * s2 * (POW_L[0] + s2 * (POW_L[1] + s2 * (POW_L[2] + s2 * (POW_L[3] + s2 * (POW_L[4] + s2 * POW_L[5])))))
    r, s2 = r + s_l * (s_h + ss), s_h * s_h
    t_h = without_lower(3.0 + s2 + r)
    t_l = r - ((t_h - 3.0) - s2)
    u, v = s_h * t_h, s_l * t_h + t_l * ss
    p_h = without_lower(u + v)
    p_l = v - (p_h - u)
    z_h, z_l, t = CP_H * p_h, CP_L * p_h + p_l * CP + dp_l, float(n)
    t1 = without_lower(((z_h + z_l) + dp_h) + t)
    t2 = z_l - (((t1 - t) - dp_h) - z_h)
    y = float(y)
    y1 = without_lower(y)
    p_l, p_h = (y - y1) * t1 + y * t2, y1 * t1
    z = p_l + p_h
    if z < -1022.0:
        raise NotCovered("a learning rate is below 2^-1022")
    j, n = upper(z), 0                                 # 2 to the power of z
    if (j & 0x7fffffff) > 0x3fe00000:
        n = j + (0x100000 >> (((j & 0x7fffffff) >> 20) - 0x3ff + 1))
        k = ((n & 0x7fffffff) >> 20) - 0x3ff
        p_h = p_h - with_upper(0.0, n & ~(0xfffff >> k))
        n = ((n & 0xfffff) | 0x100000) >> (20 - k)
        n = -n if j < 0 else n
    t = without_lower(p_l + p_h)
    u, v = t * LG2_H, (p_l - (t - p_h)) * LG2 + t * LG2_L
    z = u + v
    w, t = v - (z - u), z * z
    t1 = z - t * (POW_P[0] + t * (POW_P[1] + t * (POW_P[2] + t * (POW_P[3] + t * POW_P[4]))))
    r = (z * t1) / (t1 - 2.0) - (w + z * w)
    return math.ldexp(1.0 - (r - z), n)

def exp64(x):
    """Return the exponential function of a finite f64 number that is at most 0."""
    if x < float.fromhex("-0x1.74910d52d3051p9"):
        return 0.0
    hx, k, hi, lo = upper(x) & 0x7fffffff, 0, x, 0.0
    if hx < 0x3e300000:
        return 1.0 + x
    if hx > 0x3fd62e42:
        k = -1 if hx < 0x3ff0a2b2 else int(x * float.fromhex("0x1.71547652b82fep0") - 0.5)
        hi, lo = x - k * LN2_HI, k * LN2_LO
        x = hi - lo
    t = x * x
    c = x - t * (POW_P[0] + t * (POW_P[1] + t * (POW_P[2] + t * (POW_P[3] + t * POW_P[4]))))
    return 1.0 - ((x * c) / (c - 2.0) - x) if k == 0 else math.ldexp(1.0 - ((lo - (x * c) / (2.0 - c)) - hi), k)

# ---- Section 4. Random numbers --------------------------------------------------------------------------------------
GOLDEN, MASK = 0x9E3779B97F4A7C15, 2 ** 64 - 1
WEIGHTS, ORDER, DIVISION, DROPOUT, DRAWS, FOLDS, NETWORKS = 1, 2, 3, 5, 6, 8, 9      # the streams
def mix(z):
    """Return the mixed bits of a 64-bit integer (section 4)."""
    x = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)

def key(seed, stream, index):
    """Return the key of a seed, a stream and an index (section 4)."""
    k = mix((mix((seed + GOLDEN) & MASK) + stream * GOLDEN) & MASK)
    return mix((k + index * GOLDEN) & MASK)

def bits(k, i):
    """Return number i of a key, from 0 (section 4)."""
    return mix((k + (i + 1) * GOLDEN) & MASK)

def many_bits(k, first, count):
    """Return the numbers first to first + count - 1 of a key, as a uint64 array."""
    z = U64(k) + np.arange(first + 1, first + count + 1, dtype=U64) * U64(GOLDEN)
    x = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> U64(27))) * U64(0x94D049BB133111EB)
    return x ^ (x >> U64(31))

def uniforms(k, first, count):
    """Return uniform numbers of a key, f64 (section 4)."""
    return ((many_bits(k, first, count) >> U64(12)).astype(F64) + 0.5) * 2.0 ** -52

def permutation(k, n):
    """Return a permutation of 0, ..., n - 1 as a list (section 4)."""
    order = list(range(n))
    numbers = (many_bits(k, 0, max(n, 1)) >> U64(1)).tolist()
    for i in range(n - 1, 0, -1):
        j = (numbers[i] * (2 * (i + 1))) >> 64
        order[i], order[j] = order[j], order[i]
    return order

QUANTILE = np.array("""
    3.3871328727963666080e0 1.3314166789178437745e2 1.9715909503065514427e3 1.3731693765509461125e4
    4.5921953931549871457e4 6.7265770927008700853e4 3.3430575583588128105e4 2.5090809287301226727e3 1
    4.2313330701600911252e1 6.8718700749205790830e2 5.3941960214247511077e3 2.1213794301586595867e4
    3.9307895800092710610e4 2.8729085735721942674e4 5.2264952788528545610e3 1.42343711074968357734e0
    4.63033784615654529590e0 5.76949722146069140550e0 3.64784832476320460504e0 1.27045825245236838258e0
    2.41780725177450611770e-1 2.27238449892691845833e-2 7.74545014278341407640e-4 1 2.05319162663775882187e0
    1.67638483018380384940e0 6.89767334985100004550e-1 1.48103976427480074590e-1 1.51986665636164571966e-2
    5.47593808499534494600e-4 1.05075007164441684324e-9 6.65790464350110377720e0 5.46378491116411436990e0
    1.78482653991729133580e0 2.96560571828504891230e-1 2.65321895265761230930e-2 1.24266094738807843860e-3
    2.71155556874348757815e-5 2.01033439929228813265e-7 1 5.99832206555887937690e-1 1.36929880922735805310e-1
    1.48753612908506148525e-2 7.86869131145613259100e-4 1.84631831751005468180e-5 1.42151175831644588870e-7
    2.04426310338993978564e-15
    """.split(), F64).reshape(6, 8).tolist()        # the arrays A to F of the page
def poly(c, x):
    """Return a polynomial by Horner's rule in f64, with two roundings a step (section 4)."""
    s = 0.0 * x
    for coefficient in reversed(c):
        s = s * x + coefficient
    return s

def gaussians(k, first, count):
    """Return normally distributed numbers of a key, f64, by algorithm AS 241 (section 4)."""
    p = uniforms(k, first, count)
    q = p - 0.5
    r = 0.180625 - q * q
    a, b, c, d, e, f = QUANTILE
    result = q * poly(a, r) / poly(b, r)
    for i in np.nonzero(np.abs(q) > 0.425)[0].tolist():
        r = math.sqrt(-log64(float(p[i] if q[i] < 0 else 1 - p[i])))
        z = poly(c, r - 1.6) / poly(d, r - 1.6) if r <= 5 else poly(e, r - 5) / poly(f, r - 5)
        result[i] = -z if q[i] < 0 else z
    return result

# ---- Section 5. Arrays of data --------------------------------------------------------------------------------------
SPLITS = [tuple(prefix + "_" + part for part in parts for prefix in prefixes)
          for prefixes, parts in ((("inputs", "target", "weights"), ("train", "valid", "test")),
                                  (("x", "y", "w"), ("train", "val", "test")))]
SPLITS += [("inputs", "target", "weights") + 6 * ("",), ("x", "y", "w") + 6 * ("",)]
def read_arrays(given, files):
    """Return the training, validation and test rows of arrays, with inputs in f64 that are not scaled yet (section 5).

    files has the name of the file of each option that names one, and the contents of its files by their names. Files
    that are read are taken out of the contents.
    """
    (name, contents), loss = files["data"], given.get("loss", "softmax")
    data = SimpleNamespace(table=False, test_is_read=files.pop("test-data", None) is None)
    for name in {"valid-data", "calibration-fraction"} & set(given):
        raise NotCovered("--%s with arrays" % name)
    if name.endswith(".npz"):
        arrays = arrays_of(contents.pop(name))
        splits = next(s for s in SPLITS if s[0] in arrays)
        if splits[0] == "x_train" and "x_val" not in arrays:
            splits = splits[:3] + ("x_valid", "y_valid", "w_valid") + splits[6:]
        parts = [[arrays.get(n) for n in splits[i:i + 3]] for i in (0, 3, 6)]
        data.kind, names = "keras" if splits[0] == "x_train" else "course", len(arrays.get("class_names", ()))
    elif name.endswith(".npy"):
        target, targets = files["targets"]
        parts = [[npy_of(contents.pop(name)), npy_of(targets.pop(target)), None]]
        data.kind, names = "npy", 0
    else:
        tests = name.replace("train-", "t10k-") if "train-" in name else ""
        parts = [[read_idx(contents, n), read_idx(contents, n.replace("images-idx3", "labels-idx1")), None]
                 for n in (name, tests)]
        data.kind, names, parts[1:] = "idx", 0, [[None] * 3, parts[1]]
    inputs, targets, _ = parts[0]
    rows = [None if p[0] is None else plain_rows(*p, loss) for p in parts] + [None, None]
    data.train, data.valid, data.test, data.loss = *rows[:3], loss
    data.outputs = targets.reshape(len(targets), -1).shape[1]
    if loss == "softmax" and data.outputs == 1:
        data.outputs = max(names, 1 + max(int(p[1].max()) for p in parts if p[1] is not None))
    data.scaled, data.bytes = np.ones(data.train.x.shape[1], bool), inputs.dtype == np.uint8
    share = given.get("valid-fraction", None if data.kind == "course" or data.valid is not None else "0.1")
    require(data.valid is None or share is None, "--valid-fraction beside validation rows in the file")
    require(share is not None or "stratified" not in given, "--stratified, but no rows to divide")
    if share is not None:
        rest, taken = cut(list(range(len(inputs))), share, [], [], data.train.t if "stratified" in given else None)
        data.train, data.valid = select(data.train, rest), select(data.train, taken) if taken else None
    return data

def arrays_of(content):
    """Return the arrays of an .npz file by their names."""
    with np.load(io.BytesIO(content)) as file:
        require(len(set(file.files)) == len(file.files), "an array twice in an .npz file")
        return dict(file)

def npy_of(content):
    """Return the array of an .npy file."""
    return np.load(io.BytesIO(content))

def plain_rows(inputs, targets, weights, loss):
    """Return rows with flat inputs in f64, classes or f64 numbers as targets, and f32 weights or None (section 5)."""
    n = len(inputs)
    t, x = targets.reshape(n, -1), np.ascontiguousarray(inputs.reshape(n, -1), F64)
    if loss == "softmax":
        t, raw = (t.argmax(axis=1) if t.shape[1] > 1 else t[:, 0]).astype(I64), None
    else:
        t = raw = t.astype(F64)
    return SimpleNamespace(x=x, t=t, raw=raw, w=None if weights is None else weights.reshape(n).astype(F32))

def read_idx(contents, name):
    """Return the array of an IDX file, perhaps compressed, or None if there is no such file (section 5)."""
    name = next((n for n in (name, name + ".gz") if n in contents), None)
    content = name and unfolded(name, contents.pop(name))
    require(not content or content[2] == 8, "IDX of another type than uint8")
    shape = content and struct.unpack(">%dI" % content[3], content[4:4 + 4 * content[3]])
    return content and np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)

def unfolded(name, content):
    """Return the content of a file, unfolded if its name ends in .gz."""
    if content[:4] == b"PK\x03\x04" and b"xl/" in content:
        raise NotCovered("an Excel workbook")
    return gzip.decompress(content) if name.endswith(".gz") else content

def select(rows, order):
    """Return the rows that order names, in its order."""
    order = np.array(order, I64)
    return SimpleNamespace(**{n: v[order] if isinstance(v, np.ndarray) else v for n, v in vars(rows).items()})

# ---- Section 6. Tables ----------------------------------------------------------------------------------------------
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
GAPS = "NA,N/A,n/a,NaN,nan,null,NULL,?,-"                              # of a record that does not list them
LATER_GAPS = "#N/A,n.a.,k.A.,na,--"                                    # known as well where a record lists them
def number_of(field):
    """Return the f64 number of a field, or None if it is a word (section 6.1)."""
    value = float(field) if NUMBER.fullmatch(field) else math.inf
    return value if math.isfinite(value) else None

def text_of(field, by_digits=False):
    """Return the text of a field that is not missing (sections 6.1 and 6.4)."""
    value = number_of(field)
    if value is None:
        return field.lower() if field.lower() in ("true", "false") else field
    if by_digits and (digits_of(field) or abs(value) >= 2 ** 53):
        return digits_of(field) or str(int(value))
    return str(int(value)) if value == math.floor(value) and abs(value) <= 2 ** 53 else shortest(value)

def digits_of(field):
    """Return the digits of a number with leading zeros, or of 2^53 or more in magnitude, or None (section 6.4)."""
    match = re.fullmatch(r"\+?(-?)([0-9]+)(\.0*)?", field, re.ASCII)
    if number_of(field) is None or not match or not (re.match("0[0-9]", match[2]) or int(match[2]) >= 2 ** 53):
        return None
    return match[1] + match[2]

def shortest(value):
    """Return the text of an f64 number that is not a small whole number (section 6.1)."""
    tries = [Context(prec=n, rounding=r).plus(Decimal(abs(value)))
             for n in range(1, 18) for r in (ROUND_HALF_EVEN, ROUND_UP)]
    found = next((t for t in tries if float(t) == abs(value)), tries[-2])
    digits, e, sign = "".join(map(str, found.as_tuple().digits)).rstrip("0"), found.adjusted(), "-" * (value < 0)
    if e - len(digits) + 1 <= 0 and e >= -6:
        digits, whole = "0" * max(0, -e) + digits, max(1, e + 1)
        return sign + digits[:whole] + "." * (len(digits) > whole) + digits[whole:]
    return "%s%s%s%sE%+d" % (sign, digits[0], "." * (len(digits) > 1), digits[1:], e)

VALUE = re.compile(r"[-+(]?[$\u20ac\u00a3\u00a5]?[ \u00a0]?[-+]?[.,]?[0-9].*", re.DOTALL)
def titles_of(lines):
    """Return the number of titles among the first lines of a table (section 6.1)."""
    texts, width = [sum(field != "" for field in line) for line in lines], len(lines[-1])
    titles = [len(line) < width or len(line) == width > 1 and n < 2 for line, n in zip(lines, texts)]
    k = titles.index(False) if False in titles else 0
    if not 0 < k <= 10 or k + 1 >= len(lines) or any(len(line) != width for line in lines[k:]):
        return 0
    padded, below = any(len(line) == width for line in lines[:k]), list(zip(*lines[k + 1:]))
    numbers = any(any(c) and all(f == "" or VALUE.match(f) for f in c) for c in below)
    plain = texts[0] < 2 and not any(map(VALUE.match, lines[0] + lines[k]))
    return k if plain and (not padded or texts[k] == width and numbers) else 0

class Table:
    """The fields of a table by columns, with the names of the columns and the marks for missing values."""
    def __init__(self, file, given):
        name, contents = file
        require(name in contents, "a table in several files")
        content = unfolded(name, contents.pop(name))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("windows-1252")
        text = "\n".join(re.split("\r\n|\r|\n", text)[int(given["skip"]):]) if given.get("skip", "0") != "0" else text
        separator, first = given.get("separator"), text.split("\n", 1)[0]
        if separator is None and "," not in first and any(c in first for c in ";\t|"):
            raise NotCovered("a separator that is found from the file")
        separator = {"tab": "\t", None: ","}.get(separator, separator)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        lines = [[field.strip(" \t") for field in line] for line in lines if "".join(line).strip(" \t")]
        lines = lines if "skip" in given else lines[titles_of(lines[:30]):]
        require(len(set(map(len, lines))) == 1, "lines of a table with more or fewer fields than others")
        if "skip-totals" in given:
            raise NotCovered("a row of totals that is left out")
        words = given.get("missing", GAPS).split(",") + given.get("missing-also", "").split(",")
        self.gaps = {""} | {word.strip() for word in words}
        later = set(LATER_GAPS.split(","))
        no_names = self.gaps - later if later | set(GAPS.split(",")) <= self.gaps else self.gaps
        marks = [f in no_names and (i > 0 or f != "") or number_of(f) is not None for i, f in enumerate(lines[0])]
        self.header = given.get("header", "no" if any(marks) else "yes") == "yes"
        names = lines.pop(0) if self.header else [""] * len(lines[0])
        self.names = [name or "#%d" % i for i, name in enumerate(names)]
        numbers = set(map(number_of, self.gaps)) - {None}
        lines = [["" if number_of(field) in numbers else field for field in line] for line in lines]
        self.columns = [list(column) for column in zip(*lines)]
    def find(self, names):
        """Return the positions of the columns that an option names, by their names or numbers (section 6.2)."""
        words = [] if not names else [names] if names in self.names else [name.strip() for name in names.split(",")]
        n = len(self.names)
        for w in set(words) - set(self.names):
            require(re.fullmatch("-?[0-9]+", w) and -n <= int(w) < n, "column %s, which the table does not have", w)
        return [self.names.index(w) if w in self.names else int(w) % n for w in words]
    def is_dated(self, column, least):
        """Return whether all present fields are dates of digits, of which a number differ at least (section 6.6)."""
        fields = set(self.columns[column]) - self.gaps
        return all(map(day_of_digits, fields)) and len(set(map(day_of_digits, fields))) >= least
    def read_dates(self, columns):
        """Read columns of dates of digits as those of ISO 8601 (section 6.6)."""
        for c in columns:
            days = [field if field in self.gaps else day_of_digits(field) for field in self.columns[c]]
            require(None not in days, "column %s, which has dates of digits in the other file only", self.names[c])
            self.columns[c] = days
    def without_gaps(self, targets):
        """Leave out the rows in which a target is missing."""
        rows = [row for row in zip(*self.columns) if not any(row[c] in self.gaps for c in targets)]
        self.columns = [list(column) for column in zip(*rows)]

def read_table(given, files):
    """Return the rows of a table, with inputs in f64 that are not scaled yet (section 6); files as in read_arrays."""
    table = Table(files["data"], given)
    weight, ignored = table.find(given.get("weight-column")), table.find(given.get("ignore"))
    ignored = ignored + table.find(given.get("group"))
    targets = table.find(given.get("target"))
    targets = targets or [max(set(range(len(table.names))) - set(ignored) - set(weight))]
    categorical, least = table.find(given.get("categorical")), int(given.get("min-count", 2))
    numeric = table.find(given.get("numeric"))
    roles = targets + weight + categorical + numeric
    require(len(set(roles)) == len(roles) and not set(roles) & set(ignored), "a column with two roles in the options")
    first = len(table.names) if table.header else min(targets)
    dated = [c for c in range(len(table.names)) if c not in ignored + categorical + numeric + weight and c <= first
             and table.is_dated(c, 21 if c in targets else 2)]
    table.read_dates(dated)
    table.without_gaps(targets)
    for c in targets:
        require_plain(table.names[c], table.columns[c])
    fields = table.columns[targets[0]]
    loss, classes, by_digits = given.get("loss") or loss_of([table.columns[c] for c in targets]), None, False
    if loss == "softmax":
        by_digits = any(map(digits_of, fields))
        classes = sorted({text_of(field, by_digits) for field in fields})
        if not by_digits and all(number_of(text) is not None for text in classes):
            classes.sort(key=float)
    def rows_of(source, places):
        """Return the rows of a file with the columns of places, but their inputs."""
        columns = [source.columns[places(c)] for c in targets]
        if classes:
            numbers, raw = {text: i for i, text in enumerate(classes)}, None
            t = np.array([numbers.get(text_of(field, by_digits), -1) for field in columns[0]])
        else:
            t = raw = np.array([list(map(number_of, column)) for column in columns], F64).T
        w = np.array([float(field) for field in source.columns[places(weight[0])]]).astype(F32) if weight else None
        return SimpleNamespace(x=None, t=t, raw=raw, w=w, place=np.arange(len(t)))

    rows = rows_of(table, lambda c: c)
    parts = divide_table(given, rows.t, classes is not None, table)
    encoders = [Encoder(table, c, parts[0], c in categorical, c in numeric, least)
                for c in range(len(table.names)) if c not in ignored + weight + targets]
    encoders = [e for e in encoders if e.kind is not None]
    rows.x = np.column_stack([v for e in encoders for v in e.inputs(table, e.column)])
    parts = dict(zip(("data", "valid-data", "test-data"),
                     (select(rows, part) if len(part) else None for part in parts)))
    for option in {"valid-data", "test-data"} & set(files):
        other = Table(files[option], given)
        places = [other.names.index(name) if name in other.names else None for name in table.names].__getitem__
        other.read_dates([places(c) for c in dated])
        other.without_gaps([places(c) for c in targets])
        parts[option] = rows_of(other, places)
        parts[option].x = np.column_stack([v for e in encoders for v in e.inputs(other, places(e.column))])
    train, valid, test = parts.values()
    return SimpleNamespace(train=train, valid=valid, test=test, kind="table", table=True, bytes=False, loss=loss,
                           test_is_read=True,
                           scaled=np.array([s for e in encoders for s in e.scaled]),
                           outputs=len(classes) if classes else len(targets))

def loss_of(columns):
    """Return the loss that follows from the targets (section 6.2)."""
    values = [[number_of(field) for field in column] for column in columns]
    if len(columns) > 1:
        return "sigmoid" if all(v in (0.0, 1.0) for column in values for v in column) else "mse"
    if None in values[0]:
        return "softmax"
    by_digits = any(map(digits_of, columns[0]))                        # section 6.4
    different = {text_of(field, True) for field in columns[0]} if by_digits else set(values[0])
    few = len(different) <= 20 and len(values[0]) >= 10 * len(different)
    return "softmax" if few and all(v == math.floor(v) for v in values[0]) else "mse"

NOTATION = re.compile("[-+(\u2212]?([A-Z]{3}|[^\\W\\d_]{0,3}[$\u20ac\u00a3\u00a5\u20b9])? ?[-+(\u2212]?[0-9][0-9., '\u2019\u00a0\u202f]*"
                      "\\)? ?([^0-9]{0,8}?)\\)?")
DATED = re.compile("[0-9]{1,4}([-/. ])([0-9]{1,2}|[a-z]{3,9}\\.?)\\1[0-9]{2,4}(\\b.*)?|[a-z]{3,9}\\.? [0-9]{1,2},? ?[0-9]{4}.*"
                   "|[0-9]{1,2}:[0-9]{2}.*", re.IGNORECASE)
ORDINALS = {"st", "nd", "rd", "th"}

def require_plain(name, fields):
    """Refuse a column nearly all of whose fields look like numbers or dates in a notation (sections 6.7 and 23)."""
    matches = list(filter(None, map(NOTATION.fullmatch, fields)))
    affixes = {tuple(part or "" for part in match.groups()) for match in matches} - {("", "")}
    units = sorted(unit for _, unit in affixes)
    is_one = len(units) <= 1 or len(units) == 2 and len(units[0]) > 1 and units[1].startswith(units[0])  # day and days
    numbers = len(matches) if is_one and not ORDINALS & set(units) else 0
    dates = sum(1 for field in fields if DATED.fullmatch(field))
    if max(numbers, dates) >= 0.9 * len(fields) and any(number_of(f) is None for f in fields):
        raise NotCovered("numbers or dates in a notation, such as %s, in column %s" % (fields[0], name))

class Encoder:
    """What a column of a table becomes: its kind, fitted on the training rows, and its inputs (sections 6.3 to 6.5).

    kind is number, category, date, or None for nothing. scaled says of each input whether it is scaled. lists has the
    lists of a category (one, named text) or of a date, each with its texts and whether there are others.
    """
    def __init__(self, table, column, rows, categorical, numeric, min_count):
        self.column, self.kind, self.scaled, self.min_count, self.lists = column, None, [], min_count, {}
        fields = [table.columns[column][row] for row in rows]
        present = [field for field in fields if field not in table.gaps]
        self.gaps = len(present) < len(fields)
        numbers = [number_of(field) for field in present]
        require(not numeric or None not in numbers, "column %s, which has words although it is numeric", table.names[column])
        texts = [text_of(field, True) for field in present]
        codes = (not numeric and any(text.startswith("0") for text in texts) and len(set(map(len, texts))) == 1
                 and all(re.fullmatch("[0-9]{4,}", text) for text in texts))
        self.by_digits = (categorical or codes or None in numbers) and any(map(digits_of, present))
        texts = [text_of(field, self.by_digits) for field in present]
        different = len(set(texts))
        dates = [None] if categorical or None not in numbers else [date_of(field) for field in present]
        if not present:
            return
        if not categorical and None in dates:
            require_plain(table.names[column], present)
        if not categorical and not codes and None not in numbers:
            if len(set(numbers)) > 1 or self.gaps:
                self.kind, self.scaled = "number", [True] + [False] * self.gaps
        elif None not in dates:
            if len({date.days for date in dates}) > 1 or self.gaps:
                self.kind, times = "date", len({date.time for date in dates}) > 1
                only_times = times and all(0 <= date.days < 1 for date in dates)
                for part in ["month", "weekday"] * (not only_times) + ["hour"] * times:
                    self.lists[part] = self.fit_list([getattr(date, part) for date in dates])
                width = sum(map(self.width, self.lists.values())) + 2 * times
                self.scaled = [True] + [False] * (self.gaps + width)
        elif categorical or different <= 0.9 * len(fields) and (different > 1 or self.gaps):
            self.lists["text"] = self.fit_list(texts)
            self.scaled = [False] * self.width(self.lists["text"])
            self.kind = "category" if self.scaled else None
    def fit_list(self, texts):
        """Return the list of texts that have inputs, and whether there are others (section 6.3)."""
        counts = collections.Counter(texts)
        frequent = sorted((text for text in counts if counts[text] >= self.min_count), key=lambda t: (-counts[t], t))
        return sorted(frequent[:100]), len(frequent[:100]) < len(counts)
    def width(self, choice):
        """Return the number of inputs of a list."""
        texts, other = choice
        width = len(texts) + other + self.gaps
        return 1 if len(texts) == 2 == width else width if width > 1 else 0
    def list_inputs(self, choice, texts):
        """Return the inputs of a list for texts, of which a missing one is None (section 6.3)."""
        (chosen, other), width = choice, self.width(choice)
        if width == 1:
            return [np.array([{chosen[0]: -1.0, chosen[1]: 1.0}.get(text, 0.0) for text in texts])]
        values, places = np.zeros((width, len(texts))), {text: i for i, text in enumerate(chosen)}
        for row, text in enumerate(texts if width else ()):
            place = width - 1 if text is None and self.gaps else places.get(text, len(chosen) if other else None)
            if place is not None:
                values[place, row] = 1
        return list(values)
    def inputs(self, table, column):
        """Return the inputs of all rows of a column, f64. A missing number is NaN until it is scaled."""
        fields = [field if field not in table.gaps else None for field in table.columns[column]]

        def each(function, missing):
            """Return the results of a function of the present fields, and another value for missing ones."""
            return [missing if field is None else function(field) for field in fields]

        if self.kind == "category":
            return self.list_inputs(self.lists["text"], each(lambda field: text_of(field, self.by_digits), None))
        missing = [np.array(each(lambda field: 0.0, 1.0))] * self.gaps
        if self.kind == "number":
            return [np.array(each(number_of, math.nan))] + missing
        values = [np.array(each(lambda field: date_of(field).days, math.nan))] + missing
        for part, choice in self.lists.items():
            values += self.list_inputs(choice, each(lambda field: getattr(date_of(field), part), None))
        if "hour" in self.lists:
            angles = each(lambda field: 2 * PI * (float(date_of(field).time) / 86400e9), None)
            values += [np.array([0.0 if a is None else cos64(a, quadrants) for a in angles]) for quadrants in (3, 0)]
        return values

DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
                  r"(?:Z|([-+])(\d\d):?(\d\d)?)?)?", re.ASCII)
def date_of(field):
    """Return a date with its days in UTC, and its time, month, weekday and hour as written, or None (section 6.5)."""
    match = DATE.fullmatch(field)
    if not match or field.endswith(":"):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    offset = int(match[9] or 0) * 60 + int(match[10] or 0)
    if hour > 23 or minute > 59 or second > 59 or offset > 18 * 60 or int(match[10] or 0) > 59:
        return None
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year or 400, month)[1]:
        return None
    days = datetime.date(year or 400, month, day).toordinal() - 719163 - (0 if year else 146097)
    time = ((hour * 60 + minute) * 60 + second) * 10 ** 9 + int((match[7] or "").ljust(9, "0"))
    utc = days * 86400 * 10 ** 9 + time - offset * 60 * 10 ** 9 * (-1 if match[8] == "-" else 1)
    utc_day, utc_time = divmod(utc, 86400 * 10 ** 9)
    return SimpleNamespace(days=float(utc_day) + float(utc_time) / 86400e9, time=time, month="%02d" % month,
                           weekday=str((days + 3) % 7 + 1), hour="%02d" % hour)

def day_of_digits(field):
    """Return the day of a date of digits as YYYY-MM-DD, or None (section 6.6)."""
    match = re.fullmatch("(19[0-9]{2}|20[0-9]{2}|2100)([0-9]{2})([0-9]{2})(\\.0+)?", field)
    day = "-".join(match.groups()[:3]) if match else ""
    return day if match and date_of(day) else None

# ---- Section 7. Division of rows ------------------------------------------------------------------------------------
def divide_table(given, targets, has_classes, table):
    """Return the positions of training, validation and test rows of a table (sections 7.1 and 7.4)."""
    n, several = len(targets), has_folds(given, "table")
    a, b, c = (0.9, 0.0, 0.1) if several else (0.8, 0.1, 0.1)
    if "split-sizes" in given:
        sizes = [float(word) for word in given["split-sizes"].split(",")]
        a, b, c = sizes + [0.0] * (3 - len(sizes))
        require(a > 0 and abs(a + b + c - 1) < 1e-9, "--split-sizes %s, which do not add up to 1", given["split-sizes"])
        require(b == 0 or "valid-fraction" not in given, "--split-sizes and --valid-fraction with validation rows both")
    elif "all-rows" in given:
        a, b, c = 1.0, 0.0, 0.0
    if "test-data" in given:
        a, b, c = 1 - b, b, 0.0
    if "valid-data" in given:
        a, b = a + b, 0.0
    order = permutation(key(int(given.get("seed", 0)) & MASK, DIVISION, 0), n)
    by_preset = has_classes and preset_of(given, "table").startswith("table") and "no-stratified" not in given
    classes, wanted = targets if by_preset or "stratified" in given else None, given.get("valid-fraction")
    groups, places = table.find(given.get("group")), table.find(given.get("order"))
    if groups or places or "calibration-fraction" in given:            # section 7.4
        if places:
            numbers = [number_of(field) for field in table.columns[places[0]]]
            places = [date_of(field).days for field in table.columns[places[0]]] if None in numbers else numbers
            order = sorted(range(n), key=places.__getitem__)
        if groups:
            groups = [text_of(field) if field not in table.gaps else None for field in table.columns[groups[0]]]
        if (groups or places) and several and b == 0 and "valid-data" not in given:
            wanted = wanted or "0.2"
        wanted = wanted or repr(float(np.rint(b / (a + b) * 1e12)) / 1e12)
        classes = None if groups or places else classes
        rest, test = cut(order, repr(c), groups, places, classes)
        rest, _ = cut(rest, given.get("calibration-fraction", "0"), groups, places, classes)
        return cut(rest, wanted, groups, places, classes) + (test,)
    train, both = (min(n, math.floor(Fraction(x) + Fraction(1, 2))) for x in (n * a, n * (a + b)))
    if wanted:
        train = both - math.floor(Fraction(wanted) * both)
    if classes is not None and train < n:
        rest, test = take_classes(order, n - both, classes)
        return take_classes(rest, both - train, classes) + (test,)
    return order[:train], order[train:both], order[both:]

def cut(rows, share, groups, places, classes):
    """Return the rows that stay and the share of rows that is taken (section 7.4)."""
    taken = math.floor(Fraction(share) * len(rows))
    stay = len(rows) - taken
    if groups:
        before, gone = 0, set()
        for group, size in collections.Counter(groups[row] for row in rows).items():
            if before + (size + 1) // 2 > stay:
                gone.add(group)
            before += size
        return [row for row in rows if groups[row] not in gone], [row for row in rows if groups[row] in gone]
    while places and 0 < stay < len(rows) and places[rows[stay - 1]] == places[rows[stay]]:
        stay -= 1
    return take_classes(rows, taken, classes) if classes is not None else (rows[:stay], rows[stay:])

def has_folds(given, kind):
    """Return whether the training has a preset for tables or several networks, and so folds (sections 7.1 and 7.3)."""
    return preset_of(given, kind).startswith("table") or int(given.get("members", 1)) > 1

def take_classes(order, taken, classes):
    """Return the rows that stay and those that are taken, by the shares of the classes (section 7.2)."""
    n, of_row = len(order), [int(classes[row]) for row in order]
    count = np.bincount(of_row, minlength=1).tolist()
    take = [taken * size // n for size in count]
    by_remainder = sorted(range(len(count)), key=lambda c: (-(taken * count[c] % n), c))
    for c in by_remainder[:taken - sum(take)]:
        take[c] += 1
    rest, gone, seen = [], [], [0] * len(count)
    for row, c in zip(order, of_row):
        (rest if seen[c] < count[c] - take[c] else gone).append(row)
        seen[c] += 1
    return rest, gone

def fold_of_rows(seed, classes):
    """Return the fold of each training row (section 7.3). classes are those of the rows, 0 for numeric targets."""
    following = np.concatenate([[0], np.cumsum(np.bincount(classes))]).tolist()
    fold = np.zeros(len(classes), I64)
    for row in permutation(key(seed, FOLDS, 0), len(classes)):
        fold[row] = following[classes[row]] % 5
        following[classes[row]] += 1
    return fold

# ---- Section 8. Scaling ---------------------------------------------------------------------------------------------
def scaling_rule(given, data):
    """Return the rule by which inputs are scaled (section 8.1)."""
    rule, x = given.get("scale", "auto"), data.train.x
    if rule != "auto" or data.table:
        return "robust" if rule == "auto" else rule
    whole = np.all((x >= 0) & (x <= 255) & (x == np.floor(x))) and (x > 127).any()
    return "255" if data.bytes or whole else "standard"

def quantile_of(x, q):
    """Return the quantile q of f64 numbers in ascending order (section 8.2)."""
    place = q * float(len(x) - 1)
    i = math.floor(place)
    t = place - i
    a, b = x[i], x[min(i + 1, len(x) - 1)]
    d = b - a
    return (b - d * (1 - t) if t >= 0.5 else a + d * t) + 0.0

def mean_and_deviation(x):
    """Return the mean and the deviation of f64 numbers, from exact sums; a deviation of 0 is 1 (section 8.3)."""
    if min(x) == max(x):
        return x[0], 1.0
    mean = math.fsum(x) / float(len(x))
    return mean, math.sqrt(math.fsum([(v - mean) * (v - mean) for v in x]) / float(len(x))) or 1.0

def scaled_by(rule, x, v):
    """Return f64 numbers v scaled to f32, by what is fitted on the training rows' ascending numbers x (section 8)."""
    if rule == "255":
        return (v / 255).astype(F32)
    if rule == "none":
        return v.astype(F32)
    if rule == "standard":
        mean, deviation = mean_and_deviation(x)
        return ((v - mean) / deviation).astype(F32)
    if rule == "minmax":
        return ((v - x[0]) / (x[-1] - x[0] or 1.0)).astype(F32)
    lower, median, higher = (quantile_of(x, q) if x else 0.0 for q in (0.25, 0.5, 0.75))
    width = higher - lower or (x[-1] - x[0] if x else 0.0) / 2
    if width == 0:
        return np.zeros(len(v), F32)
    z = (v - median) / width
    third = z / 3
    return np.where(np.abs(z) > 1e8, np.copysign(3, z), z / np.sqrt(1 + third * third)).astype(F32)

def scale(given, data):
    """Scale the inputs and numeric targets of all rows to f32, by what is fitted on the training rows (section 8)."""
    rule, parts = scaling_rule(given, data), [p for p in (data.train, data.valid, data.test) if p is not None]
    scaled = [np.zeros(p.x.shape, F32) for p in parts]
    for i, is_scaled in enumerate(data.scaled):
        column = data.train.x[:, i]
        present = np.sort(column[~np.isnan(column)]).tolist()
        median = quantile_of(present, 0.5) if present else 0.0         # stands in place of a missing value
        for part, x in zip(parts, scaled):
            values = np.where(np.isnan(part.x[:, i]), median, part.x[:, i])
            x[:, i] = scaled_by(rule if is_scaled else "none", present, values)
    fits = None                                                        # section 8.4
    if is_regression(data.loss) and given.get("scale-targets", "standard" if data.table else "none") == "standard":
        fits = tuple(np.array([mean_and_deviation(column.tolist()) for column in data.train.raw.T]).T)
    for part, x in zip(parts, scaled):
        part.x, part.target_scaling = x, fits
        if part.raw is not None:
            part.t = (part.raw if fits is None else (part.raw - fits[0]) / fits[1]).astype(F32)

def bin_edges(x, bins):
    """Return the edges of the bins of each input, fitted on the f32 inputs of all training rows (section 8.5)."""
    columns = [np.sort(column.astype(F64) + 0.0).tolist() for column in x.T]
    return [sorted({quantile_of(z, b / bins) for b in range(bins + 1)}) if len(set(z)) > 2 else [] for z in columns]

def with_bins(x, edges):
    """Return f32 inputs followed by those of their bins (section 8.5)."""
    columns = [x]
    for column, e in zip(x.T.astype(F64), edges):
        for low, high in zip(e, e[1:]):
            value = np.where(column <= low, 0.0, np.where(column >= high, 1.0, (column - low) / (high - low)))
            columns.append(value.astype(F32)[:, None])
    return np.hstack(columns)

# ---- Section 9. Options and presets ---------------------------------------------------------------------------------
COURSE = dict(word.split("=") for word in
              "members=1 binned-members=0 hidden=16,80 activation=relu init=course epochs=1000 batch-size=100 "
              "short-batch=keep optimizer=sgd eta=0.01 schedule=constant bias-rate=1 input-rate=0 rate-by-inputs=no "
              "dropout=0 label-smoothing=0 best=none patience=0 temperature=none group-weights=given shards=1".split())
IMAGE = {**COURSE, **dict(word.split("=") for word in
         "hidden=512,256 activation=gelu init=he epochs=30 batch-size=128 optimizer=adam beta1=0.9 beta2=0.999 "
         "epsilon=1e-8 eta=0.001 schedule=cosine label-smoothing=0.1 best=error best-of-equals=last".split())}
TABLE = {**COURSE, **dict(word.split("=") for word in
         "members=3 binned-members=1 hidden=256,256,256 activation=selu init=realmlp epochs=auto batch-size=256 "
         "short-batch=drop optimizer=adam beta1=0.9 beta2=0.95 epsilon=1e-8 schedule=cosine-log bias-rate=0.1 "
         "input-rate=6 rate-by-inputs=yes label-smoothing=0.1 best=auto best-of-equals=last patience=auto "
         "temperature=validation".split())}
PRESETS = {"course": COURSE, "image": IMAGE, "table": TABLE,
           "table-best": {**TABLE, "group-weights": "greedy"},             # its groups are options that are given
           "table-fast": {**TABLE, "members": "1", "binned-members": "0", "hidden": "128,128,128"}}

# The values of each option that the program understands, as a regular expression. Flags have none.
NUMBERS = NUMBER.pattern + "(,%s)*" % NUMBER.pattern
OPTIONS = {name: pattern for names, pattern in [
    ("stratified no-stratified all-rows no-shuffle balanced searched coverage coverage-by-class keep-totals skip-totals", ""),
    ("binned-members bins epochs schedule-epochs dropout-epochs warmup patience", "[0-9]+"), ("seed", "-?[0-9]+"), ("skip", "[0-9]+"),
    ("members min-count shards", "[1-9][0-9]*"), ("batch-size", "-1|[1-9][0-9]*"),
    ("momentum beta1 beta2 epsilon eta schedule-factor schedule-decay schedule-minimum bias-rate input-rate dropout "
     "weight-decay clip-norm label-smoothing valid-fraction calibration-fraction", NUMBER.pattern),
    ("configurations", "none|[1-9][0-9]*( +[^ ;]+)*(; *[1-9][0-9]*( +[^ ;]+)*)*"),
    ("data targets valid-data test-data target weight-column ignore categorical numeric missing missing-also group order sheet", ".+"),
    ("split-sizes", "[0-9.,]+"), ("hidden", "none|[0-9]+(,[0-9]+)*"), ("class-weights", "none|balanced|" + NUMBERS),
    ("activation", "[a-z,-]+"), ("loss", "softmax|sigmoid|mse|huber|mae|pinball-0?[.][0-9]+"), ("header", "yes|no"),
    ("separator", "[,;|]|tab"), ("scale", "auto|255|none|standard|minmax|robust"), ("scale-targets", "none|standard"),
    ("temperature", "none|validation"), ("group-weights", "given|greedy"),
    ("short-batch", "keep|drop"), ("rate-by-inputs", "yes|no"), ("dropout-schedule", "constant|flat-cosine"),
    ("preset", "|".join(PRESETS)), ("best", "none|loss|error"), ("best-of-equals", "first|last"),
    ("init", "course|he|glorot|realmlp"), ("optimizer", "sgd|momentum|nesterov|rmsprop|adam|adamw"),
    ("schedule", "constant|step|exponential|inverse|cosine|cosine-log|plateau")] for name in names.split()}
OF_GROUPS = ("hidden activation init bins binned-members batch-size short-batch optimizer momentum beta1 beta2 epsilon eta "
             "weight-decay schedule schedule-epochs schedule-factor schedule-decay schedule-minimum warmup bias-rate input-rate "
             "rate-by-inputs dropout dropout-schedule dropout-epochs label-smoothing clip-norm").split()
READ = ("data", "targets", "valid-data", "test-data")                  # options that name files
EXCLUSIVE = ("all-rows split-sizes", "all-rows test-data", "stratified no-stratified", "no-shuffle balanced", "shards balanced",
             "group order", "group stratified", "order stratified", "valid-data valid-fraction")
def require_options(given, used):
    """Refuse options that the program does not know, with values that it does not know, or that exclude each other."""
    for name in sorted(set(given) | set(used)):
        require(name in OPTIONS, "--%s, which this program does not know", name)
        known = name not in given or re.fullmatch(OPTIONS[name], given[name], re.DOTALL)
        require(known, "--%s %s, a value that this program does not know", name, given.get(name))
    for names in EXCLUSIVE:
        require(not set(names.split()) <= set(given), "--%s together", names)

def options_in_use(given, values, data):
    """Return the options in use as a record has them (section 22), and refuse those that are given but not of use."""
    optimizer, schedule, softmax = values["optimizer"], values["schedule"], data.loss == "softmax"
    listed = [(optimizer in ("momentum", "nesterov"), "momentum"), (optimizer in ("adam", "adamw"), "beta1"),
              (optimizer in ("rmsprop", "adam", "adamw"), "beta2 epsilon"), (schedule == "inverse", "schedule-decay"),
              (schedule in ("step", "cosine", "cosine-log", "plateau"), "schedule-epochs"),
              (schedule in ("step", "exponential", "plateau"), "schedule-factor"),
              (schedule in ("cosine", "plateau"), "schedule-minimum"),
              (float(given.get("dropout", 0)) > 0, "dropout-schedule"),
              (given.get("dropout-schedule") == "flat-cosine", "dropout-epochs")]
    others = [(softmax, "label-smoothing class-weights balanced stratified"), (data.kind == "npy", "targets"),
              (is_regression(data.loss), "scale-targets"), ("coverage" in given, "coverage-by-class"),
              (values["hidden"] != "none", "dropout"), (values["best"] != "none", "best-of-equals"),
              (data.table, "target weight-column ignore categorical numeric missing missing-also group order min-count "
                           "split-sizes all-rows separator header skip")]
    for name in (name for used, names in listed + others if not used for name in names.split()):
        require(name not in given, "--%s, which is not of use", name)
    names = ("hidden activation init seed epochs batch-size short-batch optimizer weight-decay eta schedule warmup "
             "best best-of-equals bias-rate input-rate rate-by-inputs clip-norm dropout label-smoothing class-weights ")
    names += " ".join(names for used, names in listed if used)
    names += " members binned-members patience" * values["preset"].startswith("table")
    for name, off in (("temperature", "none"), ("group-weights", "given"), ("shards", "1")):
        names += (" " + name) * (values[name] != off)
    found = {name: values[name] for name in names.split()}
    return {"data": "data/digits.npz", "min-count": "2", "scale": "auto", "preset": values["preset"], **found,
            **{name: value or "yes" for name, value in given.items()}}

def is_regression(loss):
    """Return whether a loss is one of regression (section 9)."""
    return loss in ("mse", "huber", "mae") or loss.startswith("pinball-")

def preset_of(given, kind):
    """Return the name of the preset for a kind of data (section 9)."""
    return given.get("preset") or {"table": "table", "idx": "image", "keras": "image"}.get(kind, "course")

def settle_options(given, data, train, valid):
    """Return all options as texts, given the training and validation rows of network 0 (section 9)."""
    preset, regression = preset_of(given, data.kind), is_regression(data.loss)
    values = dict(PRESETS[preset])
    if preset.startswith("table"):
        values.update(eta="0.07" if regression else "0.04", dropout="0.1" if regression else "0")
    if valid is None:
        values.update({"best": "none", "patience": "0"})
    if "members" in given:
        values["binned-members"] = str(int(values["binned-members"]) * int(given["members"]) // int(values["members"]))
    if "optimizer" in given:
        values["beta2"] = "0.99" if given["optimizer"] == "rmsprop" else "0.999"
    if given.get("patience", "0") != "0":
        values.update({"best": "loss", "best-of-equals": "first"})
    if given.get("best") == "none":
        values.update({"patience": "0", "best-of-equals": "first"})
    if valid is None or data.loss != "softmax":
        values["temperature"] = "none"
        require(given.get("temperature") != "validation", "--temperature without validation rows or classes")
    if len(groups_of(given)) == 1:
        require(preset != "table-best" or "configurations" in given, "preset table-best without --configurations")
        values["group-weights"] = "given"
    values.update(given)
    rows, size = len(train.t), int(values["batch-size"])
    w = np.ones(rows) if train.w is None else train.w.astype(F64)
    largest = max(sum_in_order(w[train.t == c]) for c in np.unique(train.t)) if data.loss == "softmax" else 0.0
    mostly_one = largest / sum_in_order(w) >= 0.8
    automatic = {"epochs": str(max(1, min(128 if preset == "table-fast" else 256, 2400000 // rows))),
                 "patience": str(max(32, -(-200 // (1 if size == -1 else max(1, rows // size))))),
                 "best": "loss" if mostly_one else "error", "label-smoothing": "0" if mostly_one else "0.1"}
    values.update({name: automatic[name] for name in automatic if values[name] == "auto"})
    if data.loss != "softmax":
        values["label-smoothing"] = "0"
    left = max(1, int(values["epochs"]) - int(values.get("warmup", 0)))
    by_schedule = {"step": "100", "plateau": "10"}.get(values["schedule"], str(left))
    return {"momentum": "0.9", "beta1": "0.9", "beta2": "0.99" if values["optimizer"] == "rmsprop" else "0.999",
            "epsilon": "1e-8", "weight-decay": "0.01" if values["optimizer"] == "adamw" else "0", "clip-norm": "0",
            "warmup": "0", "schedule-epochs": by_schedule, "schedule-minimum": "0", "schedule-decay": "0.01",
            "schedule-factor": "0.99" if values["schedule"] == "exponential" else "0.1", "bins": "0",
            "dropout-schedule": "constant", "dropout-epochs": str(max(1, int(values["epochs"]))),
            "class-weights": "none", "seed": "0", "best-of-equals": "first", "preset": preset, **values}

def network_options(values, given, data, binned):
    """Return the options of a network by their names with _ for -, with numbers in f64 (section 9)."""
    values = dict(values)
    if binned:
        values["bins"] = given.get("bins", "16")
        if "dropout" not in given:
            values.update({"dropout": "0.15", "dropout-schedule": given.get("dropout-schedule", "flat-cosine")})
            if "schedule-epochs" in given and "dropout-epochs" not in given:
                values["dropout-epochs"] = str(int(given["schedule-epochs"]) + int(values["warmup"]))
    o = SimpleNamespace()
    for name, value in values.items():
        if name in ("batch-size", "schedule-epochs", "dropout-epochs", "warmup", "patience", "bins", "epochs", "shards"):
            value = int(value)
        elif name in ("momentum", "beta1", "beta2", "epsilon", "eta", "schedule-factor", "schedule-decay", "dropout",
                      "schedule-minimum", "bias-rate", "input-rate", "weight-decay", "clip-norm", "label-smoothing"):
            value = float(value)
        setattr(o, name.replace("-", "_"), value)
    o.loss, o.balanced, o.no_shuffle = data.loss, "balanced" in given, "no-shuffle" in given
    o.hidden = [] if o.hidden == "none" else [int(word) for word in o.hidden.split(",")]
    names = o.activation.split(",")
    o.activations, o.rate_by_inputs = names * len(o.hidden) if len(names) == 1 else names, o.rate_by_inputs == "yes"
    require(len(o.activations) == len(o.hidden), "--activation %s for %d layers", o.activation, len(o.hidden))
    return o

# ---- Section 10. The network and its initial weights ----------------------------------------------------------------
def initial_parameters(init, sizes, seed):
    """Return the initial parameters W, b of layer 0, W, b of layer 1, and so on, as f32 arrays (section 10)."""
    parameters = []
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        k, count, last = key(seed, WEIGHTS, layer), inputs * outputs, layer == len(sizes) - 2
        w, b = np.zeros(count), np.zeros(outputs)
        if init == "course":
            w = (0.01 if last else 0.1) * gaussians(k, 0, count)
        elif init == "he":
            w = math.sqrt(2.0 / inputs) * gaussians(k, 0, count)
        elif init == "glorot":
            w = math.sqrt(6.0 / (inputs + outputs)) * (2 * uniforms(k, 0, count) - 1)
        elif not last:                                                 # realmlp
            w, b = gaussians(k, 0, count) / math.sqrt(inputs), gaussians(k, count, outputs)
        parameters += [w.astype(F32).reshape(inputs, outputs), b.astype(F32)]
    return parameters

# ---- Section 11. An epoch and its mini-batches ----------------------------------------------------------------------
def epoch_order(o, seed, epoch, classes):
    """Return the order of the training rows in an epoch (section 11). classes are those of the rows."""
    if o.shards > 1:
        return order_in_shards(o, seed, epoch, len(classes))
    order = list(range(len(classes))) if o.no_shuffle else permutation(key(seed, ORDER, epoch), len(classes))
    if o.balanced:
        rows = [np.nonzero(classes == c)[0] for c in np.unique(classes)]
        k = len(rows)
        draws = [permutation(bits(key(seed, DRAWS, epoch), c), len(rows[c])) for c in range(k)]
        order = [int(rows[q % k][draws[q % k][q // k % len(rows[q % k])]]) for q in order]
    return np.array(order)

def mini_batches(o, rows):
    """Return the slices of the order that are the mini-batches of an epoch (section 11)."""
    size = rows if o.batch_size == -1 else min(o.batch_size, rows)
    slices = [slice(first, min(rows, first + size)) for first in range(0, rows, size)]
    if o.short_batch == "drop" and slices[-1].stop - slices[-1].start < size:
        slices.pop()
    return slices

def order_in_shards(o, seed, epoch, rows):
    """Return the order of the training rows in an epoch with shards, in each mini-batch shard by shard (section 23)."""
    places, size = np.zeros(rows, I64), rows if o.batch_size == -1 else min(o.batch_size, rows)
    require(o.shards & (o.shards - 1) == 0 and o.shards <= size // 64, "--shards %d with %d rows", o.shards, size)
    for s in range(o.shards):
        count = len(range(s, rows, o.shards))
        own = range(count) if o.no_shuffle else permutation(bits(key(seed, ORDER, epoch), s), count)
        places[s::o.shards] = np.array(own) * o.shards + s
    batches = [places[first:first + size] for first in range(0, rows, size)]
    return np.concatenate([batch[batch % o.shards == s] for batch in batches for s in range(o.shards)])

def shares(o, rows):
    """Return the slices of a mini-batch, given by its rows, that are those of the shards (section 23)."""
    ends = np.add.accumulate([np.count_nonzero(rows % o.shards == s) for s in range(o.shards)]).tolist()
    return [slice(first, end) for first, end in zip([0] + ends, ends)]

# ---- Section 12. Forward pass ---------------------------------------------------------------------------------------
def forward(o, parameters, x, masks=None):
    """Return the sums, the outputs before dropout and the inputs of each layer (section 12); masks are of dropout."""
    sums, outputs, inputs = [], [], [x]
    for layer in range(len(parameters) // 2):
        sums.append(chain(inputs[-1], parameters[2 * layer], parameters[2 * layer + 1]))
        if layer < len(parameters) // 2 - 1:
            outputs.append(ACTIVATIONS[o.activations[layer]][0](sums[-1]))
            inputs.append(dropped(outputs[-1], masks[layer]) if masks else outputs[-1])
    return sums, outputs, inputs

def dropout_masks(o, seed, epoch, step, share, rows):
    """Return (kept, scale) for each hidden layer of a step, or None without dropout (section 12)."""
    if o.dropout == 0:
        return None
    d, k, masks = o.dropout * share, bits(key(seed, DROPOUT, epoch), step), []
    threshold, scale = math.floor(d * 2.0 ** 32 + 0.5), F32(1 / (1 - d))
    for layer, width in enumerate(o.hidden):
        kept = kept_by_dropout(bits(k, layer), rows * width, threshold)
        masks.append((kept.reshape(rows, width), scale))
    return masks

def kept_by_dropout(k, count, threshold):
    """Return which elements of a layer dropout keeps (section 12)."""
    numbers = many_bits(k, 0, (count + 1) // 2)
    halves = np.stack([numbers >> U64(32), numbers & U64(0xffffffff)], axis=1).reshape(-1)
    return halves[:count] >= U64(threshold)

def dropped(y, mask):
    """Return y times the scale where dropout keeps it, and +0 elsewhere."""
    return np.where(mask[0], y * mask[1], F32(0))

# ---- Section 13. Elementary functions in float32 --------------------------------------------------------------------
ONE, TWO, HALF = F32(1), F32(2), F32(0.5)
EXP_LOG2E, EXP_ROUND, EXP_LN2_HI, EXP_LN2_LO = f32s("0x1.715476p0 12582912 -0x1.62e4p-1 -0x1.7f7d1cp-20")
E0, E1, E2, E3, E4 = f32s("0x1.fffffcp-2 0x1.555492p-3 0x1.5558f2p-5 0x1.1239e2p-7 0x1.6a2434p-10")
LOG_P = f32s("0x1.14631ap-4 -0x1.de4fa2p-4 0x1.e6f604p-4 -0x1.fc1f6ap-4 0x1.2336e2p-3 -0x1.555c5ap-3 "
             "0x1.99a4bcp-3 -0x1.000006p-2 0x1.555548p-2")
LOG_LN2_HI, LOG_LN2_LO = f32s("0x1.62e4p-1 0x1.7f7d1cp-20")
def horner(c, x):
    """Return a polynomial in f32 with one fused multiply-add a step, the highest coefficient first."""
    p = c[0]
    for coefficient in c[1:]:
        p = fma(p, x, coefficient)
    return p

def exp(x):
    """Return the exponential function in f32 (section 13)."""
    x = np.asarray(x, F32)
    y = np.where(x < F32(-104), F32(-104), np.where(x > F32(89), F32(89), x))
    n = fma(y, EXP_LOG2E, EXP_ROUND) - EXP_ROUND
    r = fma(n, EXP_LN2_HI, y)
    r = fma(n, EXP_LN2_LO, r)
    e = fma(horner([E4, E3, E2, E1, E0], r), r * r, r) + ONE
    whole = np.where(np.isnan(n), F32(0), n).astype(np.int32)
    h = whole >> 1
    return np.ldexp(np.ldexp(e, h), whole - h).astype(F32)

def log(x):
    """Return the natural logarithm in f32 (section 13)."""
    x = np.asarray(x, F32)
    small = x < f32("0x1p-126")
    scaled = np.where(small, x * f32("0x1p23"), x)
    pattern = scaled.view(np.int32)
    n = (pattern - np.int32(0x3F3504F3)) >> 23
    f = (pattern - (n << 23)).view(F32) - ONE
    n = (n - np.where(small, 23, 0)).astype(F32)
    s = f * f
    p = fma(horner(LOG_P, f) * f, s, n * LOG_LN2_LO)
    p = fma(-HALF, s, p)
    result = np.where(x == 0, F32(-np.inf), np.where(x == np.inf, x, fma(n, LOG_LN2_HI, f + p)))
    return np.where((x < 0) | np.isnan(x), F32(np.nan), result)

def log1pexp(x):
    """Return log(1 + exp(x)) in f32, for x at most 0 (section 13)."""
    e, u = exp(x), ONE + exp(x)
    return log(u) + (e - (u - ONE)) / u

def sigmoid(x):
    """Return 1 / (1 + exp(-x)) in f32 (section 13)."""
    return ONE / (ONE + exp(-x))

# ---- Section 14. Activations ----------------------------------------------------------------------------------------
NORMAL_P = f32s("-0x1.37ba6cp-6 0x1.7685f4p-4 -0x1.356c1p-3 0x1.3035eep-4 -0x1.48ede6p-9 0x1.c6cd8ep-5 "
                "0x1.710bccp-4 0x1.ca4426p-4 0x1.fefa76p-4 0x1.fea118p-4")
TANH_P = f32s("-0x1.750ce4p-8 0x1.51f8cep-6 -0x1.b835a4p-5 0x1.1106f6p-3 -0x1.555532p-2")
LEAK, SELU_SCALE, SELU_ALPHA = f32s("0.01 1.0507009873554805 1.7580993408473766")
def elu_part(x):
    """Return x above 0, and exp(x) - 1 below (section 14)."""
    near = fma(horner([E4, E3, E2, E1, E0], x), x * x, x)
    return np.where(x > 0, x, np.where(x < f32("-0x1.62e43p-2"), exp(x) - ONE, near))

def clamp(x, end):
    """Return x between -end and end (section 14)."""
    return np.where(x < F32(-end), F32(-end), np.where(x > F32(end), F32(end), x))

def bell(c):
    """Return exp(-c^2 / 2) in f32 (section 14)."""
    h, z = -HALF * c, -HALF * c * c
    return fma(exp(z), fma(h, c, -z), exp(z))

def normal(c, b):
    """Return the normal distribution function of c, with its bell b (section 14)."""
    t = ONE / fma(F32(0.3125), np.abs(c), ONE)
    tail = b * (horner(NORMAL_P, t) * t)
    return np.where(c < 0, tail, ONE - tail)

def cube_exp(c):
    """Return the exponential function of gelu-tanh (section 14)."""
    return exp(c * fma(f32("-0x1.2444f2p-4"), c * c, f32("-0x1.988454p0")))

def tanh(x):
    """Return the hyperbolic tangent in f32 (section 14)."""
    a, s = np.abs(x), x * x
    near = fma(horner(TANH_P, s) * s, x, x)
    y = ONE - TWO / (ONE + exp(TWO * a))
    return np.where(a < F32(0.625), near, np.where(x < 0, -y, y))

def mish(x):
    """Return the activation mish (section 14)."""
    n = exp(x) * (exp(x) + TWO)
    return np.where(x > F32(20), x, x * n / (n + TWO))

def mish_gradient(x, g):
    """Return the gradient of mish (section 14)."""
    e = exp(x)
    n = e * (e + TWO)
    r = ONE / (n + TWO)
    slope = F32(4) * x * r * (e * (e + ONE) * r)
    return np.where(x > F32(20), g, g * fma(n, r, slope))

def gelu_gradient(x, g):
    """Return the gradient of gelu (section 14)."""
    c = clamp(x, 14.5)
    return g * fma(c * f32("0x1.988454p-2"), bell(c), normal(c, bell(c)))

def gelu_tanh_gradient(x, g):
    """Return the gradient of gelu-tanh (section 14)."""
    c = clamp(x, 16)
    s = ONE / (ONE + cube_exp(c))
    slope = c * fma(f32("-0x1.b6676cp-3"), c * c, f32("-0x1.988454p0"))
    return g * fma(-slope, s * (ONE - s), s)

# For each activation, its output for the sums x, and the gradient with respect to x, from x, the output y and the
# gradient g with respect to y (section 14).
ACTIVATIONS = {
    "relu": (lambda x: np.where(x < 0, F32(0), x), lambda x, y, g: np.where(y > 0, g, F32(0))),
    "leaky-relu": (lambda x: np.where(x > 0, x, LEAK * x), lambda x, y, g: np.where(y > 0, g, LEAK * g)),
    "elu": (elu_part, lambda x, y, g: np.where(y > 0, g, fma(g, y, g))),
    "selu": (lambda x: np.where(x > 0, SELU_SCALE * x, SELU_ALPHA * elu_part(x)),
             lambda x, y, g: g * np.where(y > 0, SELU_SCALE, y + SELU_ALPHA)),
    "tanh": (tanh, lambda x, y, g: g * fma(-y, y, ONE)),
    "sigmoid": (sigmoid, lambda x, y, g: g * fma(-y, y, y)),
    "silu": (lambda x: x / (ONE + exp(-x)), lambda x, y, g: g * (fma(x, ONE - sigmoid(x), ONE) * sigmoid(x))),
    "mish": (mish, lambda x, y, g: mish_gradient(x, g)),
    "softplus": (lambda x: np.where(x > 0, x, F32(0)) + log1pexp(-np.abs(x)),
                 lambda x, y, g: g * (np.where(x < 0, exp(-np.abs(x)), ONE) / (ONE + exp(-np.abs(x))))),
    "gelu": (lambda x: x * normal(clamp(x, 14.5), bell(clamp(x, 14.5))), lambda x, y, g: gelu_gradient(x, g)),
    "gelu-tanh": (lambda x: x / (ONE + cube_exp(clamp(x, 16))), lambda x, y, g: gelu_tanh_gradient(x, g)),
    "identity": (lambda x: x, lambda x, y, g: g)}

# ---- Section 15. Losses and their gradients -------------------------------------------------------------------------
def losses(o, x, targets, smoothing=F32(0)):
    """Return the loss of each row, f32 (section 15). x is [n][K]; targets are [n] classes or f32 [n][K]."""
    if o.loss == "softmax":
        known = np.where(targets < 0, 0, targets)
        m = x.max(axis=1, keepdims=True)
        at = np.take_along_axis(x, known[:, None], axis=1)
        loss = log(sum16(exp(x - m))) - (at - m)[:, 0]
        if smoothing > 0:
            loss = fma(smoothing, at[:, 0] - sum16(x) / F32(x.shape[1]), loss)
        return loss
    return sum16(LOSSES[o.loss.split("-")[0]][0](o, x, targets, x - targets)) / F32(x.shape[1])

def loss_gradient(o, x, targets, weights):
    """Return the gradient of the losses of a mini-batch with respect to x, f32 [n][K] (section 15)."""
    n, k = x.shape
    if o.loss == "softmax":
        e = exp(x - x.max(axis=1, keepdims=True))
        hit = np.arange(k) == targets[:, None]
        g = (e / sum16(e)[:, None] - hit.astype(F32)) / F32(n)
        if o.label_smoothing > 0:
            a = F32(o.label_smoothing)
            g = np.where(hit, g + a / F32(n), g) - a / F32(k) / F32(n)
    else:
        g = LOSSES[o.loss.split("-")[0]][1](o, x, targets, x - targets) / F32(n * k)
    return g if weights is None else g * weights[:, None]

def pinball_slope(o, d):
    """Return the slope of the loss pinball-LEVEL at the differences d, f32 (section 15)."""
    q = F32(float(o.loss[8:]))
    return np.where(d > 0, ONE - q, -q)

# For each loss except softmax, part j and the gradient before the division by D, from x, the targets t and d = x - t.
LOSSES = {
    "sigmoid": (lambda o, x, t, d: fma(-x, t, np.where(x < 0, F32(0), x)) + log1pexp(-np.abs(x)),
                lambda o, x, t, d: sigmoid(x) - t),
    "mse": (lambda o, x, t, d: d * d, lambda o, x, t, d: TWO * d),
    "huber": (lambda o, x, t, d: np.where(np.abs(d) > 1, np.abs(d) - HALF, HALF * d * d),
              lambda o, x, t, d: np.where(d > 1, ONE, np.where(d < -1, -ONE, d))),
    "mae": (lambda o, x, t, d: np.abs(d), lambda o, x, t, d: np.where(d > 0, ONE, np.where(d < 0, -ONE, d))),
    "pinball": (lambda o, x, t, d: pinball_slope(o, d) * d,
                lambda o, x, t, d: np.where((d > 0) | (d < 0), pinball_slope(o, d), d))}
def balanced_weights(classes, count):
    """Return the f64 weights with which all classes of the training rows count alike (section 15)."""
    rows = np.bincount(classes, minlength=count)
    return len(classes) / (float(np.count_nonzero(rows)) * np.maximum(1, rows))

def weights_of_classes(o, rows, classes):
    """Return the given weights of classes, and these times those of balanced draws (sections 15 and 19); None for none."""
    balanced = balanced_weights(rows.t, classes) if o.loss == "softmax" else None
    given = {"none": None, "balanced": balanced}.get(o.class_weights, "a list")
    if isinstance(given, str):
        given = np.array([float(word) for word in o.class_weights.split(",")])
        require(len(given) == classes, "--class-weights of another number than %d classes", classes)
    return given, given if not o.balanced else balanced if given is None else balanced * given

def weigh_classes(o, rows, valid, classes):
    """Return training and validation rows whose weights are multiplied by those of classes (sections 15 and 19)."""
    given, both = weights_of_classes(o, rows, classes)
    return weighted(rows, given), weighted(valid, both if o.best != "none" else None)

def weighted(rows, weights):
    """Return rows with each weight multiplied by that of its class, in f32, if there are rows and such weights."""
    if rows is None or weights is None:
        return rows
    factor = np.where(rows.t < 0, F32(1), weights.astype(F32)[rows.t])
    return SimpleNamespace(**{**vars(rows), "w": factor if rows.w is None else factor * rows.w})

# ---- Section 16. Backward pass --------------------------------------------------------------------------------------
def backward(o, parameters, sums, outputs, inputs, g, masks):
    """Return the gradients of all parameters, in their order (section 16)."""
    gradients = [None] * len(parameters)
    for layer in range(len(parameters) // 2 - 1, -1, -1):
        gradients[2 * layer] = chain(inputs[layer].T, g, F32(0))
        db = np.zeros(g.shape[1], F32)
        for row in g:
            db += row
        gradients[2 * layer + 1] = db
        if layer > 0:
            g = chain(g, parameters[2 * layer].T, F32(0))
            g = ACTIVATIONS[o.activations[layer - 1]][1](sums[layer - 1], outputs[layer - 1], g)
            g = dropped(g, masks[layer - 1]) if masks else g
    return gradients

def sum_of_shards(o, parameters, sums, outputs, inputs, g, masks, shards):
    """Return the gradients of all parameters: those of the slices of each shard, added in pairs (section 23)."""
    parts = []
    for at in shards:
        own = ([array[at] for array in arrays] for arrays in (sums, outputs, inputs))
        parts.append(backward(o, parameters, *own, g[at], masks and [(kept[at], scale) for kept, scale in masks]))
    while len(parts) > 1:
        parts = [[a + b for a, b in zip(*pair)] for pair in zip(parts[::2], parts[1::2])]
    return parts[0]

# ---- Section 17. Updates --------------------------------------------------------------------------------------------
def clip(gradients, norm):
    """Return the gradients, multiplied so that their norm is at most about that of --clip-norm (section 17)."""
    flat = np.concatenate([g.reshape(-1) for g in gradients]).astype(F64)
    blocks = np.zeros((-(-len(flat) // 4096), 512, 8))
    blocks.reshape(-1)[:len(flat)] = flat * flat
    s = np.add.accumulate(blocks, axis=1)[:, -1].T
    total = sum_in_order(((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])))
    factor = norm / (math.sqrt(total) + 1e-6)
    return [g * F32(factor) for g in gradients] if factor < 1 else gradients

def rounded(x):
    """Return x in f32 without subnormal numbers, by two roundings (section 17)."""
    return (x + f32("0x1.8p-103")) - f32("0x1.8p-103")

def power(b, t):
    """Return b to the power of t in f64, by squaring (section 17)."""
    p, s = 1.0, b
    while t > 0:
        p, s, t = p * s if t % 2 else p, s * s, t // 2
    return p

class Optimizer:
    """The state of an optimizer for arrays of parameters, whose kinds are weights (w), biases (b) or factors (f)."""
    def __init__(self, o, parameters, kinds):
        self.o, self.kinds, self.t = o, kinds, 0
        self.m, self.v = ([np.zeros(p.shape, F32) for p in parameters] for _ in range(2))
    def update(self, parameters, gradients, rate):
        """Change the parameters by one step of the learning rate, in place."""
        o, self.t = self.o, self.t + 1
        gradients = clip(gradients, o.clip_norm) if o.clip_norm > 0 else gradients
        for i, (kind, w, g) in enumerate(zip(self.kinds, parameters, gradients)):
            u = o.bias_rate * rate if kind == "b" else o.input_rate * rate
            if kind == "w":
                u = (1 / math.sqrt(float(w.shape[0])) if o.rate_by_inputs else 1) * rate
                if o.weight_decay > 0 and o.optimizer == "adamw":
                    w[...] = fma(-F32(u * o.weight_decay), w, w)
                elif o.weight_decay > 0:
                    g = fma(F32(o.weight_decay), w, g)
            w[...] = self.step(i, w, g, u)
    def step(self, i, w, g, u):
        """Return the new values of array i, from its values w, gradients g and rate u."""
        o, eta = self.o, F32(u)
        b1, b2, eps, mu, c2 = F32(o.beta1), F32(o.beta2), F32(o.epsilon), F32(o.momentum), F32(1 - o.beta2)
        if o.optimizer == "sgd":
            return fma(-eta, g, w)
        if o.optimizer in ("momentum", "nesterov"):
            self.v[i] = v = rounded(fma(mu, self.v[i], g))
            return fma(-eta, v if o.optimizer == "momentum" else fma(mu, v, g), w)
        self.v[i] = v = rounded(fma(c2 * g, g, b2 * self.v[i]))
        if o.optimizer == "rmsprop":
            return fma(-eta, g / (np.sqrt(v) + eps), w)
        self.m[i] = m = rounded(fma(F32(1 - o.beta1), g, b1 * self.m[i]))
        size = F32(u / (1 - power(o.beta1, self.t)))
        correction = F32(1 / math.sqrt(1 - power(o.beta2, self.t)))
        return fma(-size, m / fma(correction, np.sqrt(v), eps), w)

# ---- Section 18. Learning rates -------------------------------------------------------------------------------------
def learning_rate(o, epoch, step, steps, plateau):
    """Return the f64 learning rate of a step of an epoch (section 18). plateau is the state of that schedule."""
    time = epoch + (step + 0.5) / steps if o.schedule == "cosine-log" else epoch
    if math.floor(time) < o.warmup:
        return o.eta * (math.floor(time) + 1) / (o.warmup + 1.0)
    t, n, least = time - o.warmup, o.schedule_epochs, o.schedule_minimum
    return {"constant": lambda: o.eta, "plateau": lambda: plateau.rate,
            "step": lambda: o.eta * pow64(o.schedule_factor, t // n),
            "exponential": lambda: o.eta * pow64(o.schedule_factor, t),
            "inverse": lambda: o.eta / (1 + o.schedule_decay * t),
            "cosine": lambda: least + (o.eta - least) * (1 + cos64(PI * t / n)) / 2,
            "cosine-log": lambda: o.eta * (1 - cos64(2 * PI * (log64(1 + 15 * t / n) / log64(2.0)))) / 2}[o.schedule]()

def plateau_after(o, plateau, epoch, loss):
    """Change the state of the schedule plateau after an epoch with its validation loss (section 18)."""
    if epoch < o.warmup:
        return
    better = loss < plateau.best * (1 - 1e-4)
    plateau.best, plateau.waited = (loss, 0) if better else (plateau.best, plateau.waited + 1)
    if plateau.waited > o.schedule_epochs:
        following, plateau.waited = max(o.schedule_minimum, o.schedule_factor * plateau.rate), 0
        plateau.rate = following if plateau.rate - following > 1e-8 else plateau.rate

def dropout_share(o, epoch, step, steps):
    """Return the share of dropout in a step (section 18)."""
    if o.dropout_schedule == "constant":
        return 1.0
    t = float(epoch * steps + step) / float(o.dropout_epochs * steps)
    return 1.0 if t < 0.5 else (1 + cos64(PI * (2 * t - 1))) / 2 if t < 1 else 0.0

# ---- Section 19. After an epoch -------------------------------------------------------------------------------------
def measure(o, x, rows, each=None):
    """Return the sums of rows whose last layer has the outputs x (section 19). each has losses, if they are others."""
    each, scaling = losses(o, x, rows.t) if each is None else each, rows.target_scaling
    if is_regression(o.loss):
        x = x.astype(F64) if scaling is None else x.astype(F64) * scaling[1] + scaling[0]
    return sums_of(o, x, rows, each.astype(F64))

def sums_of(o, y, rows, each):
    """Return the sums of rows with the f64 losses each, by results y: numbers in the units of the data, or scores."""
    w = np.ones(len(y)) if rows.w is None else rows.w.astype(F64)
    sums = SimpleNamespace(outputs=1, weights=sum_in_order(w), outside=0.0, right=0.0, errors=[])
    known = rows.t >= 0 if o.loss == "softmax" else np.ones(len(y), bool)
    sums.loss, sums.outside = sum_in_order((w * each)[known]), sum_in_order(w[~known])
    if o.loss == "softmax":
        sums.right = sum_in_order(np.where(y.argmax(axis=1) == rows.t, w, 0.0))
    elif o.loss == "sigmoid":
        sums.outputs = y.shape[1]
        sums.right = sum_in_order((w[:, None] * ((y > 0) == (rows.t > HALF))).reshape(-1))
    else:
        sums.errors = [error_sums(y[:, k].tolist(), rows.raw[:, k].tolist(), w.tolist()) for k in range(y.shape[1])]
    return sums

def error_sums(predictions, targets, row_weights):
    """Return the sums of R2 of one output (section 19). All numbers are Python's floats, which are f64."""
    weights = squares = magnitudes = mean = spread = widest = origin = 0.0
    for y, t, w in zip(predictions, targets, row_weights):
        if weights == 0:
            origin, mean = t, 0.0
        d, deviation = y - t, t - origin
        squares, magnitudes, weights = squares + w * (d * d), magnitudes + w * abs(d), weights + w
        before = deviation - mean
        if w > 0:
            mean += before * (w / weights)
            spread += w * before * (deviation - mean)
            widest = max(widest, abs(deviation))
    return weights, squares, magnitudes, mean, spread, widest, origin

def added(sums, other):
    """Return the sums of rows followed by other rows (section 21); sums may be None."""
    if sums is None:
        return other
    names = ("loss", "weights", "outside", "right")
    errors = [added_errors(*pair) for pair in zip(sums.errors, other.errors)]
    both = {name: getattr(sums, name) + getattr(other, name) for name in names}
    return SimpleNamespace(outputs=sums.outputs, errors=errors, **both)

def added_errors(sums, other):
    """Return the sums of R2 of rows followed by other rows (section 21)."""
    weights, squares, magnitudes, mean, spread, widest, origin = sums
    if weights == 0:
        mean, origin = 0.0, other[6]
    whole, apart = weights + other[0], other[6] - origin + other[3] - mean
    if other[0] > 0:
        spread += other[4] + apart * apart * weights * (other[0] / whole)
        mean += apart * (other[0] / whole)
        widest = max(widest, abs(other[6] - origin) + other[5])
    return whole, squares + other[1], magnitudes + other[2], mean, spread, widest, origin

def loss_and_score(sums):
    """Return the mean loss, and the accuracy or R2, of sums (section 19)."""
    weights = sums.weights - sums.outside
    loss, scores = sums.loss / weights if weights else math.nan, []
    for all_weights, squares, magnitudes, _, spread, widest, _ in sums.errors:
        constant = 1.0 if magnitudes == 0 else 0.0
        tiny = spread < 2.0 ** -970 * all_weights
        scores.append(constant if widest == 0 else math.nan if tiny else 1 - squares / spread)
    if sums.errors:
        return loss, sum_in_order(scores) / len(scores)
    return loss, sums.right / (sums.weights * sums.outputs) if sums.weights else math.nan

def train(o, data, seed, epochs):
    """Train one network by sections 10 to 19. data has training and validation rows, and the number of outputs.

    Yields (epochs done, parameters, figures) before the first epoch and after each, and at the end ("end", parameters
    of the result, (best epoch or None, epochs done)). figures are those of FIGURES.
    """
    sizes = [data.train.x.shape[1]] + o.hidden + [data.outputs]
    network, factors, has_factors = initial_parameters(o.init, sizes, seed), np.ones(sizes[0], F32), o.input_rate > 0
    trained = [network[0].copy()] + network[1:] + [factors] if has_factors else network
    optimizer = Optimizer(o, trained, ["w", "b"] * (len(sizes) - 1) + ["f"] * has_factors)
    rows, valid = weigh_classes(o, data.train, data.valid, data.outputs)
    slices, plateau = mini_batches(o, len(rows.x)), SimpleNamespace(rate=o.eta, best=math.inf, waited=0)
    least, improved, kept, best, loss, score, done = math.inf, -1, None, None, math.nan, math.nan, 0
    yield 0, network, None
    for epoch in range(epochs):
        order, done, means = epoch_order(o, seed, epoch, rows.t), epoch + 1, None
        for step, at in enumerate(slices):
            x, t, w = rows.x[order[at]], rows.t[order[at]], None if rows.w is None else rows.w[order[at]]
            share = dropout_share(o, epoch, step, len(slices))
            masks = dropout_masks(o, seed, epoch, step, share, len(x))
            sums, outputs, inputs = forward(o, network, x, masks)
            each = losses(o, sums[-1], t, F32(o.label_smoothing)) * (ONE if w is None else w)      # section 22
            shards, last = shares(o, order[at]), None
            for of in shards:                                                                      # section 23
                part = SimpleNamespace(t=t[of], raw=t[of], w=None, target_scaling=None)
                last = added(last, measure(o, sums[-1][of], part, each[of]))
            means = added(means, last)
            g = loss_gradient(o, sums[-1], t, w)
            gradients = sum_of_shards(o, network, sums, outputs, inputs, g, masks, shards)
            if has_factors:                                            # section 16, input factors
                gradients.append(sum16(trained[0] * gradients[0]))
                gradients[0] = factors[:, None] * gradients[0]
            optimizer.update(trained, gradients, learning_rate(o, epoch, step, len(slices), plateau))
            if has_factors:
                network[0] = factors[:, None] * trained[0]
        figures = [*loss_and_score(last), *loss_and_score(means)]
        rate = learning_rate(o, epoch, 0, 1, plateau)
        if valid is not None:
            loss, score = loss_and_score(measure(o, forward(o, network, valid.x)[0][-1], valid))
            plateau_after(o, plateau, epoch, loss)
        yield done, network, figures + [loss, score, rate]
        if valid is not None and o.best != "none":
            value = loss if o.best == "loss" or o.loss[:3] in ("mse", "pin") else -score
            improved = epoch if value < least else improved
            if value < least or (o.best_of_equals == "last" and value == least):
                least, kept, best = value, [p.copy() for p in network], epoch
            if o.patience > 0 and epoch - improved >= o.patience:
                break
    yield "end", kept or network, (best, done)

# ---- Section 20. Several networks -----------------------------------------------------------------------------------
def network_rows(data, folds, j, edges):
    """Return the training and validation rows of network j, with bins if there are edges (sections 7.3 and 8.5)."""
    train, valid = data.train, data.valid
    if folds is not None:
        train, valid = (select(data.train, np.nonzero(at)[0]) for at in (folds != j % 5, folds == j % 5))
    train, valid = (rows and SimpleNamespace(**{**vars(rows), "x": with_bins(rows.x, edges)})
                    for rows in (train, valid))
    return SimpleNamespace(train=train, valid=valid, outputs=data.outputs)

def networks_of(given, files):
    """Return the data, all options, and the options, rows, seed and edges of bins of each network (section 20)."""
    is_array = files["data"][0].endswith((".npz", ".npy", "-ubyte", "-ubyte.gz"))
    data, seed, folds = (read_arrays if is_array else read_table)(given, files), int(given.get("seed", 0)) & MASK, None
    scale(given, data)
    require("members" in given or preset_of(given, data.kind) != "table" or data.valid is not None
            or len(data.train.t) >= 300, "preset table with fewer than 300 training rows, without --members")
    if data.valid is None and has_folds(given, data.kind):
        folds = fold_of_rows(seed, data.train.t if data.loss == "softmax" else np.zeros(len(data.train.t), I64))
    data.has_folds, first = folds is not None, network_rows(data, folds, 0, [])
    values, networks = settle_options(given, data, first.train, first.valid), []
    for group, (weight, options) in enumerate(groups_of(given)):
        all_given = {**given, **options}
        used = settle_options(all_given, data, first.train, first.valid)
        members, binned = int(used["members"]), int(used["binned-members"])
        require(binned <= members, "--binned-members %d of %d", binned, members)
        for j in range(members):
            o = network_options(used, all_given, data, j >= members - binned)
            edges = bin_edges(data.train.x, o.bins) if o.bins > 0 else []
            own = seed if j == 0 else bits(key(seed, NETWORKS, j), 0)
            networks.append(SimpleNamespace(o=o, rows=network_rows(data, folds, j, edges), seed=own, edges=edges,
                                            weight=weight, group=group, fold=j % 5))
    return data, values, networks

def groups_of(given):
    """Return the weight and the options of each group of networks (section 9)."""
    if given.get("configurations", "none") == "none":
        return [(1, {})]
    groups = []
    for text in given["configurations"].split(";"):
        weight, *words = text.split()
        options = dict(word.split("=", 1) for word in words)
        for name, value in options.items():
            require(name in OF_GROUPS and re.fullmatch(OPTIONS[name], value), "--configurations with %s %s", name, value)
        require(len(options) == len(words), "--configurations %s", text)
        groups.append((int(weight), options))
    return groups

def mean_results(networks, results, rows):
    """Return the means over the networks of their results for rows, f64 (section 20); results are of networks."""
    weights = [network.weight for network in networks]
    sums = np.zeros((len(rows.x), results[0][-1].shape[0]))
    for network, parameters, weight in zip(networks, results, weights):
        x = forward(network.o, parameters, with_bins(rows.x, network.edges))[0][-1]
        if network.o.loss == "softmax":
            e = exp(x - x.max(axis=1, keepdims=True))
            x = e / sum16(e)[:, None]
        elif network.o.loss == "sigmoid":
            x = sigmoid(x)
        elif rows.target_scaling is not None:
            x = x.astype(F64) * rows.target_scaling[1] + rows.target_scaling[0]
        sums += weight * x.astype(F64)
    return sums / sum(weights)

def weighting_of(networks):
    """Return the label smoothing and the weights of classes that the model's probabilities undo (section 20), or None."""
    all_weights = [weights_of_classes(n.o, n.rows.train, n.rows.outputs)[1] for n in networks]
    if any(w is None or (w == 0).any() for w in all_weights):
        return None
    all_smoothing = [F64(n.o.label_smoothing) for n in networks]
    smoothing, weights = all_smoothing[0], all_weights[0]
    if any((w != weights).any() or e != smoothing for w, e in zip(all_weights, all_smoothing)):
        return mean_weighting(list(zip(all_smoothing, all_weights)), [n.weight for n in networks])
    return smoothing, weights

def mean_weighting(weightings, shares):
    """Return the means of label smoothing and of weights of classes, by shares (section 20)."""
    parts = ([n * w[i] / sum(shares) for n, w in zip(shares, weightings)] for i in (0, 1))
    return tuple(np.add.accumulate(part, axis=0)[-1] for part in parts)

def undone(weighting, q):
    """Return probabilities without the weights of classes, f64 (section 20)."""
    smoothing, weights = weighting
    sure = np.maximum(0, q - smoothing / q.shape[1])
    shares, plain = (p / np.add.accumulate(p, axis=1)[:, -1:] for p in (sure / weights, sure))
    return shares if smoothing == 0 else q + (1 - smoothing) * (shares - plain)

def held_out(networks, results, has_folds):
    """Return the different validation rows, each with the mean predictions and weights of classes of the groups."""
    parts = {}
    for network, parameters in zip(networks, results):
        alone = SimpleNamespace(**{**vars(network), "edges": [], "weight": 1})     # its rows have the inputs of bins
        q = mean_results([alone], [parameters], network.rows.valid)
        part = network.rows.valid, [[] for _ in range(networks[-1].group + 1)]
        parts.setdefault(network.fold * has_folds, part)[1][network.group].append((alone, q))
    return [(rows, [np.add.accumulate([q / len(group) for _, q in group])[-1] for group in groups],
             [weighting_of([alone for alone, _ in group]) for group in groups]) for rows, groups in parts.values()]

def undone_by_groups(weightings, weights, q):
    """Return means of groups with these weights, without the weights of classes of the groups (section 20)."""
    return q if None in weightings else undone(mean_weighting(weightings, weights), q)

def selected_weights(o, held, share=100):
    """Return the number of selections of each group (section 20); there is a further one for so many rows."""
    def loss(chosen):
        sums, counts = None, [chosen.count(g) for g in groups]
        for rows, each, weightings in held:
            mean = np.add.accumulate([each[g] for g in chosen])[-1] / len(chosen)
            sums = added(sums, measure_means(o, undone_by_groups(weightings, counts, mean), rows))
        return loss_and_score(sums)[0]
    groups = chosen = best = list(range(len(held[0][1])))
    least = loss(chosen)
    for _ in range(min(20, sum(len(rows.t) for rows, _, _ in held) // share)):
        each = [loss(chosen + [g]) for g in groups]
        chosen = chosen + [each.index(min(each))]
        least, best = (min(each), chosen) if min(each) < least else (least, best)
    return [best.count(g) for g in groups]

def temperature_of(held, weights):
    """Return the temperature of groups with these weights, or None for none (section 20)."""
    means = [np.add.accumulate([n * q for n, q in zip(weights, each)])[-1] / sum(weights) for _, each, _ in held]
    p = np.concatenate([undone_by_groups(part[2], weights, mean) for part, mean in zip(held, means)])
    t = np.concatenate([rows.t for rows, _, _ in held])
    w = np.concatenate([np.ones(len(rows.t)) if rows.w is None else rows.w.astype(F64) for rows, _, _ in held])
    known, w, fold = t >= 0, w * (w.sum() / (w * w).sum()), np.arange(len(t)) % 10
    if known.sum() < 20:
        return None
    if known.sum() < 100:                              # each tenth by the temperature of the others
        q = p.copy()
        for f in range(10):
            found = fitted_temperature(p, t, w, known & (fold != f))
            q[fold == f] = calibrated(found, p[fold == f])
        own = [np.maximum(np.take_along_axis(each[known], t[known, None], axis=1)[:, 0], 2.0 ** -149) for each in (p, q)]
        if not (w[known] * (np.log(own[0]) - np.log(own[1]))).sum() < 0:
            return None
    found = fitted_temperature(p, t, w, known)
    return None if found == 1 else found

def fitted_temperature(p, t, w, counts):
    """Return the temperature of the rows that count, rounded (section 20)."""
    logs, t, w, u = np.log(np.maximum(p[counts], 2.0 ** -149)), t[counts, None], w[counts], 0.0
    own = np.take_along_axis(logs, t, axis=1)[:, 0]
    def terms(s):
        return np.exp(s * (logs - logs.max(axis=1, keepdims=True)))
    def loss(u):
        s = math.exp(-u)
        return 2 * u * u + (w * (np.log(terms(s).sum(axis=1)) + s * (logs.max(axis=1) - own))).sum()
    for _ in range(50):
        s = math.exp(-u)
        q = terms(s) / terms(s).sum(axis=1, keepdims=True)
        mean = (q * logs).sum(axis=1)
        first = 4 * u - (w * s * (mean - own)).sum()
        second = 4 + (w * s * (mean - own + s * (q * (logs - mean[:, None]) ** 2).sum(axis=1))).sum()
        step = first / (second if second > 0 else 4 - second)
        while 1e-4 < abs(step) and loss(u - step) > loss(u):
            step /= 2
        u -= step
    return max(1, round(math.exp(u) * 1000)) / 1000

def calibrated(temperature, p):
    """Return probabilities with a temperature, f64 (section 20)."""
    z = np.reshape([log64(v) / temperature for v in np.maximum(p, 2.0 ** -149).reshape(-1).tolist()], p.shape)
    e = np.reshape([exp64(v) for v in (z - z.max(axis=1, keepdims=True)).reshape(-1).tolist()], p.shape)
    return e / np.add.accumulate(e, axis=1)[:, -1:]

def measure_model(weighting, temperature, networks, results, rows):
    """Return the sums of rows by a model that undoes weights of classes, or has a temperature (section 22)."""
    o, q = networks[0].o, mean_results(networks, results, rows)
    x = forward(o, results[0], with_bins(rows.x, networks[0].edges))[0][-1] if len(networks) == 1 else q
    p = q if weighting is None else undone(weighting, q)
    return measure_means(o, p if temperature is None else calibrated(temperature, p), rows, x)

def measure_means(o, y, rows, decisive=None):
    """Return the sums of rows with the results y (section 22), whose largest ones, or decisive ones, decide the class."""
    if not is_regression(o.loss):
        def logs_of(p):
            return np.reshape([-log64(v) for v in np.maximum(p, 2.0 ** -149).reshape(-1).tolist()], p.shape)
        if o.loss == "softmax":
            own = np.take_along_axis(y, np.maximum(rows.t, 0)[:, None], axis=1)[:, 0]
            return sums_of(o, y if decisive is None else decisive, rows, logs_of(own))
        logs, others = logs_of(y), logs_of(1 - y)
        t = rows.t.astype(F64)
        return sums_of(o, y - 0.5, rows, np.add.accumulate(t * logs + (1 - t) * others, axis=1)[:, -1] / y.shape[1])
    mean, deviation = (0.0, 1.0) if rows.target_scaling is None else rows.target_scaling
    e = ((y - mean) / deviation).astype(F32).astype(F64) - rows.t.astype(F64)
    d, name, level = np.abs(e), o.loss.split("-")[0], float(o.loss[8:] or 0)
    part = {"mse": d * d, "huber": np.where(d > 1, d - 0.5, 0.5 * d * d), "mae": d,
            "pinball": np.where(e > 0, (1 - level) * e, -level * e)}[name]
    return sums_of(o, y, rows, np.add.accumulate(part, axis=1)[:, -1] / y.shape[1])

# ---- Section 21. Digests --------------------------------------------------------------------------------------------
def digest(parameters):
    """Return the SHA-256 of the parameters of a network, in hexadecimal (section 21)."""
    return hashlib.sha256(b"".join(p.astype("<f4").tobytes() for p in parameters)).hexdigest()

def digest_of_networks(digests):
    """Return the digest of several networks from theirs (section 21)."""
    return hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()

# ---- Section 22. The record of a run --------------------------------------------------------------------------------
# What the program does not compare. A name stands for members of the record, also of its networks.
FREE = "cache out force resume trust checkpoint-every verbose time".split()       # options
MACHINE = "jar_sha256 machine kernels threads started ended seconds_of_epochs seconds_of_digests".split()
NOT_COMPARED = ["loss", "metrics.validation", "metrics.imbalance", "schema_sha256", "norms", *MACHINE]
BESIDES = ["which epochs weights.after_epochs has", "options that were given as they are by default",
           "options that have no effect on this run", "nn_model.npz but its weights and temperature",
           "log.jsonl but the figures of epochs", "report", "pictures", "checkpoints"]
AT_THE_END = "outcome epochs steps best_epoch train_rows metrics weights.final".split() + ["later epochs"]

OF_NETWORK = "outcome train_rows epochs steps best_epoch weights norms"
OF_RUN = "format outcome epochs loss metrics given options data schema_sha256 weights files sha256 "
FILES = "nn_model.npz nn_stats.npz log.jsonl"
FIGURES = "train_ce train_acc train_ce_mean train_acc_mean valid_ce valid_acc eta".split()
DIGEST = re.compile("[0-9a-f]{64}")

class Report:
    """Prints comparisons, and remembers whether all agreed. A quiet comparison is only printed if it differs."""
    def __init__(self):
        self.agreed, self.compared, self.left_out = True, 0, list(NOT_COMPARED)
    def compare(self, what, found, recorded, quiet=True):
        """Compare a value with the recorded one, as JSON: 1 is 1.0, but neither true nor "1", and NaN is NaN."""
        same = canonical(found) == canonical(recorded)
        self.agreed, self.compared = self.agreed and same, self.compared + (not quiet)
        if not (same and quiet):
            found, recorded = (text[:200] + "..." * (len(text) > 200) for text in (str(found), str(recorded)))
            print(what, found, "agrees" if same else "DIFFERS, recorded " + recorded, flush=True)

    def end(self, limit):
        """Print the result, and what was not compared; limit is the number of epochs if it was not the whole run."""
        if not self.agreed:
            print("the runs differ")
            return
        print("%d digests agree%s" % (self.compared, "" if limit is None else ", in the first %d epochs only" % limit))
        options = [name + "." + option for name in ("given", "options") for option in FREE]
        later = AT_THE_END if limit is not None else []
        print("Not compared: " + ", ".join(later + self.left_out + options + BESIDES))

def canonical(value):
    """Return the text of a value in JSON that all equal values have."""
    return json.dumps(json.loads(json.dumps(value), parse_int=float), sort_keys=True)

def sha256(content):
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()

def file_bytes(*path):
    """Return the content of a file."""
    with open(os.path.join(*path), "rb") as file:
        return file.read()

def parse(content):
    """Return a value of JSON; refuse names that an object has twice, and numbers that are not finite."""
    def members(pairs):
        require(len(dict(pairs)) == len(pairs), "a name twice in an object of JSON: %s", [name for name, _ in pairs])
        return dict(pairs)
    def number(text):
        require(math.isfinite(float(text)), "the number %s in JSON", text)
        return int(float(text)) if float(text).is_integer() else float(text)
    return json.loads(content.decode("utf-8"), object_pairs_hook=members, parse_float=number, parse_int=number,
                      parse_constant=number)

def require_members(what, value, names, more=""):
    """Refuse a value that is no object with members of all these names, and perhaps others."""
    names, more = set(names.split()), set(more.split())
    require(type(value) is dict, "%s is %s, expected an object", what, value)
    require(names <= set(value) <= names | more, "%s has members %s, expected %s", what, sorted(value), sorted(names))

def require_digests(what, values):
    """Refuse values that are no texts of a SHA-256."""
    for value in values:
        require(type(value) is str and DIGEST.fullmatch(value), "%s is %s, expected a SHA-256", what, value)

def read_record(folder):
    """Return the record of a run, and its parts about each network, if it has the shape that section 22 describes."""
    content, last = file_bytes(folder, "run.json"), b'  "sha256": "'
    at, record = content.rfind(last), parse(content)
    seal = last + sha256(content[:max(at, 0)]).encode() + b'"\n}\n'
    require(content[max(at, 0):] == seal, "run.json was changed since it was written: its sha256 is another")
    require(type(record) is dict, "run.json is no object")
    require(canonical(record.get("format")) == canonical(3), "format %s, expected 3", record.get("format"))
    several = "members" in record
    require_members("run.json", record, OF_RUN + ("members" if several else OF_NETWORK), " ".join(MACHINE))
    for name in ("given", "options"):
        texts = type(record[name]) is dict and all(type(value) is str for value in record[name].values())
        require(texts, "%s has values that are no texts", name)
    require_members("files", record["files"], FILES)
    require_members("metrics", record["metrics"], "train valid test", "validation imbalance")
    networks = record["members"] if several else [record]
    require(type(networks) is list and networks, "members are %s", networks)
    require_members("weights", record["weights"], "final" if several else "initial after_epochs final")
    for entry in networks:
        if several:
            require_members("a network", entry, OF_NETWORK)
        require_network(entry)
    return record, networks

def require_network(entry):
    """Refuse the part of a record about a network unless it has the values that section 22 describes."""
    epochs, weights = entry["epochs"], entry["weights"]
    require(entry["outcome"] in ("completed", "stopped_early"), "a run that ended as %s", entry["outcome"])
    require(type(epochs) is int and epochs >= 0, "epochs %s", epochs)
    require_members("weights", weights, "initial after_epochs final")
    after = weights["after_epochs"]
    require_members("weights.after_epochs", after, "1" * (epochs > 0), " ".join(after))
    for done in after:
        require(re.fullmatch("[1-9][0-9]*", done) and int(done) <= epochs, "weights after %s of %d epochs",
                done, epochs)
    require_digests("a digest of weights", [weights["initial"], weights["final"], *after.values()])

def read_files(record, replaced):
    """Return the name of the file that each option names, and the contents of its files, after a check of digests."""
    files, named = {}, {n: v for n, v in record["options"].items() if n in READ}
    require(type(record["data"]) is list, "data is no list")
    for entry in record["data"]:
        require_members("an entry of data", entry, "option file size sha256", "files")
        option, path, lines, size = entry["option"], entry["file"], "", 0
        require(option not in files and named.get(option) == path,
                "data has %s of --%s, which names %s", path, option, named.get(option))
        path = replaced if replaced and option == "data" else path
        name, contents = os.path.basename(entry["file"]), {}
        parts = entry.get("files", [{"file": name, "size": entry["size"], "sha256": entry["sha256"]}])
        for part in parts:
            require_members("a file of data", part, "file size sha256")
            own, place = part["file"], path
            if "files" in entry:
                require(own == os.path.basename(own) and own not in contents, "file %s of %s", own, path)
                place = os.path.join(os.path.dirname(path), own)
            contents[own] = content = file_bytes(place)
            found = [len(content), sha256(content)]
            require(canonical(found) == canonical([part["size"], part["sha256"]]),
                    "%s has the size and SHA-256 %s, the run had %s", place, found, [part["size"], part["sha256"]])
            lines, size = lines + "%s  %s\n" % (found[1], own), size + found[0]
        found, recorded = [size, sha256(lines.encode())], [entry["size"], entry["sha256"]]
        same = "files" not in entry or canonical(found) == canonical(recorded)
        require(same, "%s has files of size and SHA-256 %s, the record says %s", path, found, recorded)
        files[option] = name, contents
    require(set(files) == set(named), "data of --%s, the options name --%s", sorted(files), sorted(named))
    return files

def read_model(content, several):
    """Return the parameters of each network of a model file, their weights and the temperature (sections 10 and 22)."""
    arrays, networks = arrays_of(content), []
    kind = arrays.get("calibration")                   # only a temperature has an array of the name of its kind
    names = {name for name in arrays if re.fullmatch(r"(member\d+/)?[Wb]\d+", name)}
    for prefix in ["member%d/" % (j + 1) for j in range(len(names))] if several else [""]:
        own = [prefix + kind + str(layer + 1) for layer in range(len(names)) for kind in "Wb"]
        own = own[:sum(name in names for name in own)]
        networks += [[arrays[name] for name in own]] if own else []
        names -= set(own)
    require(not names and all(p.dtype == F32 for network in networks for p in network),
            "nn_model.npz has weights %s, expected those of its networks, of float32", sorted(names))
    weights = list(map(int, arrays.get("member_weights", [1] * len(networks))))
    return networks, weights, kind and arrays["calibration_%s" % kind].item()

def read_figures(contents, report, count):
    """Return the figures of each epoch of each network by nn_stats.npz; compare them with those of log.jsonl."""
    arrays, tables, log = arrays_of(contents["nn_stats.npz"]), [], [[] for _ in range(count)]
    prefixes = [""] + ["member%d/" % (j + 1) for j in range(count)] * (count > 1)
    names = [name.replace("eta", "learning_rate") for name in FIGURES]
    require(set(arrays) == {prefix + name for prefix in prefixes for name in names}, "other arrays in nn_stats.npz")
    for prefix in prefixes:
        columns = [arrays[prefix + name] for name in names]
        epochs = list(range(len(columns[0])))
        require(all(c.shape == (len(epochs), 2) and c[:, 0].tolist() == epochs for c in columns),
                "nn_stats.npz has other epochs than 0, 1, 2, ...")
        tables.append(np.stack([c[:, 1] for c in columns], axis=1).tolist())
    networks = tables[1:] or tables
    means = [[sum_in_order([row[i] for row in rows]) / len(rows) for i in range(len(FIGURES))]
             for rows in ([own[e] for own in networks if len(own) > e] for e in range(max(map(len, networks))))]
    report.compare("means of nn_stats.npz", means, tables[0])
    for event in map(parse, contents["log.jsonl"].splitlines()):
        if event["event"] == "epoch":
            member = event["member"] if count > 1 else 1
            require(type(member) is int and 1 <= member <= count, "member %s in log.jsonl", member)
            log[member - 1].append([event["epoch"]] + [event[name] for name in FIGURES])
    expected = [[[e] + [v if math.isfinite(v) else None for v in row] for e, row in enumerate(own)] for own in networks]
    report.compare("figures of nn_stats.npz and log.jsonl", expected, log)
    return networks

def metrics_of(sums):
    """Return the metrics of a split (section 22); sums are None without rows."""
    if sums is None:
        return None
    loss, score = loss_and_score(sums)
    found = {"ce": loss, "acc": score, "accuracy": score}
    if sums.errors:
        mse, mae = (sum_in_order([e[i] / e[0] for e in sums.errors]) / len(sums.errors) for i in (1, 2))
        found = {"ce": loss, "acc": score, "r2": score, "rmse": math.sqrt(mse), "mse": mse, "mae": mae}
    return {name: value if math.isfinite(value) else None for name, value in found.items()}

def metrics_out_of_fold(o, networks, figures, best):
    """Return the metrics of folds at the mean best epochs of networks with other folds (section 22)."""
    if o.balanced or o.class_weights != "none":
        return None
    loss, score, weights = 0.0, 0.0, 0.0
    for j, (network, own) in enumerate(zip(networks, figures)):
        others = [b for other, b in zip(networks, best)
                  if other.group == network.group and other.fold != network.fold and b is not None]
        epoch = math.floor(sum(others) / len(others) + 0.5) if others else len(own) - 1
        at, rows = own[min(epoch, len(own) - 1)], network.rows.valid
        weight = float(len(rows.x)) if rows.w is None else sum_in_order([float(w) for w in rows.w])
        loss, score, weights = loss + weight * at[4], score + weight * at[5], weights + weight
    loss, score = loss / weights, score / weights
    name = "accuracy" if o.loss in ("softmax", "sigmoid") else "r2"
    return {n: v if math.isfinite(v) else None for n, v in {"ce": loss, "acc": score, name: score}.items()}

def compare_metrics(report, data, networks, results, temperature, recorded, figures, best, searched):
    """Compare the metrics of all splits with those of results, the parameters of each network (section 22)."""
    o, weighting = networks[0].o, weighting_of(networks)
    def measured(rows):
        """Return the sums of rows by the model."""
        if rows is None or len(networks) > 1 or weighting is not None or temperature is not None:
            return rows and measure_model(weighting, temperature, networks, results, rows)
        return measure(o, forward(o, results[0], with_bins(rows.x, networks[0].edges))[0][-1], rows)
    out_of_fold = data.has_folds and any(b is not None for b in best)
    valid = None
    for network, parameters in zip(networks if data.has_folds else (), results):
        rows = network.rows.valid
        if weighting is None:
            sums = measure(o, forward(network.o, parameters, rows.x)[0][-1], rows)
        else:
            alone = SimpleNamespace(o=network.o, edges=[], weight=1)
            sums = measure_model(weighting, None, [alone], [parameters], rows)
        valid = added(valid, sums)
    report.compare("metrics.train", metrics_of(measured(data.train)), recorded["train"])
    found = metrics_out_of_fold(o, networks, figures, best) if out_of_fold else metrics_of(
        valid if data.has_folds else measured(data.valid))
    report.compare("metrics.valid", None if searched else found, recorded["valid"])
    if data.test_is_read:
        report.compare("metrics.test", metrics_of(measured(data.test)), recorded["test"])
    else:
        report.left_out.append("metrics.test")

def verify(folder, replaced, limit):
    """Train the run in a folder again, print all comparisons, and return whether they agree."""
    record, entries = read_record(folder)
    report, several = Report(), "members" in record
    given, options = ({n: v for n, v in record[name].items() if n not in FREE} for name in ("given", "options"))
    require_options(given, options)
    files = read_files(record, replaced)
    contents = {name: file_bytes(folder, name) for name in FILES.split()}
    for name, content in contents.items():
        report.compare(name, sha256(content), record["files"][name])
    results, weights, temperature = read_model(contents["nn_model.npz"], several)
    figures = read_figures(contents, report, len(entries))
    finals = [entry["weights"]["final"] for entry in entries]
    report.compare("networks of nn_model.npz", list(map(digest, results)), finals)
    report.compare("weights.final", digest_of_networks(finals) if several else finals[0], record["weights"]["final"])
    words = options.get("missing", GAPS)
    require("missing" in given or words in (GAPS, GAPS + "," + LATER_GAPS), "other words for a missing value")
    data, values, networks = networks_of({"missing": words, **given}, files)
    unread = [name for _, own in files.values() for name in own]
    require(not unread, "data has %s, which the training does not read", unread)
    expected, epochs = options_in_use(given, values, data), int(values["epochs"])
    expected.update({"missing": words} if "missing" in options else {})
    for name in sorted(set(expected) | set(options)):
        report.compare("option " + name, expected.get(name), options.get(name))
    require(len(networks) == len(entries) and several == (len(networks) > 1),
            "%d networks in the record, the options ask for %d", len(entries), len(networks))
    found = fit_results(values, data, networks, results)
    report.compare("weights of networks", [network.weight for network in networks], weights)
    report.compare("temperature", found, temperature)
    if report.agreed:                                  # the weights are those of the model, if the training agrees
        best = [entry["best_epoch"] for entry in entries]
        compare_metrics(report, data, networks, results, found, record["metrics"], figures, best, "searched" in given)
    limit = None if limit is None or limit >= epochs else limit
    for j, network in enumerate(networks):
        network.name, network.entry = "network %d " % j * several, entries[j]
        network.figures, network.shapes = figures[j], [list(p.shape) for p in results[j]]
        if report.agreed:
            train_again(report, network, epochs, limit)
    if limit is None:
        done = max(entry["epochs"] for entry in entries)
        report.compare("epochs, outcome", [done, outcome_of(done, epochs)], [record["epochs"], record["outcome"]])
    report.end(limit)
    return report.agreed

def fit_results(values, data, networks, results):
    """Give networks their weights, which may be selected, and return the temperature or None (section 20)."""
    greedy, fits = values["group-weights"] == "greedy", values["temperature"] != "none"
    has_rows, weights = networks[0].rows.valid is not None, [weight for weight, _ in groups_of(values)]
    held = held_out(networks, results, data.has_folds) if has_rows and (greedy or fits) else None
    weights = selected_weights(networks[0].o, held) if held and greedy else weights
    for network in networks:
        network.weight = weights[network.group] // math.gcd(*weights)
    return temperature_of(held, weights) if held and fits else None

def outcome_of(done, epochs):
    """Return why a training of so many epochs ended."""
    return "completed" if done == epochs else "stopped_early"

def train_again(report, network, epochs, limit):
    """Train a network, and compare all that the run has about it, until something differs."""
    name, entry, done = network.name, network.entry, 0
    after = {"0": entry["weights"]["initial"], **entry["weights"]["after_epochs"]}
    for at, parameters, found in train(network.o, network.rows, network.seed, epochs if limit is None else limit):
        if at == "end":
            break
        done = at
        if str(done) in after:
            what = name + ("epoch %d" % done if done else "initial")
            report.compare(what, digest(parameters), after[str(done)], quiet=False)
        if done > 0:
            recorded = network.figures[done - 1] if done <= len(network.figures) else None
            report.compare(name + "figures of epoch %d" % done, found, recorded)
        if not report.agreed:
            return
    recorded = [entry["epochs"], len(network.figures)]
    report.compare(name + "epochs", [done] * 2, recorded if limit is None else [min(limit, n) for n in recorded])
    if limit is None:
        report.compare(name + "result", digest(parameters), entry["weights"]["final"], quiet=False)
        report.compare(name + "shapes", [list(p.shape) for p in parameters], network.shapes)
        ends = {"best_epoch": found[0], "train_rows": len(network.rows.train.x), "steps": 0}
        for what, value in {**ends, "outcome": outcome_of(done, epochs)}.items():
            report.compare(name + what, value, entry[what])

def main():
    """Run the program; see the text at the top of this file."""
    parser = argparse.ArgumentParser(description="Train recorded runs of Lanewise again and compare every digest.")
    parser.add_argument("run", nargs="*", help="folder of a run, with its run.json")
    parser.add_argument("--data", help="the data file, if it is not where the record says")
    parser.add_argument("--epochs", type=int, help="train only so many epochs")
    parser.add_argument("--vectors", help="folder of conformance vectors; compute each case and compare its bits")
    arguments = parser.parse_args()
    if arguments.vectors:
        import conformance
        return conformance.main(arguments.vectors, sys.modules[__name__])
    if not arguments.run or arguments.epochs is not None and arguments.epochs < 1:
        parser.error("expected folders of runs, and at least one epoch")
    codes = []
    for run in arguments.run:
        try:
            codes.append(0 if verify(run, arguments.data, arguments.epochs) else 1)
        except Exception as problem:                   # whatever the reason, the run was not checked
            print("not checked: %s %s" % (type(problem).__name__, problem), file=sys.stderr, flush=True)
            codes.append(2)
        if len(arguments.run) > 1:
            print("%s: exit %d" % (run, codes[-1]), flush=True)
    return max(codes)

if __name__ == "__main__":
    sys.exit(main())
