"""The page Runs and report: keep a run, compare two, restore one, and hand a report on."""
