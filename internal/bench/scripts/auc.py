# The area under the curve with DeLong's variance in NumPy, by mid-ranks. Reads points.f64: the values, then 1.0 for lost
# and 0.0 for kept. Writes auc.f64: the area and the variance. Prints the seconds of the best of three runs.
import sys
import time

import numpy as np

values, flags = np.fromfile("points.f64").reshape(2, int(sys.argv[1]))
is_lost = flags == 1.0


def midranks(x):
    order = np.argsort(x)
    ordered = x[order]
    starts = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(x)]))
    ranks = np.empty(len(x))
    ranks[order] = np.repeat(0.5 * (starts[:-1] + starts[1:] + 1), np.diff(starts))
    return ranks


def delong():
    lost, kept = values[is_lost], values[~is_lost]
    m, n = len(lost), len(kept)
    ranks = midranks(np.concatenate((lost, kept)))
    above = 1.0 - (ranks[:m] - midranks(lost)) / n  # share of the kept above each lost one
    below = (ranks[m:] - midranks(kept)) / m
    return above.mean(), above.var(ddof=1) / m + below.var(ddof=1) / n


best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    result = delong()
    best = min(best, time.perf_counter() - start)
np.array(result).tofile("auc.f64")
print(best)
