//! The crew: threads that annotate articles and pack them for the index, side by side.
//!
//! Takes articles, gives back each as a [`Done`], in whatever order they are finished. Waiting articles are bounded in
//! number. An article whose annotation panics or takes too long is packed without annotations, and says so; the thread
//! that hangs over it is given up and another takes its place. Never touches the index or the ledger.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, bounded, unbounded};

use crate::article::{Annotated, Annotations, Article};
use crate::engine::local::Record;
use crate::error::Result;
use crate::guard;
use crate::pipeline::annotator::Annotator;
use crate::text::detect;

/// Articles waiting to be annotated.
const QUEUE_ARTICLES: usize = 512;
/// How often the desks are looked at while there is nothing else to do.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// An article, ready for the index.
pub(super) struct Done {
    /// Its identifier.
    pub(super) id: String,
    /// What the index takes.
    pub(super) record: Result<Record>,
    /// Why it has no annotations, if it has none.
    pub(super) trouble: Option<String>,
}

/// What a thread is working on, and since when; empty while it waits, or when its work was taken from it.
type Desk = Mutex<Option<(Instant, Arc<Article>)>>;

/// The threads and what they share.
pub(super) struct Crew {
    annotator: Arc<Annotator>,
    /// Articles go in here; closed when the crew is let go, which ends the threads.
    queue: Sender<Arc<Article>>,
    waiting: Receiver<Arc<Article>>,
    done: Sender<Done>,
    finished: Receiver<Done>,
    desks: Vec<Arc<Desk>>,
    limit: Duration,
    last_look: Instant,
    /// Articles handed over and not yet given back.
    in_flight: usize,
}

impl Crew {
    /// Hires `threads` threads; `limit` is the time that one article may take.
    pub(super) fn hire(annotator: Arc<Annotator>, threads: usize, limit: Duration) -> Crew {
        let (queue, waiting) = bounded(QUEUE_ARTICLES);
        let (done, finished) = unbounded();
        let mut crew = Crew {
            annotator,
            queue,
            waiting,
            done,
            finished,
            desks: Vec::new(),
            limit,
            last_look: Instant::now(),
            in_flight: 0,
        };
        crew.desks = (0..threads.max(1)).map(|_| crew.staff_a_desk()).collect();
        crew
    }

    fn staff_a_desk(&self) -> Arc<Desk> {
        let desk = Arc::new(Desk::default());
        let (annotator, waiting, done) =
            (Arc::clone(&self.annotator), self.waiting.clone(), self.done.clone());
        let own = Arc::clone(&desk);
        thread::spawn(move || work(&annotator, &waiting, &done, &own));
        desk
    }

    /// Hands an article over; waits while too many are waiting already.
    pub(super) fn hand(&mut self, article: Article) {
        self.in_flight += 1;
        let mut article = Arc::new(article);
        // The crew holds the other end itself, so that the queue is never closed before the crew is let go.
        while let Err(SendTimeoutError::Timeout(back)) = self.queue.send_timeout(article, LOOK_EVERY) {
            article = back;
            self.clear_desks();
        }
    }

    /// An article that is finished, if there is one.
    pub(super) fn finished(&mut self) -> Option<Done> {
        self.clear_desks();
        let done = self.finished.try_recv().ok()?;
        self.in_flight -= 1;
        Some(done)
    }

