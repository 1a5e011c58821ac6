//! A result list in the formats that other tools read.
