# The figures of mclust for benchmarks/second_opinion.py:
#   python -m benchmarks.second_opinion tables
#   Rscript benchmarks/second_opinion_mclust.R tables benchmarks/second_opinion_mclust.json
suppressMessages({library(mclust); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
figures <- list()
for (file in sort(list.files(arguments[1], full.names = TRUE))) {
  name <- strsplit(sub("[.]csv$", "", basename(file)), "-")[[1]]
  table <- read.csv(file)
  truth <- table$truth
  values <- scale(as.matrix(table[, names(table) != "truth"]))
  set.seed(0)
  fit <- Mclust(values, G = 1:7, verbose = FALSE)
  family <- gsub("_", " ", name[1])
  figures[[family]] <- c(figures[[family]], list(list(
    seed = as.integer(name[2]), planted = length(unique(truth)), components = fit$G, model = fit$modelName,
    adjusted_rand = round(adjustedRandIndex(fit$classification, truth), 4)
  )))
  cat(file, "\n")
}
write(toJSON(figures, auto_unbox = TRUE, pretty = FALSE, digits = 4), arguments[2])
