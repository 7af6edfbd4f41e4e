# The number of groups that R's mclust, cluster and fpc find in each table of the audit, as JSON: 0 for none.
# Rscript audit_peers.R FOLDER OUTPUT, where FOLDER holds one CSV without a header a table, as `audit.write_tables`
# makes them. Of more than 500 customers, 500 drawn at random are looked at.
suppressMessages({library(mclust); library(cluster); library(fpc); library(jsonlite)})

paths <- commandArgs(trailingOnly = TRUE)
most <- 9

number_of <- function(groups) if (is.na(groups)) NA else if (groups > 1) groups else 0
quietly <- function(expression) tryCatch(suppressWarnings(expression), error = function(problem) NA)

answers <- function(path) {
  values <- as.matrix(read.csv(path, header = FALSE))
  set.seed(1)
  if (nrow(values) > 500) values <- values[sample(nrow(values), 500), , drop = FALSE]
  model <- quietly(Mclust(values, G = 1:most, modelNames = c("EII", "VII", "VVI", "EEE", "VVV"), verbose = FALSE)$G)
  width <- quietly(pamk(values, krange = 1:most, criterion = "asw", usepam = FALSE)$nc)
  gap <- quietly({
    found <- clusGap(values, kmeans, K.max = most, B = 10, nstart = 5, iter.max = 30, verbose = FALSE)$Tab
    maxSE(found[, "gap"], found[, "SE.sim"], method = "Tibs2001SEmax")
  })
  list(mclust = number_of(model), pamk = number_of(width), gap = number_of(gap))
}

files <- sort(list.files(paths[1], pattern = "csv$"))
found <- lapply(file.path(paths[1], files), answers)
names(found) <- sub("[.]csv$", "", files)
write(toJSON(found, auto_unbox = TRUE, na = "null"), paths[2])
