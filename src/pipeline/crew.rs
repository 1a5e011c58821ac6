//! The work of a run: reads files in order, books every record, and keeps a crew of threads busy annotating and
//! indexing. Memory is bounded by the queue; the index is committed before the ledger.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rayon::prelude::*;

use crate::article::{Annotated, Annotations, Article};
use crate::engine::Engine;
use crate::engine::local::{LocalIndex, Record, Writer};
use crate::error::{Error, Result};
use crate::extract::Extractor;
use crate::field;
use crate::input::{self, Read, SourceFile};
use crate::ledger::{Change, Ledger, Look, State};
use crate::pipeline::books::{self, FileBook, FileName, Order};
use crate::pipeline::plan::{Job, Plan};
use crate::pipeline::report::{Failure, Progress, Report};
use crate::pipeline::{IngestOptions, annotate, fingerprint, plan};
use crate::text::detect;

/// Files up to this size are read whole, many at a time; larger ones are streamed.
const SMALL_FILE_BYTES: u64 = 1 << 20;
/// How many small files are read at a time, and how many bytes of them.
const BATCH_FILES: usize = 128;
const BATCH_BYTES: u64 = 16 << 20;
/// Articles waiting to be annotated.
const QUEUE_ARTICLES: usize = 512;
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Everything that a run works with.
pub(super) struct Site<'a> {
    pub(super) folder: &'a Path,
    pub(super) plan: &'a Plan,
    pub(super) options: &'a IngestOptions,
    pub(super) ledger: &'a Ledger,
    pub(super) index: &'a LocalIndex,
    pub(super) extractor: &'a Extractor,
}

/// Does what the plan says.
pub(super) fn work(site: &Site<'_>, watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>) -> Result<Report> {
    let mut writer = site.index.writer(site.options.threads, site.options.writer_bytes)?;
    repair(site, &mut writer)?;
    let (queue, waiting) = bounded::<Box<Article>>(QUEUE_ARTICLES);
    let (done, finished) = unbounded::<Result<Record>>();
    std::thread::scope(|scope| {
        for _ in 0..site.options.threads.max(1) {
            let (waiting, done) = (waiting.clone(), done.clone());
            scope.spawn(move || annotate_queue(site.extractor, &waiting, &done));
        }
        let mut foreman = Foreman::new(site, writer, (queue, finished), watch)?;
        foreman.run()?;
        foreman.writer.close()?;
        site.index.group_stories()?;
        Ok(foreman.report)
    })
}

/// One of the crew: annotates and packs until the queue is closed.
fn annotate_queue(extractor: &Extractor, waiting: &Receiver<Box<Article>>, done: &Sender<Result<Record>>) {
    for article in waiting {
        let annotated = annotate_or_not(extractor, *article);
        if done.send(Record::new(&annotated)).is_err() {
            return;
        }
    }
}

/// An article whose annotation panics is our fault, not its own: it is indexed without annotations, and says so.
fn annotate_or_not(extractor: &Extractor, article: Article) -> Annotated {
    let bare = AssertUnwindSafe(&article);
    if let Ok(annotated) = catch_unwind(|| annotate(extractor, bare.clone())) {
        return annotated;
    }
    let mut article = article;
    article.notes.push("annotation failed: indexed without who, where and when".to_owned());
    let language = detect::language(article.language, article.title(), &article.text);
    Annotated { published: article.published.clone(), language, annotations: Annotations::default(), article }
}

/// After a run that was cut off between the two commits, the index may hold what the ledger does not know.
fn repair(site: &Site<'_>, writer: &mut Writer) -> Result<()> {
    let generation = site.ledger.generation()?.to_string();
    let payload = site.index.payload()?;
    if payload == generation || (payload.is_empty() && generation == "0") {
        return Ok(());
    }
    let Some(ids) = field::find_field("id") else { return Ok(()) };
    for indexed in site.index.catalogue(ids, "", None)? {
        if !site.ledger.has_id(&indexed.value)? {
            writer.remove(&indexed.value);
        }
    }
    writer.commit(&generation)
}

/// Reads, books and commits; one thread.
struct Foreman<'a, 'w> {
    site: &'a Site<'a>,
    writer: Writer,
    change: Option<Change<'a>>,
    generation: u64,
    /// Closed at the end, which sends the crew home.
    queue: Option<Sender<Box<Article>>>,
    finished: Receiver<Result<Record>>,
    in_flight: usize,
    since_commit: usize,
    last_commit: Instant,
    last_told: Instant,
    watch: &'w mut dyn FnMut(&Progress) -> ControlFlow<()>,
    progress: Progress,
    /// Files whose duplicates have lost their original.
    orphaned: BTreeSet<String>,
    report: Report,
}

