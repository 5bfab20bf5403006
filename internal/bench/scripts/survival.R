# Kaplan and Meier's estimate with R's survival. Reads stays.f64: how long, then 1.0 for ended and 0.0 for censored. Writes
# curve.f64: times, chances and their standard errors. Prints the seconds that it took.
library(survival)

n <- as.integer(commandArgs(trailingOnly = TRUE)[1])
stays <- readBin("stays.f64", "double", 2 * n, endian = "little")
time <- stays[1:n]
ended <- stays[n + 1:n]
rm(stays)

start <- proc.time()[["elapsed"]]
# No intervals, and no search for times that differ by rounding alone: both would cost more.
fit <- survfit(Surv(time, ended) ~ 1, conf.type = "none", timefix = FALSE)
seconds <- proc.time()[["elapsed"]] - start
writeBin(c(fit$time, fit$surv, fit$std.err * fit$surv), "curve.f64", endian = "little")
cat(seconds, "\n")
