//! Dates, times, durations and sets: TIMEX3 expressions with their values and calendar intervals.
