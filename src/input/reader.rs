//! A file being read, or a member of one: what a format needs, and where it puts what it finds.
//!
//! Numbers records, addresses articles and tells what ended the file. Never knows a format.

use std::io::BufReader;
use std::ops::ControlFlow;

use crate::input::container::{Origin, Passed};
use crate::input::decode::{self, Transcoder};
use crate::input::draft::Draft;
use crate::input::stream::Stream;
use crate::input::xml::{self, Element, Xml};
use crate::input::{Format, Halt, Read, ReadOptions, SourceFile, failed, skipped};

/// A file being read, or a member of one: what a format needs, and where it puts what it finds.
pub(super) struct Reader<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) origin: &'a Origin,
    pub(super) options: &'a ReadOptions,
    pub(super) format: &'static Format,
    pub(super) stream: Stream<'a>,
    pub(super) sink: &'a mut dyn FnMut(Read) -> ControlFlow<()>,
    /// Records seen so far.
    pub(super) records: u64,
    /// What was passed over without a row for each.
    pub(super) passed: Passed,
    /// The sink wants no more.
    pub(super) halted: bool,
}

impl<'a> Reader<'a> {
    /// The whole file, for formats that hold one article.
    pub(super) fn whole(&mut self) -> Result<Vec<u8>, Halt> {
        let limit = self.options.max_record_bytes;
        self.stream.rest(limit).ok_or_else(|| Halt::Failed { stage: "read", reason: too_large(limit) })
    }

    /// The whole file as the root element of a document, and what its encoding was.
    pub(super) fn document(&mut self) -> Result<(Element, Option<String>), Halt> {
        let bytes = self.whole()?;
        let decoded = decode::decode(&bytes, decode::declared_in_markup);
        Ok((xml::parse(&decoded.text)?, decoded.note))
    }

    /// Reads the file as a document from start to end, record by record.
    pub(super) fn records(
        &mut self,
        read: impl FnOnce(&mut Self, &mut Xml<BufReader<Transcoder<Stream<'a>>>>) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        let encoding = decode::streamed(self.stream.head(), decode::declared_in_markup);
        let stream = std::mem::take(&mut self.stream);
        let text = BufReader::with_capacity(256 * 1024, Transcoder::new(stream, encoding));
        let mut xml = Xml::new(text, self.options.max_record_bytes);
        let outcome = read(self, &mut xml);
        self.stream = xml.into_source().into_inner().into_source();
        outcome
    }

    /// The article of a file that holds one.
    pub(super) fn only(&mut self, draft: impl Into<Draft>) -> Result<(), Halt> {
        self.records = 1;
        self.give(None, draft.into())
    }

    /// The next article of a file that may hold many.
    pub(super) fn next(&mut self, draft: impl Into<Draft>) -> Result<(), Halt> {
        self.records += 1;
        self.give(Some(self.records), draft.into())
    }

    /// The next record of a file, which is no article.
    pub(super) fn next_skipped(&mut self, reason: String) -> Result<(), Halt> {
        self.records += 1;
        self.emit(skipped(Some(self.records), reason))
    }

    /// The next record of a file, which could not be read.
    pub(super) fn next_failed(&mut self, stage: &'static str, reason: String) -> Result<(), Halt> {
        self.records += 1;
        self.emit(failed(Some(self.records), stage, reason))
    }

    pub(super) fn give(&mut self, record: Option<u64>, mut draft: Draft) -> Result<(), Halt> {
        draft.mend();
        draft.date(self.file, self.origin, self.options);
        let mut article = draft.article;
        if article.title().trim().is_empty() && article.text.trim().is_empty() {
            return self.emit(skipped(record, "no title and no text".into()));
        }
        if let Some(url) = &self.origin.url {
            let canonical = article.url.replace(url.clone()).filter(|canonical| canonical != url);
            article.metadata.extend(canonical.map(|canonical| ("canonical_url".to_owned(), canonical)));
            article.id = self.origin.address(url);
        }
        article.path.clone_from(&self.file.shown);
        article.format = self.format.name;
        article.record = record;
        self.options.publishers.set_right(&mut article);
        if article.id.is_empty() {
            article.id = match record {
                Some(record) => format!("{}#{record}", self.file.relative),
                None => self.file.relative.clone(),
            };
        }
        self.emit(Read::Article(Box::new(article)))
    }

    pub(super) fn emit(&mut self, mut read: Read) -> Result<(), Halt> {
        if let Read::Skipped { format, .. } | Read::Failed { format, .. } = &mut read {
            *format = self.format.name;
        }
        if (self.sink)(read).is_break() {
            self.halted = true;
            return Err(Halt::Enough);
        }
        Ok(())
    }

    /// Tells what ended the file, if anything did, and what was passed over.
    pub(super) fn finish(mut self, outcome: Result<Result<(), Halt>, String>) {
        if let (false, Some(reason)) = (self.halted, self.passed.reason()) {
            self.records += 1;
            if self.emit(skipped(Some(self.records), reason)).is_err() {
                return;
            }
        }
        let trouble = self.stream.trouble().map(str::to_owned);
        let (stage, reason) = match outcome {
            Ok(Ok(())) => match trouble {
                None if self.records == 0 => {
                    let reason = "no title and no text".into();
                    let _ = self.emit(skipped(None, reason));
                    return;
                }
                Some(trouble) => (self.stream.stage(), trouble),
                None => return,
            },
            Ok(Err(Halt::Enough)) => return,
            // What cut the stream off explains why the rest of it makes no sense.
            Ok(Err(Halt::Failed { .. })) if trouble.is_some() => {
                (self.stream.stage(), trouble.unwrap_or_default())
            }
            Ok(Err(Halt::Failed { stage, reason })) => (stage, reason),
            Err(panic) => ("read", format!("the reader stopped: {panic}")),
        };
        if !self.halted {
            // What could not be read comes after what was.
            let record = (self.records > 0).then_some(self.records + 1);
            let _ = self.emit(failed(record, stage, reason));
        }
    }
}

pub(super) fn too_large(limit: usize) -> String {
    format!("larger than the limit of {limit} bytes for one article")
}
