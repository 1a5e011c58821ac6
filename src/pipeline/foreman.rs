//! The foreman of a run: reads files in order, books every record, hands articles to the crew and what it gives back to
//! the index. One thread. Memory is bounded by the crew's queue; the index is committed before the ledger.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::calendar::DayHabit;
use crate::engine::Engine;
use crate::engine::local::{LocalIndex, Writer};
use crate::error::{Error, Result};
use crate::extract::ANNOTATOR;
use crate::input::published::order::Orders;
use crate::input::{self, Position, Read, SourceFile};
use crate::ledger::{Change, Ledger, Look, State};
use crate::pipeline::annotator::Annotator;
use crate::pipeline::books::{self, FileBook, FileName, Order};
use crate::pipeline::crew::{Crew, Done};
use crate::pipeline::plan::{Job, Plan};
use crate::pipeline::report::{Failure, Progress, Report};
use crate::pipeline::{IngestOptions, fingerprint, plan};

/// Files up to this size are read whole, many at a time; larger ones are streamed.
const SMALL_FILE_BYTES: u64 = 1 << 20;
/// How many small files are read at a time, and how many bytes of them.
const BATCH_FILES: usize = 128;
const BATCH_BYTES: u64 = 16 << 20;
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What is told of progress, a few times a second; may ask to stop.
pub type Watch<'w> = dyn FnMut(&Progress) -> ControlFlow<()> + 'w;

/// Everything that a run works with.
pub(super) struct Site<'a> {
    pub(super) folder: &'a Path,
    pub(super) options: &'a IngestOptions,
    pub(super) ledger: &'a Ledger,
    pub(super) annotator: &'a Annotator,
}

/// How the articles of a file write their days in figures, with the number of articles for each way.
type Habits = BTreeMap<DayHabit, u64>;

/// Reads, books and commits; one thread.
pub(super) struct Foreman<'a, 'w> {
    site: &'a Site<'a>,
    plan: &'a Plan,
    writer: Writer,
    crew: Crew,
    change: Option<Change<'a>>,
    generation: u64,
    since_commit: usize,
    last_commit: Instant,
    last_told: Instant,
    watch: &'w mut Watch<'w>,
    progress: Progress,
    /// Files whose duplicates have lost their original.
    orphaned: BTreeSet<String>,
    /// How publishers and folders write their dates, by all articles on the books.
    orders: Orders,
    report: Report,
    /// A file was read to its end.
    has_booked: bool,
    /// Files that look as they did and were read all the same.
    read_again: BTreeSet<String>,
    /// Articles of publishers whose home was unknown when they were annotated, by publisher.
    early: BTreeMap<String, Vec<String>>,
}

impl<'a, 'w> Foreman<'a, 'w> {
    pub(super) fn new(
        site: &'a Site<'a>,
        plan: &'a Plan,
        (writer, crew): (Writer, Crew),
        watch: &'w mut Watch<'w>,
    ) -> Result<Foreman<'a, 'w>> {
        let progress = Progress {
            files_planned: plan.jobs.len() as u64,
            bytes_planned: plan.bytes(),
            ..Progress::default()
        };
        let mut orders = Orders::default();
        for (habit, articles) in site.ledger.shown_habits()? {
            orders.add(&habit, articles);
        }
        Ok(Foreman {
            site,
            plan,
            writer,
            crew,
            change: Some(site.ledger.change()?),
            generation: site.ledger.generation()?,
            since_commit: 0,
            last_commit: Instant::now(),
            last_told: Instant::now(),
            watch,
            progress,
            orphaned: BTreeSet::new(),
            orders,
            report: Report::default(),
            has_booked: false,
            read_again: BTreeSet::new(),
            early: BTreeMap::new(),
        })
    }

    /// Does what the plan says, and gives the account of it.
    pub(super) fn run(mut self, started: Instant) -> Result<Report> {
        self.report.unchanged_files = self.plan.unchanged.len() as u64;
        for key in &self.plan.gone {
            self.report.gone_files += 1;
            self.forget_habits(key)?;
            let (orders, orphaned) = books::strike_out(self.change()?, key)?;
            self.carry_out(orders)?;
            self.orphaned.extend(orphaned);
        }
        self.book_roots()?;
        self.book_problems()?;
        self.work_through(self.plan.jobs.iter().cloned().collect())?;
        if !self.is_over() {
            let doubtful = self.doubtful_jobs()?;
            self.work_again(doubtful)?;
        }
        while !self.orphaned.is_empty() && !self.is_over() {
            let again = self.orphaned_jobs()?;
            self.work_again(again)?;
        }
        let left = std::mem::take(&mut self.orphaned);
        self.put_off(&left)?;
        self.annotate_early()?;
        self.close_run(started)
    }

    /// Files that this run does not read, though they hold what is no more in the index, or a day that was read wrongly:
    /// the next that looks at them does.
    fn put_off(&self, files: &BTreeSet<String>) -> Result<()> {
        files.iter().try_for_each(|key| self.change()?.set_file(key, Look::UNFINISHED))
    }

