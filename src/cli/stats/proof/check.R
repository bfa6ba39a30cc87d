# Computes the medians and their intervals in expected.csv from values.csv, and compares them. Needs R; values that
# are not over need the package survival. Exits with 1 if a figure differs.
#
#     Rscript check.R

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))
read <- function(name) {
  read.csv(file.path(here, name), stringsAsFactors = FALSE, colClasses = c(group = "character"))
}
values <- read("values.csv")
expected <- read("expected.csv")

# The greatest rank with at most 2.5 % for fewer values below the quantile.
lower_rank <- function(n, p) {
  rank <- 0
  while (rank < n && pbinom(rank, n, p) <= 0.025) rank <- rank + 1
  rank
}
at <- function(ordered, rank) if (rank >= 1 && rank <= length(ordered)) ordered[rank] else NA

order_statistics <- function(x) {
  n <- nrow(x)
  rank <- max(1, lower_rank(n, 0.5))
  c(
    median = median(x$seconds), low = at(sort(x$min_seconds), rank), high = at(sort(x$max_seconds), n + 1 - rank),
    confidence = 1 - 2 * pbinom(rank - 1, n, 0.5), mean = mean(x$seconds)
  )
}

survival_figures <- function(x) {
  limits <- function(column) {
    fit <- survival::survfit(survival::Surv(x[[column]], x$over) ~ 1, conf.type = "log-log")
    unlist(quantile(fit, 0.5))
  }
  c(
    median = limits("seconds")[[1]], low = limits("min_seconds")[[2]], high = limits("max_seconds")[[3]],
    confidence = NA, mean = NA
  )
}

count <- 0
failed <- 0
for (index in seq_len(nrow(expected))) {
  row <- expected[index, ]
  x <- values[values$group == row$group & values$metric == row$metric, ]
  ours <- if (all(x$over == 1)) order_statistics(x) else survival_figures(x)
  for (name in names(ours)) {
    theirs <- as.numeric(row[[name]])
    same <- if (is.na(ours[[name]]) || is.na(theirs)) {
      is.na(ours[[name]]) == is.na(theirs)
    } else {
      abs(ours[[name]] - theirs) <= 1e-6 + 1e-9 * abs(theirs)
    }
    count <- count + 1
    if (!same) {
      cat(row$group, row$metric, name, ":", ours[[name]], "here,", theirs, "by posthoc\n")
      failed <- failed + 1
    }
  }
}
if (count == 0) {
  cat("nothing to compute: no group has five values, the fewest that posthoc summarizes\n")
}
cat(count, "figures computed,", failed, "differ\n")
quit(status = as.integer(failed > 0))
