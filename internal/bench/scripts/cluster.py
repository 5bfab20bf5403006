# k-means in scikit-learn from given centres, without a tolerance. Reads points.f64: rows of columns, and starts.f64: as many
# centres as there are clusters. Writes labels.f64: a label of each row, and inertia.f64: the inertia and the iterations.
# Prints the seconds of the fit alone.
import sys
import time

import numpy as np
from sklearn.cluster import KMeans

rows, columns, clusters, passes = map(int, sys.argv[2:])
points = np.fromfile("points.f64").reshape(rows, columns)
starts = np.fromfile("starts.f64").reshape(clusters, columns)
model = KMeans(n_clusters=clusters, init=starts, n_init=1, max_iter=passes, tol=0.0, algorithm=sys.argv[1])
begin = time.perf_counter()
model.fit(points)
seconds = time.perf_counter() - begin
model.labels_.astype(np.float64).tofile("labels.f64")
np.array([model.inertia_, model.n_iter_]).tofile("inertia.f64")
print(seconds)