    /// Annotates again what was annotated before the home of its publisher was known.
    fn annotate_early(&mut self) -> Result<()> {
        self.collect_all()?;
        self.site.annotator.settle();
        let mut early = std::mem::take(&mut self.early);
        early.retain(|publisher, _| self.site.annotator.knows_home(publisher));
        if early.is_empty() || self.report.stopped {
            return Ok(());
        }
        self.commit()?;
        self.site.annotator.stop_learning();
        let (index, bare) = (LocalIndex::open(self.site.folder)?, self.report.bare);
        for id in early.into_values().flatten() {
            let Some(annotated) = index.get(&id)? else { continue };
            self.since_commit += 1;
            self.crew.hand(annotated.article);
            while let Some(done) = self.crew.finished() {
                self.put(done)?;
            }
            self.tell();
            if self.report.stopped {
                break;
            }
        }
        self.collect_all()?;
        self.report.bare = bare;
        Ok(())
    }

    /// The last commit, with a line on the run, if it changed anything.
    fn close_run(mut self, started: Instant) -> Result<Report> {
        if self.since_commit > 0 || self.has_booked || !self.report.is_idle() {
            self.collect_all()?;
            self.report.elapsed = started.elapsed();
            let run = self.report.as_run(self.site.options.now);
            self.change()?.add_run(&run)?;
            self.commit()?;
        }
        self.writer.close()?;
        Ok(self.report)
    }

    /// Whether the run has been asked to stop, or has done as much as it was asked to do.
    fn is_over(&self) -> bool {
        let limit = self.site.options.limit.unwrap_or(u64::MAX);
        self.report.stopped || self.progress.articles >= limit
    }

