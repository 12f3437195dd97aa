"""What writes files that follow from others; run by `make generate`."""
