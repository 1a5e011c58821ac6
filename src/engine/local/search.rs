//! Answers requests from one snapshot.

use std::ops::ControlFlow;
use std::sync::Arc;

use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as Bound, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use crate::article::Annotated;
use crate::calendar::{Precision, Published, shown};
use crate::engine::local::analysis::{AS_IS, Analyser, folded_path, leaf, marked};
use crate::engine::local::bind::{Binder, Within};
use crate::engine::local::collapse::Found;
use crate::engine::local::collect::{Collected, Collecting, Counted, Entry, Recency, score_of};
use crate::engine::local::expand::{self, Feedback, is_question};
use crate::engine::local::facet::{self, Counts, Selected};
use crate::engine::local::meaning::Meaning;
use crate::engine::local::near;
use crate::engine::local::ordinals::{Ordinals, Whole};
use crate::engine::local::pattern::{Patterns, Reading};
use crate::engine::local::schema::has_column;
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::snippet::snippet;
use crate::engine::local::stored::{self, Head};
use crate::engine::local::watch::Known;
use crate::engine::{Matcher, Visit};
use crate::error::Result;
use crate::field::{Field, FieldKind, find_field};
use crate::query::Query;
use crate::query::request::{Request, Sort};
use crate::query::response::{FacetCounts, FacetValue, Hit, Response, Snippet, Unit};
use crate::span::Span;
use crate::text::fold;

/// How many values are suggested for one that is unknown.
const SUGGESTIONS: usize = 5;

/// A snapshot that is being asked.
#[derive(Debug)]
pub(super) struct Searching {
    /// The commit that is searched.
    pub(super) snapshot: Arc<Snapshot>,
    /// A watch list that was looked for.
    pub(super) known: Option<Arc<Known>>,
}

impl Searching {
    /// Answers a request.
    pub(super) fn search(&self, request: &Request) -> Result<Response> {
        let mut counting = Counting::of(request);
        // The counts of the whole archive are the same for every such request.
        counting.is_whole = request.query == Query::All && request.filters.is_empty();
        let mut found = self.collect(request, &counting)?;
        self.order_by_nearness(request, &mut found)?;
        let mut hits = Vec::new();
        let marking = self.marking(request)?;
        for (address, entry) in self.page(&found.segments, request)? {
            let head = self.snapshot.head(address)?;
            let snippet =
                marking.as_ref().map(|marking| self.snippet(address, &head, marking)).transpose()?;
            let hit = hit(head, snippet.unwrap_or_default(), score(request.sort, entry.key));
            hits.push(self.with_story(hit, address, entry)?);
        }
        let facets = self.facets(request, &counting, &found)?;
        Ok(Response { total: found.total(), unit: request.unit, hits, facets })
    }