    /// What is ingested as a whole can be ingested again without being named.
    fn book_roots(&mut self) -> Result<()> {
        for (key, is_there) in &self.plan.roots {
            if *is_there { self.change()?.add_root(key)? } else { self.change()?.remove_root(key)? }
        }
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
        for (key, problem) in &self.plan.problems {
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

    /// The files of orphaned duplicates, as jobs.
    fn orphaned_jobs(&mut self) -> Result<VecDeque<Job>> {
        let orphaned = std::mem::take(&mut self.orphaned);
        self.jobs_again(orphaned)
    }

    /// The files with a day that was read in another order than its publisher or folder is known to write by now, as
    /// jobs. So it is the same in how many runs, and in which order, an archive is ingested.
    fn doubtful_jobs(&mut self) -> Result<VecDeque<Job>> {
        let mut doubtful = BTreeSet::new();
        for habit in self.site.ledger.assumed_habits()? {
            if self.orders.order_of(&habit) != habit.order {
                doubtful.extend(self.site.ledger.files_with_habit(&habit)?);
            }
        }
        self.jobs_again(doubtful)
    }

    /// Takes the habits of a file off the account that is read again or gone.
    fn forget_habits(&mut self, key: &str) -> Result<()> {
        for (habit, articles) in self.site.ledger.habits_of(key)? {
            self.orders.forget(&habit, articles);
        }
        Ok(())
    }

    /// The files of these keys, as jobs: they look as they did, but have to be read again. Those that this run does not
    /// look at are put off.
    fn jobs_again(&self, mut keys: BTreeSet<String>) -> Result<VecDeque<Job>> {
        let unchanged = self.plan.unchanged.iter();
        let read = self.plan.jobs.iter().map(|job| &job.file);
        let files = unchanged.chain(read).cloned();
        let jobs = files.map(|file| plan::Job::again(self.site.folder, file));
        let jobs = jobs.filter(|job| keys.remove(&job.key)).collect();
        self.put_off(&keys)?;
        Ok(jobs)
    }

    /// Reads files that were read before, in this run or another: what counts is what is different afterwards.
    fn work_again(&mut self, jobs: VecDeque<Job>) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let planned: BTreeSet<&String> = self.plan.jobs.iter().map(|job| &job.key).collect();
        let unplanned = jobs.iter().filter(|job| !planned.contains(&job.key));
        let more = unplanned.filter(|job| self.read_again.insert(job.key.clone())).count() as u64;
        let (before, counted) = (self.site.ledger.totals()?, self.report.clone());
        self.work_through(jobs)?;
        self.report.recount(counted, (before, self.site.ledger.totals()?));
        self.report.read_files += more;
        self.report.unchanged_files = self.report.unchanged_files.saturating_sub(more);
        Ok(())
    }

    fn work_through(&mut self, mut jobs: VecDeque<Job>) -> Result<()> {
        while !jobs.is_empty() && !self.is_over() {
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
        for job in batch.iter().filter(|job| job.known) {
            self.forget_habits(&job.key)?;
        }
        read.iter().flatten().for_each(|read| learn(&mut self.orders, read));
        for (job, mut records) in batch.iter().zip(read) {
            if self.is_over() {
                break;
            }
            let mut habits = Habits::new();
            for read in &mut records {
                settle(&self.orders, read, &mut habits);
            }
            let contents = if job.known { contents_of(&records, &job.file) } else { BTreeSet::new() };
            let mut book = FileBook::open(self.change()?, &name_of(job), &contents)?;
            for record in records {
                if !self.is_over() {
                    self.book(&mut book, record)?;
                }
            }
            self.close(book, job, &habits)?;
        }
        Ok(())
    }

    /// Books the records of a large file as they are read.
    fn stream_file(&mut self, job: &Job) -> Result<()> {
        let options = &self.site.options.read;
        let mut contents = BTreeSet::new();
        let (before, position) = (self.progress.bytes_done, Position::default());
        // What was read before is read twice.
        let share = if job.known { 2 } else { 1 };
        if job.known {
            self.forget_habits(&job.key)?;
            // What is still there keeps its identifier, so it has to be known before the first one is given out.
            let (mut orders, mut habits) = (self.orders.clone(), Habits::new());
            input::read_file_along(&job.file, options, &position, &mut |mut read| {
                learn(&mut orders, &read);
                settle(&orders, &mut read, &mut habits);
                contents.extend(content_of(&read, &job.file));
                self.progress.bytes_done = before + position.bytes() / share;
                self.tell();
                if self.report.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        }
        if self.report.stopped {
            return Ok(());
        }
        let half = self.progress.bytes_done;
        let mut book = FileBook::open(self.change()?, &name_of(job), &contents)?;
        let (mut outcome, mut habits) = (Ok(()), Habits::new());
        input::read_file_along(&job.file, options, &position, &mut |mut read| {
            learn(&mut self.orders, &read);
            settle(&self.orders, &mut read, &mut habits);
            outcome = self.book(&mut book, read);
            self.progress.bytes_done = half + position.bytes() / share;
            self.tell();
            if outcome.is_err() || self.is_over() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        outcome?;
        self.progress.bytes_done = before;
        self.close(book, job, &habits)
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

    /// Closes the book of a file that was read to its end; else what was booked stands, and the file is read again.
    fn close(&mut self, book: FileBook, job: &Job, habits: &Habits) -> Result<()> {
        if self.is_over() {
            return book.leave(self.change()?);
        }
        self.change()?.set_habits(&job.key, habits)?;
        let limit = self.site.options.read.max_file_bytes;
        let is_too_large = limit.is_some_and(|limit| job.file.bytes > limit);
        let look = if is_too_large { Look::too_large(job.file.bytes) } else { job.look };
        let (orders, orphaned) = book.close(self.change()?, look)?;
        self.carry_out(orders)?;
        self.orphaned.extend(orphaned);
        self.has_booked = true;
        self.report.read_files += 1;
        self.progress.files_done += 1;
        self.progress.bytes_done += job.file.bytes;
        Ok(())
    }

    fn carry_out(&mut self, orders: impl IntoIterator<Item = Order>) -> Result<()> {
        for order in orders {
            if matches!(order, Order::Replace(_)) {
                self.collect_all()?;
            }
            match order {
                Order::Put(article) | Order::Replace(article) => {
                    self.progress.articles += 1;
                    self.progress.text_bytes = self.report.text_bytes;
                    self.since_commit += 1;
                    if let Some(publisher) = self.site.annotator.homeless_publisher(&article) {
                        self.early.entry(publisher.to_owned()).or_default().push(article.id.clone());
                    }
                    self.crew.hand(*article);
                    if Annotator::is_lesson(self.progress.articles) {
                        self.collect_all()?;
                        self.site.annotator.settle();
                    }
                }
                Order::Remove(id) => {
                    self.report.removed += 1;
                    self.since_commit += 1;
                    self.writer.remove(&id);
                }
            }
            while let Some(done) = self.crew.finished() {
                self.put(done)?;
            }
        }
        Ok(())
    }

    /// Puts what the crew gives back into the index, and notes what annotated it.
    fn put(&mut self, done: Done) -> Result<()> {
        if done.trouble.is_some() {
            self.report.bare += 1;
        }
        let annotator = if done.trouble.is_some() { 0 } else { ANNOTATOR };
        self.change()?.set_annotator(&done.id, annotator, done.trouble.as_deref())?;
        self.writer.put(done.record?)
    }

    /// Waits for the crew.
    fn collect_all(&mut self) -> Result<()> {
        while let Some(done) = self.crew.wait() {
            self.put(done)?;
            self.tell();
        }
        Ok(())
    }

    /// Waits for the crew, then commits the index, then the ledger.
    fn commit(&mut self) -> Result<()> {
        self.collect_all()?;
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

fn learn(orders: &mut Orders, read: &Read) {
    if let Read::Article(article) = read {
        orders.learn(article);
    }
}

fn settle(orders: &Orders, read: &mut Read, habits: &mut Habits) {
    if let Read::Article(article) = read
        && let Some(habit) = orders.settle(article)
    {
        *habits.entry(habit).or_default() += 1;
    }
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
