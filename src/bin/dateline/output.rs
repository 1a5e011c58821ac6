//! The only code that writes to standard output and standard error, and the exit codes.
//!
//! Standard output is data, standard error is progress and messages. A closed pipe ends the program quietly.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::args::{Global, When};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or something found.
    Found,
    /// Nothing found.
    Nothing,
    /// Wrong usage or query.
    Usage,
    /// Done, but some files failed.
    SomeFailed,
    /// The index is missing, locked, broken or of another version.
    Index,
    /// Stopped by the user.
    Interrupted,
}

impl Exit {
    /// The process exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Found => 0,
            Exit::Nothing => 1,
            Exit::Usage => 2,
            Exit::SomeFailed => 3,
            Exit::Index => 4,
            Exit::Interrupted => 130,
        }
    }

    /// The exit code that an error stands for.
    pub(crate) fn of(error: &anyhow::Error) -> Exit {
        use dateline::Error;
        match error.downcast_ref::<Error>() {
            Some(
                Error::NoIndex { .. } | Error::Locked { .. } | Error::Version { .. } | Error::Index { .. },
            ) => Exit::Index,
            _ => Exit::Usage,
        }
    }
}

/// Whether the reader of standard output went away.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Writes data to standard output and messages to standard error.
pub(crate) struct Printer {
    out: BufWriter<AutoStream<io::Stdout>>,
    err: AutoStream<io::Stderr>,
    verbose: bool,
    quiet: bool,
    progress: bool,
    colour: bool,
}

impl Printer {
    /// A printer that does as the global options say.
    pub(crate) fn new(global: &Global) -> Printer {
        let choice = match global.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        let out = AutoStream::new(io::stdout(), choice);
        let colour = out.current_choice() != ColorChoice::Never;
        let progress = match global.progress {
            When::Auto => io::stderr().is_terminal() && !global.quiet,
            When::Always => true,
            When::Never => false,
        };
        Printer {
            out: BufWriter::with_capacity(1 << 16, out),
            err: AutoStream::new(io::stderr(), choice),
            verbose: global.verbose,
            quiet: global.quiet,
            progress,
            colour,
        }
    }

    /// Standard output, for data.
    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// One line of data.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "{}", line.as_ref())
    }

    /// Hands all data on.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Whether data may carry colour.
    pub(crate) fn has_colour(&self) -> bool {
        self.colour
    }

    /// Whether a progress bar is wanted.
    pub(crate) fn wants_progress_bar(&self) -> bool {
        self.progress
    }

    /// Whether plain progress lines are wanted instead of a bar.
    pub(crate) fn wants_progress_lines(&self) -> bool {
        !self.progress && !self.quiet
    }

    /// A message that `--quiet` silences. What cannot be written to standard error has nowhere else to go.
    pub(crate) fn note(&mut self, message: impl AsRef<str>) {
        if !self.quiet {
            let _ = writeln!(self.err, "{}", message.as_ref());
        }
    }

    /// A message that only `--verbose` wants.
    pub(crate) fn detail(&mut self, message: impl AsRef<str>) {
        if self.verbose {
            self.note(message);
        }
    }

    /// Something that went wrong without ending the command.
    pub(crate) fn warning(&mut self, message: impl AsRef<str>) {
        let style = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
        let _ = writeln!(self.err, "{style}warning:{style:#} {}", message.as_ref());
    }

    /// What ended the command, with its causes.
    pub(crate) fn error(&mut self, error: &anyhow::Error) {
        let _ = self.out.flush();
        let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let mut chain: Vec<String> = error.chain().map(ToString::to_string).collect();
        // Some errors tell their cause themselves.
        chain.dedup_by(|cause, told| told.contains(cause.as_str()));
        let _ = writeln!(self.err, "{style}error:{style:#} {}", chain.join(": "));
    }
}