impl<'a, 'w> Foreman<'a, 'w> {
    fn new(
        site: &'a Site<'a>,
        writer: Writer,
        (queue, finished): (Sender<Box<Article>>, Receiver<Result<Record>>),
        watch: &'w mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Foreman<'a, 'w>> {
        let progress = Progress {
            files_planned: site.plan.jobs.len() as u64,
            bytes_planned: site.plan.bytes(),
            ..Progress::default()
        };
        Ok(Foreman {
            site,
            writer,
            change: Some(site.ledger.change()?),
            generation: site.ledger.generation()?,
            queue: Some(queue),
            finished,
            in_flight: 0,
            since_commit: 0,
            last_commit: Instant::now(),
            last_told: Instant::now(),
            watch,
            progress,
            orphaned: BTreeSet::new(),
            report: Report::default(),
        })
    }

    fn run(&mut self) -> Result<()> {
        self.report.unchanged_files = self.site.plan.unchanged.len() as u64;
        for key in &self.site.plan.gone {
            self.report.gone_files += 1;
            let (orders, orphaned) = books::strike_out(self.change()?, key)?;
            self.carry_out(orders)?;
            self.orphaned.extend(orphaned);
        }
        self.book_problems()?;
        let site = self.site;
        self.work_through(site.plan.jobs.iter().cloned().collect())?;
        while !self.orphaned.is_empty() && !self.report.stopped {
            let again = self.orphaned_jobs();
            self.work_through(again)?;
        }
        if self.since_commit > 0 || self.report.read_files > 0 || !self.report.is_idle() {
            self.commit()?;
        }
        self.queue = None;
        Ok(())
    }

