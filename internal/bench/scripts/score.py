# Scores accounts by columns in NumPy. Reads values.f64: 12 columns of as many float64 as there are rows, NaN where there
# is none. Writes scores.f64: value, coverage, low and high. Prints the seconds of the best of three runs.
import sys
import time

import numpy as np

columns = np.fromfile("values.f64").reshape(12, int(sys.argv[1]))
weights = np.arange(1.0, 13.0)
xs, ys = np.array([0.0, 10.0, 30.0, 100.0]), np.array([0.0, 40.0, 80.0, 100.0])


def score():
    rows = columns.shape[1]
    points, known = np.zeros(rows), np.zeros(rows)
    for weight, column in zip(weights, columns):
        on_curve = np.interp(column, xs, ys)
        there = on_curve == on_curve
        on_curve *= weight
        on_curve[~there] = 0.0
        points += on_curve
        known += weight * there
    whole = weights.sum()
    with np.errstate(invalid="ignore"):
        return points / known, known / whole, points / whole, (points + 100.0 * (whole - known)) / whole


best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    result = score()
    best = min(best, time.perf_counter() - start)
np.concatenate(result).tofile("scores.f64")
print(best)
