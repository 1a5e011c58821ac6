//! The integration tests: one binary, a file for each room of the house.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod actors; // who is in the archive, and putting it right
mod cli; // the commands end to end, and how they exit
mod containers; // the same folder packed in every way, and packing that means harm
mod crash; // kills, power cuts, full disks
mod dates; // publication dates, what is doubted of them, timelines
mod documents; // PDF, databases and issues: what depends on programs, journals and files beside
mod extract; // who, where and when: the cases of tests/cases
mod faults; // broken, unreadable and hostile files
mod foreign; // every list opened by readers of others
mod hostile; // makes them
mod ingest; // folders in, ledger out: what is new, changed, gone, the same again
mod input; // every fixture of every format, and files that mean harm
mod mutations; // documented queries, cut off and mutilated
mod places; // the catalogue and its tree, searches by place, explanations, homes
mod query; // questions and answers: found, listed, saved, refused
mod stories; // copies, and what is made of them
mod support; // a scratch folder with the command
mod tidy; // the house rules
