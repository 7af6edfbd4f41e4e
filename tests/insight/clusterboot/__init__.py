"""Figures of R's fpc::clusterboot, the reference for how stable segments are, and what made them."""
