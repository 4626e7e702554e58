"""Files and data frames to domain values, with a report of what was rejected and why."""
