"""Reading, outlining and measuring an answer, beside what other libraries do with it."""