    /// Visits every article of the page.
    pub(super) fn stream(&self, request: &Request, visit: &mut Visit<'_>) -> Result<()> {
        let mut found = self.collect(request, &Counting::default())?;
        self.order_by_nearness(request, &mut found)?;
        let marking = self.marking(request)?;
        for (address, entry) in self.page(&found.segments, request)? {
            let head = self.snapshot.head(address)?;
            let annotated = self.snapshot.stored(address, head.clone())?;
            let annotated = self.snapshot.with_corrections(annotated)?;
            let snippet = marking.as_ref().map(|marking| snippet_of(&annotated, marking));
            let hit = hit(head, snippet.unwrap_or_default(), score(request.sort, entry.key));
            let hit = self.with_story(hit, address, entry)?;
            if visit(&hit, &annotated) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    /// The article with this identifier.
    pub(super) fn get(&self, id: &str) -> Result<Option<Annotated>> {
        match self.find(id)? {
            Some(address) => self.article(address).map(Some),
            None => Ok(None),
        }
    }

    /// All articles of the story of this one.
    pub(super) fn copies(&self, id: &str) -> Result<Vec<Annotated>> {
        let Some(address) = self.find(id)? else { return Ok(Vec::new()) };
        let stories = self.snapshot.stories()?;
        stories.members_with(address).iter().map(|&member| self.article(member)).collect()
    }

    /// Where the article with this identifier is.
    fn find(&self, id: &str) -> Result<Option<DocAddress>> {
        let columns = self.snapshot.columns();
        let Some(column) = find_field("id").and_then(|field| columns.values(field)) else { return Ok(None) };
        let term = Term::from_field_text(column, &marked(AS_IS, id));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self.snapshot.searcher.search(&query, &DocSetCollector);
        Ok(found.map_err(|error| self.snapshot.error(&error))?.into_iter().next())
    }

    fn article(&self, address: DocAddress) -> Result<Annotated> {
        let stored = self.snapshot.stored(address, self.snapshot.head(address)?)?;
        self.snapshot.with_corrections(stored)
    }

    /// How many articles match.
    pub(super) fn count(&self, query: &Query) -> Result<usize> {
        let bound = self.binder().bind(query)?;
        self.snapshot.searcher.search(&bound, &Count).map_err(|error| self.snapshot.error(&error))
    }

    /// The values of a field that begin with `prefix`.
    pub(super) fn catalogue(
        &self,
        field: &'static Field,
        prefix: &str,
        limit: Option<usize>,
    ) -> Result<Vec<FacetValue>> {
        let ordinals = self.snapshot.ordinals(field)?;
        let folded = folded_path(prefix);
        if !has_column(field) {
            let mut values =
                self.values_by_term(field, &ordinals, &|value| folded_path(value).starts_with(&folded))?;
            values.truncate(limit.unwrap_or(usize::MAX));
            return Ok(values);
        }
        let counts = &self.whole(field, &ordinals, Unit::Articles)?.counts;
        let mut values: Vec<FacetValue> = Vec::new();
        for (value, &count) in ordinals.values().zip(counts) {
            let begins = folded.is_empty()
                || folded_path(value).starts_with(&folded)
                || fold::key(leaf(value)).starts_with(&folded);
            if count > 0 && begins {
                values.push(FacetValue {
                    value: value.to_owned(),
                    label: if field.kind == FieldKind::Path { leaf(value) } else { value }.to_owned(),
                    count: count as usize,
                    selected: false,
                    unusual: None,
                });
            }
        }
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(limit.unwrap_or(usize::MAX));
        Ok(values)
    }

    /// What finds the matches of `query` in a text.
    pub(super) fn matcher(&self, query: &Query) -> Result<Box<Matcher>> {
        let patterns = Patterns::new(&self.snapshot, query)?;
        Ok(Box::new(move |annotated| {
            let reading = Reading::new(&annotated.article.text, &annotated.annotations.mentions, false);
            let found = patterns.matches(Analyser::of(annotated.language), &reading);
            let mut spans: Vec<Span> = Vec::with_capacity(found.len());
            for found in found {
                match spans.last_mut() {
                    Some(last) if found.span.start < last.end => last.end = last.end.max(found.span.end),
                    _ => spans.push(found.span),
                }
            }
            spans
        }))
    }

    /// Values spelled much like `value`.
    pub(super) fn suggest(&self, field: &'static Field, value: &str) -> Result<Vec<String>> {
        let wanted = fold::key(leaf(value));
        if wanted.is_empty() || field.kind == FieldKind::Text {
            return Ok(Vec::new());
        }
        let allowed = (wanted.chars().count() / 3).clamp(1, 3);
        let mut close: Vec<(usize, &str)> = Vec::new();
        let ordinals = self.snapshot.ordinals(field)?;
        let is_blocked =
            |known: &str| field.name == "actor" && self.snapshot.corrections.is_blocked(leaf(known));
        for known in ordinals.values().filter(|known| !is_blocked(known)) {
            let name = fold::key(leaf(known));
            let distance = std::iter::once(name.as_str())
                .chain(name.split(' ').filter(|word| word.len() > 3))
                .filter(|part| part.len().abs_diff(wanted.len()) <= allowed * 4)
                .map(|part| strsim::osa_distance(part, &wanted))
                .min();
            close.extend(distance.filter(|&distance| distance <= allowed).map(|distance| (distance, known)));
        }
        close.sort_unstable();
        Ok(close.into_iter().take(SUGGESTIONS).map(|(_, value)| value.to_owned()).collect())
    }

    pub(super) fn binder(&self) -> Binder<'_> {
        Binder { snapshot: &self.snapshot, known: self.known.as_deref() }
    }

    /// One pass: filters of counted facets are tested by the collector, all else is part of the query.
    fn collect(&self, request: &Request, counting: &Counting) -> Result<Found> {
        let (asked, mut days) = without_days(&request.query);
        let bound = self.binder().bind_beside(&asked, !days.is_empty())?;
        let mut narrowing = vec![(Occur::Must, bound)];
        let mut selections: Vec<Vec<Query>> = vec![Vec::new(); counting.selections.len()];
        for filter in &request.filters {
            let any = Query::or(filter.any.clone());
            let selection = counting.selections.iter().position(|name| *name == filter.name);
            match (selection, days_of(&any)) {
                (Some(selection), _) => selections[selection].push(any),
                (None, Some(within)) => days.push(within),
                (None, None) => narrowing.push((Occur::Must, self.binder().bind(&any)?)),
            }
        }
        let mut query: Box<dyn Bound> =
            if narrowing.len() == 1 { narrowing.remove(0).1 } else { Box::new(BooleanQuery::new(narrowing)) };
        let searcher = &self.snapshot.searcher;
        if let Some(feedback) = self.feedback(request)? {
            let expanded = feedback.expanded(query, &request.query, searcher);
            query = expanded.map_err(|error| self.snapshot.error(&error))?;
        }
        let mut weights = Vec::with_capacity(selections.len());
        for selection in selections {
            let bound = self.binder().bind(&Query::and(selection))?;
            let weight = bound.weight(EnableScoring::disabled_from_searcher(searcher));
            weights.push(weight.map_err(|error| self.snapshot.error(&error))?);
        }
        let mut counted = Vec::with_capacity(counting.fields.len());
        let fields: &[_] = if counting.is_whole { &[] } else { &counting.fields };
        for &(field, selection) in fields {
            counted.push(Counted { ordinals: self.snapshot.ordinals(field)?, selection });
        }
        let keep = match request.limit {
            Some(0) => 0,
            // Those whose words are looked at must be there, however few are listed.
            Some(limit) if has_near_words(request) => {
                limit.saturating_add(request.offset).max(near::ARTICLES)
            }
            Some(limit) => limit.saturating_add(request.offset),
            None => usize::MAX,
        };
        let sets_aside = request.collapse || request.unit == Unit::Stories;
        let stories = sets_aside.then(|| self.snapshot.stories()).transpose()?;
        let stories = stories.filter(|stories| !stories.is_empty());
        let snapshot = Arc::clone(&self.snapshot);
        let recency = request.recent.map(|days| Recency { newest: snapshot.newest_day(), days });
        let collecting = Collecting {
            snapshot,
            sort: request.sort,
            recency,
            keep,
            days,
            selections: weights,
            counted,
            stories,
        };
        let collected = searcher.search(&query, &collecting).map_err(|error| self.snapshot.error(&error))?;
        Ok(Found::new(collected, request, keep))
    }

    /// Lifts the best articles in which the words of the query stand near each other.
    fn order_by_nearness(&self, request: &Request, found: &mut Found) -> Result<()> {
        let words = near::words(&request.query);
        if !has_near_words(request) || request.limit == Some(0) {
            return Ok(());
        }
        near::order(found, &words, &self.snapshot).map_err(|error| self.snapshot.error(&error))
    }

    /// What the best hits say, where the answer is to be ordered by it too.
    fn feedback(&self, request: &Request) -> Result<Option<Feedback>> {
        let is_wanted = request.expand.unwrap_or_else(|| is_question(&request.query));
        if !is_wanted || request.sort != Sort::Relevance || request.limit == Some(0) {
            return Ok(None);
        }
        let best = Request {
            expand: Some(false),
            limit: Some(expand::ARTICLES),
            offset: 0,
            facets: Vec::new(),
            ..request.clone()
        };
        let found = self.collect(&best, &Counting::default())?;
        let mut feedback = Feedback::default();
        for (address, entry) in self.page(&found.segments, &best)? {
            let head = self.snapshot.head(address)?;
            let packed = self.snapshot.packed(address)?;
            let text = stored::unpack_text(&packed).map_err(|error| self.snapshot.unreadable(&error))?;
            feedback.add(&head, text, self.snapshot.columns().whole, score_of(entry.key));
        }
        Ok(Some(feedback))
    }

    /// The asked page over all segments, in order.
    fn page(&self, collected: &[Collected], request: &Request) -> Result<Vec<(DocAddress, Entry)>> {
        let limit = request.limit.unwrap_or(usize::MAX);
        let mut next = vec![0; collected.len()];
        let mut page = Vec::new();
        let mut skipped = 0;
        while page.len() < limit {
            let Some(number) = self.best_head(collected, &next)? else { break };
            let entry: Entry = collected[number].entries[next[number]];
            next[number] += 1;
            if skipped < request.offset {
                skipped += 1;
            } else {
                page.push((DocAddress::new(collected[number].segment, entry.doc), entry));
            }
        }
        Ok(page)
    }

    /// Which segment has the best entry of those that are next. Identifiers are read only to part equals.
    fn best_head(&self, collected: &[Collected], next: &[usize]) -> Result<Option<usize>> {
        let heads = || {
            let entry =
                |number: usize| collected[number].entries.get(next[number]).map(|entry| (number, *entry));
            (0..collected.len()).filter_map(entry)
        };
        let Some(best) = heads().map(|(_, entry)| entry.key).max() else { return Ok(None) };
        let mut equals = heads().filter(|(_, entry)| entry.key == best);
        let Some((mut first, entry)) = equals.next() else { return Ok(None) };
        let mut least = None;
        for (number, other) in equals {
            let id = |number: usize, entry: Entry| {
                self.snapshot.id(DocAddress::new(collected[number].segment, entry.doc))
            };
            let known = match least.take() {
                Some(known) => known,
                None => id(first, entry)?,
            };
            let other = id(number, other)?;
            if other < known {
                first = number;
                least = Some(other);
            } else {
                least = Some(known);
            }
        }
        Ok(Some(first))
    }

    /// What the query and the filters look for in a text, if snippets are asked for.
    fn marking(&self, request: &Request) -> Result<Option<Patterns>> {
        if !request.snippets {
            return Ok(None);
        }
        let mut parts = vec![request.query.clone()];
        parts.extend(request.filters.iter().map(|filter| Query::or(filter.any.clone())));
        Patterns::new(&self.snapshot, &Query::and(parts)).map(Some)
    }

    fn snippet(&self, address: DocAddress, head: &Head, patterns: &Patterns) -> Result<Snippet> {
        let packed = self.snapshot.packed(address)?;
        let (text, annotations) = patterns
            .unpack(head, &packed, &|| self.snapshot.segment(address.segment_ord).kept(address.doc_id))
            .map_err(|error| self.snapshot.error(&error))?;
        let reading = Reading::new(text, &annotations.mentions, false);
        let matches = patterns.matches(Analyser::of(head.language()), &reading);
        Ok(snippet(text, &matches))
    }

    /// A hit with the story that it belongs to.
    fn with_story(&self, mut hit: Hit, address: DocAddress, entry: Entry) -> Result<Hit> {
        let stories = self.snapshot.stories()?;
        if let Some(&first) = stories.members_with(address).first() {
            hit.story = self.snapshot.id(first)?;
            hit.has_copies = true;
        }
        hit.copies = entry.copies as usize;
        Ok(hit)
    }

    /// The counts of one field over all segments.
    fn counts(&self, found: &Found, number: usize, counted: CountedField) -> Result<Vec<u32>> {
        let ordinals = self.snapshot.ordinals(counted.0)?;
        let mut sum = vec![0; ordinals.len()];
        for collected in &found.segments {
            if let Some(counts) = collected.counts.get(number) {
                ordinals.add(collected.segment as usize, counts, &mut sum);
            }
        }
        add_copies(found, counted, &ordinals, &mut sum);
        Ok(sum)
    }

    /// How many articles or stories of the archive have each value of `field`.
    pub(super) fn whole<'o>(
        &self,
        field: &'static Field,
        ordinals: &'o Ordinals,
        unit: Unit,
    ) -> Result<&'o Whole> {
        if let Some(known) = ordinals.whole(unit) {
            return Ok(known);
        }
        let mut request = Request::new(Query::All);
        request.limit = Some(0);
        request.unit = unit;
        let counting = Counting { fields: vec![(field, None)], ..Counting::default() };
        let found = self.collect(&request, &counting)?;
        let counts = self.counts(&found, 0, (field, None))?;
        Ok(ordinals.remember_whole(unit, Whole { counts, total: found.total() }))
    }

    fn facets(&self, request: &Request, counting: &Counting, found: &Found) -> Result<Vec<FacetCounts>> {
        let mut sums = Vec::with_capacity(counting.fields.len());
        for (number, &counted) in counting.fields.iter().enumerate() {
            sums.push(if counting.is_whole {
                self.whole(counted.0, &*self.snapshot.ordinals(counted.0)?, request.unit)?.counts.clone()
            } else {
                self.counts(found, number, counted)?
            });
        }
        let mut facets = Vec::with_capacity(request.facets.len());
        for (asked, &number) in request.facets.iter().zip(&counting.by_facet) {
            let field = counting.fields[number].0;
            let ordinals = self.snapshot.ordinals(field)?;
            let chosen = self.selected(request, asked.facet.name, field)?;
            let selected = Selected::new(chosen, facet::separator(asked.facet.view));
            let archive = request.unusual.then(|| self.whole(field, &ordinals, request.unit)).transpose()?;
            let (answer, total) = (sums[number].as_slice(), found.total());
            let counts = Counts { ordinals: &ordinals, answer, total, archive };
            facets.push(facet::shown(*asked, &counts, &selected));
        }
        Ok(facets)
    }

    /// The values of `field` that the filters of facet `name` select, as they are shown.
    fn selected(&self, request: &Request, name: &str, field: &'static Field) -> Result<Vec<String>> {
        let mut selected = Vec::new();
        let leaves = request.filters.iter().filter(|filter| filter.name == name);
        for leaf in leaves.flat_map(|filter| &filter.any) {
            match leaf {
                Query::Days { from: Some(from), to: Some(to), .. } => {
                    selected.extend(calendar_node(*from, *to));
                }
                Query::Value { value, distance, .. } => {
                    let ordinals = self.snapshot.ordinals(field)?;
                    if *distance == 0 && ordinals.find(value).is_some() {
                        selected.push(value.clone());
                        continue;
                    }
                    let meaning = Meaning::of(&self.snapshot, field, value, *distance)?;
                    let meant = ordinals.values().filter(|value| meaning.accepts(field, value));
                    selected.extend(meant.map(str::to_owned));
                }
                _ => {}
            }
        }
        Ok(selected)
    }
}

