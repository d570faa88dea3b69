"""Values that any subject may use: text, wording, ids, intervals, durations, findings."""
