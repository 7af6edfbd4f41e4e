# How stable fpc::clusterboot (Hennig, 2007) finds the segments of each table that tables.py wrote. The segments of the
# whole table are those of the centroids that come with it, so that the same ones are assessed; those of each resample
# are found by kmeansCBI from many random starts. Of a large table it also starts from those centroids: random starts
# hardly ever find 30 customers of 50,000.
library(fpc)
library(jsonlite)

arguments <- commandArgs(trailingOnly = TRUE)
files <- list.files(arguments[1], pattern = "[.]values[.]csv$")
figures <- lapply(files, function(file) {
  message(file)
  values <- as.matrix(read.csv(file.path(arguments[1], file), header = FALSE))
  centroids <- as.matrix(read.csv(file.path(arguments[1], sub("values", "centroids", file)), header = FALSE))
  large <- nrow(values) > 10000
  runs <- if (large) 3 else if (nrow(values) > 2000) 25 else 100
  method <- function(data) {
    given <- if (large || nrow(data) == nrow(values)) kmeans(data, centroids, iter.max = 100)
    if (nrow(data) < nrow(values)) {
      found <- kmeansCBI(data, krange = nrow(centroids), runs = runs)
      if (is.null(given) || found$result$tot.withinss <= given$tot.withinss) return(found)
    }
    clusters <- lapply(seq_len(nrow(centroids)), function(one) given$cluster == one)
    list(nc = nrow(centroids), clusterlist = clusters, partition = given$cluster, clustermethod = "kmeans")
  }
  set.seed(13)
  found <- clusterboot(
    values, B = if (large) 100 else 200, bootmethod = "boot", clustermethod = method, count = FALSE
  )
  list(
    resamples = found$B, sizes = tabulate(found$partition), jaccard = found$bootmean,
    deviation = apply(found$bootresult, 1, sd)
  )
})
names(figures) <- sub("[.].*", "", files)
write_json(figures, arguments[2], digits = 6, auto_unbox = TRUE)