/// Whether the words of a request order its best articles.
fn has_near_words(request: &Request) -> bool {
    request.sort == Sort::Relevance && !near::words(&request.query).is_empty()
}

/// A query without the ranges in which every day of publication must lie, and these.
fn without_days(query: &Query) -> (Query, Vec<Within>) {
    let parts = match query {
        Query::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let days: Vec<Within> = parts.iter().filter_map(days_of).collect();
    if days.is_empty() {
        return (query.clone(), days);
    }
    let rest = parts.iter().filter(|part| days_of(part).is_none()).cloned().collect();
    (Query::and(rest), days)
}

/// The range of days of publication that a clause is, if it is one.
fn days_of(query: &Query) -> Option<Within> {
    match query {
        Query::Days { field, from, to, overlap } if field.name == "published" => {
            Some(Within::new(*from, *to, *overlap))
        }
        _ => None,
    }
}

/// What matched in an article that was read.
fn snippet_of(annotated: &Annotated, patterns: &Patterns) -> Snippet {
    let text = &annotated.article.text;
    let reading = Reading::new(text, &annotated.annotations.mentions, false);
    snippet(text, &patterns.matches(Analyser::of(annotated.language), &reading))
}

fn hit(head: Head, snippet: Snippet, score: f32) -> Hit {
    Hit {
        published: head.published().as_ref().map(Published::record),
        language: head.language().code().to_owned(),
        title: head.title.unwrap_or_default(),
        source: head.source,
        snippet,
        score,
        story: head.id.clone(),
        copies: 0,
        has_copies: false,
        id: head.id,
        path: head.path,
    }
}

/// A field whose values are counted, with the selection that does not narrow the counts.
type CountedField = (&'static Field, Option<usize>);

/// Adds what was set aside: a story counts once under a value, however many of its copies have it.
fn add_copies(found: &Found, (_, selection): CountedField, ordinals: &Ordinals, sum: &mut [u32]) {
    let mut copies = found.copies(selection).peekable();
    if copies.peek().is_none() {
        return;
    }
    let mut last = vec![0; sum.len()];
    for (mark, member) in copies {
        let segment = member.segment as usize;
        let Some(column) = ordinals.column(segment) else { continue };
        for own in column.values_for_doc(member.doc()) {
            let Some(number) = ordinals.counted(segment, own) else { continue };
            if last[number] != mark {
                last[number] = mark;
                sum[number] += 1;
            }
        }
    }
}

/// What is counted for the facets of a request.
#[derive(Debug, Default)]
struct Counting {
    /// Names of the filters that some facet is counted without.
    selections: Vec<&'static str>,
    /// The fields whose values are counted.
    fields: Vec<CountedField>,
    /// Per facet, its place in `fields`.
    by_facet: Vec<usize>,
    /// Every article is asked for, so that nothing needs to be counted anew.
    is_whole: bool,
}

impl Counting {
    fn of(request: &Request) -> Counting {
        let mut counting = Counting::default();
        for asked in &request.facets {
            let Some(field) = find_field(asked.facet.field) else { continue };
            let own = asked.facet.name;
            let selection = request.filters.iter().any(|filter| filter.name == own).then(|| {
                let known = counting.selections.iter().position(|name| *name == own);
                known.unwrap_or_else(|| {
                    counting.selections.push(own);
                    counting.selections.len() - 1
                })
            });
            let known = counting.fields.iter().position(|counted| *counted == (field, selection));
            counting.by_facet.push(known.unwrap_or_else(|| {
                counting.fields.push((field, selection));
                counting.fields.len() - 1
            }));
        }
        counting
    }
}

/// The year, month or day that an interval is, if it is one.
fn calendar_node(from: jiff::civil::Date, to: jiff::civil::Date) -> Option<String> {
    let precision = if from == to {
        Precision::Day
    } else if from.first_of_month() == from && from.last_of_month() == to {
        Precision::Month
    } else if from.first_of_year() == from && from.last_of_year() == to {
        Precision::Year
    } else {
        return None;
    };
    Some(shown(from, precision))
}

fn score(sort: Sort, key: u64) -> f32 {
    if sort == Sort::Relevance { score_of(key) } else { 0.0 }
}