    fn change(&self) -> Result<&Change<'a>> {
        // Only a failed commit leaves no change, and that ends the run.
        self.change.as_ref().ok_or_else(|| Error::Index {
            path: self.site.folder.to_path_buf(),
            message: "the ledger is not open for writing".to_owned(),
        })
    }

    /// Paths that could not be walked are rows too, and are tried again next time.
    fn book_problems(&mut self) -> Result<()> {
        for (key, problem) in &self.site.plan.problems {
            let row = books::refused(State::Failed, "walk", problem.reason.clone());
            self.change()?.set_row(key, 0, &row)?;
            self.change()?.set_file(key, Look::UNFINISHED)?;
            self.report.failed += 1;
            if self.report.failures.len() < Report::FAILURES_KEPT {
                let (path, reason) = (problem.path.clone(), problem.reason.clone());
                self.report.failures.push(Failure { path, record: 0, stage: "walk".to_owned(), reason });
            }
        }
        Ok(())
    }

    /// The files of orphaned duplicates, as jobs: they look as they did, but have to be read again.
    fn orphaned_jobs(&mut self) -> VecDeque<Job> {
        let orphaned = std::mem::take(&mut self.orphaned);
        let unchanged = self.site.plan.unchanged.iter();
        let read = self.site.plan.jobs.iter().map(|job| &job.file);
        let files = unchanged.chain(read).cloned();
        let jobs = files.map(|file| plan::Job::again(self.site.folder, file));
        jobs.filter(|job| orphaned.contains(&job.key)).collect()
    }

    fn work_through(&mut self, mut jobs: VecDeque<Job>) -> Result<()> {
        while !jobs.is_empty() && !self.report.stopped {
            let batch = next_batch(&mut jobs);
            if let [large] = batch.as_slice()
                && large.file.bytes > SMALL_FILE_BYTES
            {
                self.stream_file(large)?;
            } else {
                self.read_batch(&batch)?;
            }
            self.tell();
        }
        Ok(())
    }

    /// Reads small files side by side, then books them in order.
    fn read_batch(&mut self, batch: &[Job]) -> Result<()> {
        let options = &self.site.options.read;
        let read: Vec<Vec<Read>> = batch.par_iter().map(|job| read_all(&job.file, options)).collect();
        for (job, records) in batch.iter().zip(read) {
            let contents = if job.known { contents_of(&records, &job.file) } else { BTreeSet::new() };
            let mut book = FileBook::open(self.change()?, &name_of(job), &contents)?;
            for record in records {
                self.book(&mut book, record)?;
            }
            self.close(book, job)?;
        }
        Ok(())
    }

    /// Books the records of a large file as they are read.
    fn stream_file(&mut self, job: &Job) -> Result<()> {
        let options = &self.site.options.read;
        let mut contents = BTreeSet::new();
        if job.known {
            // What is still there keeps its identifier, so it has to be known before the first one is given out.
            input::read_file(&job.file, options, &mut |read| {
                contents.extend(content_of(&read, &job.file));
                ControlFlow::Continue(())
            });
        }
        let mut book = FileBook::open(self.change()?, &name_of(job), &contents)?;
        let mut outcome = Ok(());
        input::read_file(&job.file, options, &mut |read| {
            outcome = self.book(&mut book, read);
            self.tell();
            if outcome.is_err() || self.report.stopped {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        outcome?;
        if self.report.stopped {
            return book.leave(self.change()?);
        }
        self.close(book, job)
    }

    fn book(&mut self, book: &mut FileBook, read: Read) -> Result<()> {
        let change = self.change.take();
        let booked = match &change {
            Some(change) => book.book(change, read, &mut self.report),
            None => Ok(None),
        };
        self.change = change;
        self.progress.records += 1;
        self.carry_out(booked?)?;
        if self.since_commit >= self.site.options.commit_articles
            || (self.since_commit > 0 && self.last_commit.elapsed() > self.site.options.commit_interval)
        {
            book.park(self.change()?)?;
            self.commit()?;
            book.unpark(self.change()?)?;
        }
        Ok(())
    }

    fn close(&mut self, book: FileBook, job: &Job) -> Result<()> {
        let (orders, orphaned) = book.close(self.change()?, job.look)?;
        self.carry_out(orders)?;
        self.orphaned.extend(orphaned);
        self.report.read_files += 1;
        self.progress.files_done += 1;
        self.progress.bytes_done += job.file.bytes;
        Ok(())
    }

    fn carry_out(&mut self, orders: impl IntoIterator<Item = Order>) -> Result<()> {
        for order in orders {
            match order {
                Order::Put(article) => {
                    self.progress.articles += 1;
                    self.progress.text_bytes = self.report.text_bytes;
                    self.since_commit += 1;
                    self.in_flight += 1;
                    if let Some(queue) = &self.queue {
                        // The crew leaves only when the queue is closed.
                        let _ = queue.send(article);
                    }
                }
                Order::Remove(id) => {
                    self.report.removed += 1;
                    self.since_commit += 1;
                    self.writer.remove(&id);
                }
            }
            self.collect_finished()?;
        }
        Ok(())
    }

    fn collect_finished(&mut self) -> Result<()> {
        while let Ok(outcome) = self.finished.try_recv() {
            self.put(outcome)?;
        }
        Ok(())
    }

    fn put(&mut self, record: Result<Record>) -> Result<()> {
        self.in_flight -= 1;
        self.writer.put(record?)
    }

    /// Waits for the crew, then commits the index, then the ledger.
    fn commit(&mut self) -> Result<()> {
        while self.in_flight > 0 {
            let Ok(outcome) = self.finished.recv() else { break };
            self.put(outcome)?;
        }
        self.generation += 1;
        self.writer.commit(&self.generation.to_string())?;
        if let Some(change) = self.change.take() {
            change.commit(self.generation)?;
        }
        self.change = Some(self.site.ledger.change()?);
        self.since_commit = 0;
        self.last_commit = Instant::now();
        Ok(())
    }

    fn tell(&mut self) {
        if self.last_told.elapsed() >= TELL_EVERY {
            self.last_told = Instant::now();
            if (self.watch)(&self.progress).is_break() {
                self.report.stopped = true;
            }
        }
    }
}

fn next_batch(jobs: &mut VecDeque<Job>) -> Vec<Job> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while let Some(job) = jobs.front() {
        let large = job.file.bytes > SMALL_FILE_BYTES;
        if !batch.is_empty() && (large || batch.len() >= BATCH_FILES || bytes > BATCH_BYTES) {
            break;
        }
        bytes += job.file.bytes;
        batch.extend(jobs.pop_front());
        if large {
            break;
        }
    }
    batch
}

fn name_of(job: &Job) -> FileName<'_> {
    FileName { key: &job.key, shown: &job.file.shown, relative: &job.file.relative }
}

fn read_all(file: &SourceFile, options: &input::ReadOptions) -> Vec<Read> {
    let mut records = Vec::new();
    input::read_file(file, options, &mut |read| {
        records.push(read);
        ControlFlow::Continue(())
    });
    records
}

fn content_of(read: &Read, file: &SourceFile) -> Option<u128> {
    match read {
        Read::Article(article) => Some(fingerprint(article, &file.relative)),
        _ => None,
    }
}

fn contents_of(records: &[Read], file: &SourceFile) -> BTreeSet<u128> {
    records.iter().filter_map(|read| content_of(read, file)).collect()
}