    /// The next article that gets finished; `None` if none is in flight.
    pub(super) fn wait(&mut self) -> Option<Done> {
        while self.in_flight > 0 {
            match self.finished.recv_timeout(LOOK_EVERY) {
                Ok(done) => {
                    self.in_flight -= 1;
                    return Some(done);
                }
                Err(RecvTimeoutError::Timeout) => self.clear_desks(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        None
    }

    /// Takes work away from threads that have been over it for too long.
    fn clear_desks(&mut self) {
        if self.last_look.elapsed() < LOOK_EVERY {
            return;
        }
        self.last_look = Instant::now();
        for at in 0..self.desks.len() {
            let Some(article) = overdue(&self.desks[at], self.limit) else { continue };
            let trouble = format!("annotation took more than {} s", self.limit.as_secs());
            // We hold the other end.
            let _ = self.done.send(without_annotations((*article).clone(), trouble));
            self.desks[at] = self.staff_a_desk();
        }
    }
}

/// What lies on a desk for longer than `limit`, taken off it.
fn overdue(desk: &Desk, limit: Duration) -> Option<Arc<Article>> {
    let mut desk = look_at(desk);
    let is_overdue = desk.as_ref().is_some_and(|(since, _)| since.elapsed() > limit);
    is_overdue.then(|| desk.take()).flatten().map(|(_, article)| article)
}

fn look_at(desk: &Desk) -> MutexGuard<'_, Option<(Instant, Arc<Article>)>> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One of the crew: annotates and packs until the queue is closed, or its work is taken from it.
fn work(annotator: &Annotator, waiting: &Receiver<Arc<Article>>, done: &Sender<Done>, desk: &Desk) {
    for article in waiting {
        *look_at(desk) = Some((Instant::now(), Arc::clone(&article)));
        let finished = annotated(annotator, &article);
        let was_taken = look_at(desk).take().is_none();
        if was_taken || done.send(finished).is_err() {
            return;
        }
    }
}

/// An article whose annotation panics is our fault, not its own: it is indexed without annotations.
fn annotated(annotator: &Annotator, article: &Article) -> Done {
    let done = guard::caught(|| {
        let annotated = annotator.annotate(article.clone());
        annotator.learn(&annotated);
        Done { id: article.id.clone(), record: annotator.pack(&annotated), trouble: None }
    });
    done.unwrap_or_else(|panic| {
        without_annotations(article.clone(), format!("annotation stopped on an error of ours: {panic}"))
    })
}

fn without_annotations(mut article: Article, trouble: String) -> Done {
    article.notes.push(format!("{trouble}: indexed without who, where and when"));
    let language = detect::language(article.language, article.title(), &article.text);
    let id = article.id.clone();
    let published = article.published.clone();
    let annotated = Annotated { published, language, annotations: Annotations::default(), article };
    Done { id, record: Record::new(&annotated), trouble: Some(trouble) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn work_is_taken_from_a_desk_only_when_it_is_overdue() {
        let desk = Desk::default();
        assert!(overdue(&desk, Duration::ZERO).is_none());
        *look_at(&desk) = Some((Instant::now(), Arc::new(Article::default())));
        assert!(overdue(&desk, Duration::from_hours(1)).is_none());
        thread::sleep(Duration::from_millis(2));
        assert!(overdue(&desk, Duration::from_millis(1)).is_some());
        assert!(overdue(&desk, Duration::ZERO).is_none(), "it is gone");
    }

    #[test]
    fn every_article_comes_back_once_even_when_time_is_up() {
        let folder = tempfile::tempdir().unwrap();
        let annotator = Arc::new(Annotator::open(folder.path(), &BTreeMap::new()).unwrap());
        for limit in [Duration::ZERO, Duration::from_hours(1)] {
            let mut crew = Crew::hire(Arc::clone(&annotator), 3, limit);
            let mut ids = Vec::new();
            for number in 0..300 {
                let text = "President Joe Biden met envoys from Iraq in Geneva on Monday. ".repeat(40);
                crew.hand(Article { id: number.to_string(), text, ..Article::default() });
                ids.extend(crew.finished().map(|done| done.id));
            }
            while let Some(done) = crew.wait() {
                assert!(done.record.is_ok());
                ids.push(done.id);
            }
            ids.sort_by_key(|id| id.parse::<u32>().unwrap());
            let expected: Vec<String> = (0..300).map(|number: u32| number.to_string()).collect();
            assert_eq!(ids, expected);
        }
    }
}
