# Bootstrap of opportunity scores in NumPy, by gathering the rows that were drawn ("gather"), or by how often each was drawn
# times the answers as a product of matrices ("product"). Reads answers.i64: for each respondent the importances and then
# the satisfactions, 1 for a high one; and draws.i64: for each resample the respondents. Writes scores.f64: the sorted
# scores of each outcome. Prints the seconds of the best of three runs.
import sys
import time

import numpy as np

how, respondents, outcomes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
answers = np.fromfile("answers.i64", dtype=np.int64).reshape(respondents, 2 * outcomes).astype(np.uint8)
draws = np.fromfile("draws.i64", dtype=np.int64).reshape(-1, respondents)
numbers = answers.astype(np.float32)  # exact: counts are below 2^24


def counts():
    if how == "product":
        times = np.empty((len(draws), respondents), dtype=np.float32)
        for i, drawn in enumerate(draws):
            times[i] = np.bincount(drawn, minlength=respondents)
        return (times @ numbers).astype(float)
    sums = np.empty((len(draws), 2 * outcomes))
    for i, drawn in enumerate(draws):
        sums[i] = answers[drawn].sum(axis=0, dtype=np.uint32)
    return sums


def resample():
    levels = 10.0 * counts() / respondents
    importance, satisfaction = levels[:, :outcomes], levels[:, outcomes:]
    return np.sort((importance + np.maximum(importance - satisfaction, 0.0)).T)


best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    result = resample()
    best = min(best, time.perf_counter() - start)
result.tofile("scores.f64")
print(best)
