//! Scores against gold, and training of what is trained. Nothing depends on it but `dateline eval`.
