//! The command line of dateline: parses, runs one command, prints the error chain, chooses the exit code.

mod args;
mod commands;
mod output;

use std::process::ExitCode;

use clap::Parser;
use dateline::guard;

use crate::args::Cli;
use crate::output::{Exit, Printer};

/// Articles are many small pieces of text, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse_from(args::readable(std::env::args_os()));
    guard::keep_quiet();
    let mut printer = Printer::new(&cli.global);
    let result = commands::run(&cli, &mut printer).and_then(|exit| {
        printer.flush()?;
        Ok(exit)
    });
    let exit = match result {
        Ok(exit) => exit,
        // The reader of our output has seen enough (`| head`): nothing to report.
        Err(error) if output::is_broken_pipe(&error) => Exit::Found,
        Err(error) => {
            printer.error(&error);
            Exit::of(&error)
        }
    };
    ExitCode::from(exit.code())
}
