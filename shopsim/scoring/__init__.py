"""Groups against true models: the adjusted Rand index, the curve, the confusion, folds and intervals."""
