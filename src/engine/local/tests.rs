//! What an index on disk answers, against small archives written here.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::*;
use crate::article::{
    Actor, ActorKind, Annotated, Annotations, Article, Entity, Mention, Place, PlaceKind, Timex, TimexKind,
};
use crate::calendar::{DateSource, Precision, Published};
use crate::field::{FACETS, MISSING, find_facet, find_field};
use crate::language::Language;
use crate::query::Centre;
use crate::query::request::{FacetRequest, Filter, Sort};
use crate::query::response::{Hit, Unit};
use crate::span::Span;

/// An article with mentions of every name that is known here.
fn article(id: &str, title: &str, text: &str, published: Option<Date>) -> Annotated {
    let article = Article {
        id: id.to_owned(),
        path: format!("{id}.txt"),
        format: "text",
        title: (!title.is_empty()).then(|| title.to_owned()),
        text: text.to_owned(),
        ..Article::default()
    };
    let published = published.map(|date| Published {
        date,
        time: None,
        precision: Precision::Day,
        source: DateSource::Field,
    });
    let annotations = Annotations { title_mentions: mentions(title), mentions: mentions(text) };
    Annotated { article, language: Language::ENGLISH, published, annotations }
}

fn mentions(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = known()
        .into_iter()
        .flat_map(|(name, entity)| {
            text.match_indices(name).map(move |(at, name)| Mention {
                span: Span::new(at, at + name.len()),
                entity: entity.clone(),
            })
        })
        .collect();
    found.sort_by_key(|mention| mention.span);
    found
}

fn known() -> Vec<(&'static str, Entity)> {
    let actor =
        |name: &str, kind| Entity::Actor(Arc::new(Actor { name: name.to_owned(), kind, country: None }));
    let place = |path: &str, kind, lat, lon| {
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        Entity::Place(Arc::new(Place {
            demonym: false,
            kind,
            name: path.last().unwrap().clone(),
            path,
            lat,
            lon,
            geonames_id: None,
            approximate: false,
            confidence: 1.0,
            focus: false,
        }))
    };
    let days = |value: &str, from, to| {
        Entity::Date(Arc::new(Timex {
            kind: TimexKind::Date,
            value: value.to_owned(),
            from: Some(from),
            to: Some(to),
            publication: false,
        }))
    };
    vec![
        ("Biden", actor("Joe Biden", ActorKind::Person)),
        ("Putin", actor("Vladimir Putin", ActorKind::Person)),
        ("Wagner", actor("Wagner Group", ActorKind::ArmedGroup)),
        ("Baghdad", place("Asia/Iraq/Baghdad", PlaceKind::City, 33.34, 44.40)),
        ("Iraq", place("Asia/Iraq", PlaceKind::Country, 33.0, 44.0)),
        ("Mali", place("Africa/Mali", PlaceKind::Country, 18.0, -2.0)),
        ("Suva", place("Oceania/Fiji/Suva", PlaceKind::City, -18.14, 178.44)),
        ("Apia", place("Oceania/Samoa/Apia", PlaceKind::City, -13.83, -171.77)),
        ("February 2014", days("2014-02", date(2014, 2, 1), date(2014, 2, 28))),
        ("the 1990s", days("199", date(1990, 1, 1), date(1999, 12, 31))),
        ("3 June 2021", days("2021-06-03", date(2021, 6, 3), date(2021, 6, 3))),
        ("1066", days("1066", date(1066, 1, 1), date(1066, 12, 31))),
    ]
}

fn indexed(articles: &[Annotated]) -> (tempfile::TempDir, LocalIndex) {
    let dir = tempfile::tempdir().unwrap();
    let index = LocalIndex::create(dir.path()).unwrap();
    let mut writer = index.writer(1, 0).unwrap();
    for article in articles {
        writer.put(Record::new(article).unwrap()).unwrap();
    }
    writer.commit("done").unwrap();
    drop(writer);
    (dir, index)
}

/// As many segments as it takes to commit so many articles at a time.
fn indexed_in_parts(articles: &[Annotated], part: usize) -> (tempfile::TempDir, LocalIndex) {
    let (dir, index) = indexed(&[]);
    let mut writer = index.writer(1, 0).unwrap();
    for part in articles.chunks(part) {
        for article in part {
            writer.put(Record::new(article).unwrap()).unwrap();
        }
        writer.commit("").unwrap();
    }
    drop(writer);
    (dir, index)
}

fn archive() -> Vec<Annotated> {
    let mut french = article(
        "fr",
        "Élections générales",
        "Les ministres étaient à Mali pour les élections.",
        Some(date(2022, 5, 1)),
    );
    french.language = Language::of("fr");
    french.article.source = Some("Le Monde".to_owned());
    let mut chinese = article("zh", "", "北京政府星期一宣布新政策", None);
    chinese.language = Language::of("zh");
    vec![
        article(
            "a",
            "Biden strikes",
            "Joe Biden ordered air strikes in Iraq on 3 June 2021.\n\nPutin was silent.",
            Some(date(2021, 6, 28)),
        ),
        article(
            "b",
            "Wagner in Mali",
            "Wagner arrived in Mali. In the 1990s the ministers of Iraq met in Baghdad.",
            Some(date(2022, 1, 5)),
        ),
        article("c", "", "Elections in Suva and Apia since 1066. The minister's election was won.", None),
        article(
            "d",
            "Old news",
            "In February 2014 Putin said nothing. Wagner was unknown.",
            Some(date(1650, 2, 3)),
        ),
        french,
        chinese,
    ]
}

fn ids(index: &LocalIndex, query: Query) -> String {
    let mut request = Request::new(query);
    request.limit = None;
    request.sort = Sort::Newest;
    let response = index.search(&request).unwrap();
    assert_eq!(response.total, response.hits.len());
    let mut ids: Vec<&str> = response.hits.iter().map(|hit| hit.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(index.count(&request.query).unwrap(), ids.len(), "counting agrees with listing");
    ids.join(" ")
}

fn field(name: &str) -> &'static Field {
    find_field(name).unwrap()
}

fn word(text: &str) -> Query {
    Query::Word { field: None, text: text.to_owned(), exact: false, distance: 0 }
}

fn word_in(name: &str, text: &str) -> Query {
    Query::Word { field: Some(field(name)), text: text.to_owned(), exact: false, distance: 0 }
}

fn exact(text: &str) -> Query {
    Query::Word { field: None, text: text.to_owned(), exact: true, distance: 0 }
}

fn fuzzy(text: &str, distance: u8) -> Query {
    Query::Word { field: None, text: text.to_owned(), exact: false, distance }
}

fn phrase(text: &str, exact: bool, slop: u32) -> Query {
    Query::Phrase { field: None, text: text.to_owned(), exact, slop }
}

fn value(name: &str, value: &str) -> Query {
    Query::Value { field: field(name), value: value.to_owned(), distance: 0 }
}

fn days(name: &str, from: Option<Date>, to: Option<Date>, overlap: bool) -> Query {
    Query::Days { field: field(name), from, to, overlap }
}

fn together(parts: Vec<Query>, paragraph: bool) -> Query {
    Query::Together { parts, paragraph }
}

fn not(query: Query) -> Query {
    Query::Not(Box::new(query))
}

#[test]
fn every_kind_of_query_finds_what_it_should_and_nothing_else() {
    let (_dir, index) = indexed(&archive());
    let prefix =
        |name: Option<&str>, text: &str| Query::Prefix { field: name.map(field), text: text.to_owned() };
    let wild = |name: Option<&str>, pattern: &str| Query::Wildcard {
        field: name.map(field),
        pattern: pattern.to_owned(),
    };
    let regex = |pattern: &str| Query::Regex { field: None, pattern: pattern.to_owned() };
    let near = |lat, lon, km| Query::Near { centre: Centre::Point { lat, lon }, km };
    let bbox = |west, south, east, north| Query::Bbox { west, south, east, north };
    let day = |year, month, day| Some(date(year, month, day));
    let cases = vec![
        ("all", Query::All, "a b c d fr zh"),
        ("stem", word("strike"), "a"),
        ("stem, other languages too", word("minister"), "b c"),
        ("possessive and plural", word("ministers"), "b c"),
        ("across languages", word("ELECTION"), "c fr"),
        ("accents do not matter", word("generales"), "fr"),
        ("unspaced script", word("政府"), "zh"),
        ("unspaced script, not there", word("府政"), ""),
        ("unknown word", word("xylophone"), ""),
        ("punctuation says nothing beside a word", Query::And(vec![word("—"), word("silent")]), "a"),
        ("title", word_in("title", "strikes"), "a"),
        ("title, not there", word_in("title", "ordered"), ""),
        ("body", word_in("text", "strikes"), "a"),
        ("body, only in the title", word_in("text", "news"), ""),
        ("exact", exact("ministers"), "b"),
        ("exact, only stem there", exact("strike"), ""),
        ("typo", fuzzy("ministre", 2), "b c fr"),
        ("no typo allowed", fuzzy("ministrexx", 1), ""),
        ("short words have no typos", fuzzy("ix", 1), ""),
        ("nor have characters", fuzzy("政策", 1), "zh"),
        ("of which there are others", fuzzy("政第", 2), ""),
        ("phrase", phrase("air strikes", false, 0), "a"),
        ("phrase, other order", phrase("strikes air", false, 0), ""),
        ("phrase by stem", phrase("minister of Iraq", false, 0), "b"),
        ("exact phrase", phrase("ministers of Iraq", true, 0), "b"),
        ("exact phrase, only stems there", phrase("minister of Iraq", true, 0), ""),
        ("near words", phrase("ordered strikes", false, 1), "a"),
        ("near words, too far", phrase("ordered Iraq", false, 1), ""),
        ("prefix", prefix(None, "elect"), "c fr"),
        ("prefix longer than the stem", prefix(None, "electio"), "c fr"),
        ("prefix, not there", prefix(None, "electr"), ""),
        ("prefix of a title", prefix(Some("title"), "str"), "a"),
        ("prefix of a value", prefix(Some("actor"), "vlad"), "a d"),
        ("prefix of a path", prefix(Some("place"), "Asia/Ir"), "a b"),
        ("wildcard", wild(None, "m?nister*"), "b c"),
        ("wildcard matches whole words", wild(None, "m?nist"), ""),
        ("wildcard of a value", wild(Some("actor"), "*group"), "b d"),
        ("regex", regex("minist(er|re)s?"), "b c fr"),
        ("regex matches whole words", regex("inister"), ""),
        ("path", value("actor", "person/Joe Biden"), "a"),
        ("ancestor", value("place", "Asia"), "a b"),
        ("name", value("place", "iraq"), "a b"),
        ("folded path", value("place", "asia/iraq/baghdad"), "b"),
        ("word of a name", value("actor", "biden"), "a"),
        ("words of a name", value("actor", "group wagner"), "b d"),
        ("kind", value("actor", "armed-group"), "b d"),
        ("not a whole word", value("actor", "bide"), ""),
        ("keyword, folded", value("source", "le monde"), "fr"),
        ("keyword by word", value("source", "monde"), "fr"),
        ("missing", value("published", MISSING), "c zh"),
        (
            "value with a typo",
            Query::Value { field: field("actor"), value: "Vladimir Puttin".to_owned(), distance: 1 },
            "a d",
        ),
        ("identifier", value("id", "a"), "a"),
        ("days within", days("event", day(2014, 1, 1), day(2014, 12, 31), false), "d"),
        ("days, not within", days("event", day(2014, 2, 2), day(2014, 12, 31), false), ""),
        ("days that touch", days("event", day(2014, 2, 2), day(2014, 12, 31), true), "d"),
        ("decade within", days("event", day(1990, 1, 1), day(1999, 12, 31), false), "b"),
        ("long ago", days("event", None, day(1500, 1, 1), false), "c"),
        ("open end", days("published", day(2022, 1, 1), None, false), "b fr"),
        ("before 1677", days("published", None, day(1700, 1, 1), false), "d"),
        ("upside down", days("published", day(2022, 1, 1), day(2021, 1, 1), true), ""),
        ("near", near(33.3, 44.3, 50.0), "b"),
        ("countries are no spots", near(33.0, 44.0, 30.0), ""),
        ("over the antimeridian", bbox(170.0, -30.0, -170.0, 0.0), "c"),
        ("box", bbox(40.0, 30.0, 50.0, 40.0), "a b"),
        ("empty box", bbox(0.0, 50.0, 1.0, 51.0), ""),
        ("has", Query::Has(field("published")), "a b d fr"),
        ("has place", Query::Has(field("place")), "a b c fr"),
        ("has title", Query::Has(field("title")), "a b d fr"),
        ("together", together(vec![value("actor", "Wagner"), value("place", "Mali")], false), "b"),
        ("not together", together(vec![value("actor", "Wagner"), value("place", "Iraq")], false), ""),
        ("in one paragraph", together(vec![value("actor", "Wagner"), value("place", "Iraq")], true), "b"),
        ("in two paragraphs", together(vec![value("place", "Iraq"), value("actor", "Putin")], true), ""),
        (
            "words and dates together",
            together(vec![word("order"), days("event", day(2021, 1, 1), day(2021, 12, 31), false)], false),
            "a",
        ),
        ("and", Query::And(vec![word("Putin"), word("Wagner")]), "d"),
        ("and not", Query::And(vec![word("Putin"), not(word("Wagner"))]), "a"),
        ("only not", not(word("Putin")), "b c fr zh"),
        ("and of nots", Query::And(vec![not(word("Putin")), not(word("Mali"))]), "c zh"),
        ("or", Query::Or(vec![word("Suva"), word("silent")]), "a c"),
        ("or with not", Query::Or(vec![word("silent"), not(Query::Has(field("published")))]), "a c zh"),
        ("nothing of nothing", Query::Or(vec![]), ""),
        ("all of nothing", Query::And(vec![]), "a b c d fr zh"),
        ("boost", Query::Boost(Box::new(word("Suva")), 2.0), "c"),
    ];
    for (what, query, expected) in cases {
        assert_eq!(ids(&index, query.clone()), expected, "{what}: {query:?}");
    }
}

#[test]
fn places_are_bound_by_alias_and_by_region() {
    let (_dir, index) = indexed(&archive());
    let cases = [("Irak", "a b"), ("middle east", "a b"), ("Baghdad, Iraq", "b"), ("Atlantis", "")];
    for (name, expected) in cases {
        assert_eq!(ids(&index, value("place", name)), expected, "{name}");
    }
}

#[test]
fn an_article_comes_back_as_it_went_in() {
    let articles = archive();
    let (_dir, index) = indexed(&articles);
    for article in articles {
        assert_eq!(index.get(&article.article.id).unwrap().as_ref(), Some(&article));
    }
    assert_eq!(index.get("A").unwrap(), None, "identifiers are not folded here");
}

#[test]
fn putting_again_replaces_and_removing_takes_away() {
    let (_dir, index) = indexed(&archive());
    assert_eq!(index.payload().unwrap(), "done");
    let mut writer = index.writer(1, 0).unwrap();
    let changed = article("a", "Changed", "Suva again.", None);
    writer.put(Record::new(&changed).unwrap()).unwrap();
    writer.put(Record::new(&changed).unwrap()).unwrap();
    writer.put(Record::new(&article("new", "", "Suva.", None)).unwrap()).unwrap();
    writer.remove("b");
    writer.remove("nobody");
    assert_eq!(index.len(), 6, "nothing is seen before the commit");
    writer.commit("later").unwrap();
    writer.close().unwrap();
    assert_eq!(index.len(), 6);
    assert_eq!(index.payload().unwrap(), "later");
    assert_eq!(ids(&index, word("Suva")), "a c new");
    assert_eq!(ids(&index, value("place", "Asia")), "");
}

#[test]
fn one_writer_at_a_time_and_the_second_learns_who() {
    let (dir, index) = indexed(&archive());
    let writer = index.writer(1, 0).unwrap();
    let other = LocalIndex::open(dir.path()).unwrap();
    let refused = other.writer(1, 0).unwrap_err();
    assert!(
        matches!(&refused, Error::Locked { holder, .. } if holder.contains(&std::process::id().to_string())),
        "{refused}"
    );
    assert_eq!(other.len(), 6, "reading goes on");
    drop(writer);
    other.writer(1, 0).unwrap();
}

#[test]
fn folders_without_an_index_and_other_versions_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(LocalIndex::open(dir.path()), Err(Error::NoIndex { .. })));
    LocalIndex::create(dir.path()).unwrap();
    LocalIndex::open(dir.path()).unwrap();
    std::fs::write(dir.path().join(VERSION_FILE), "999\n").unwrap();
    for opened in [LocalIndex::open(dir.path()), LocalIndex::create(dir.path())] {
        let error = opened.unwrap_err();
        assert!(matches!(&error, Error::Version { found, .. } if found == "999"));
        assert!(error.to_string().contains("hint:"), "{error}");
    }
}

#[test]
fn pages_follow_each_other_and_ties_are_broken_by_identifier() {
    let articles: Vec<Annotated> = (0..50)
        .map(|number| article(&format!("id-{number:02}"), "", "Suva.", Some(date(2020, 1, 1 + number % 3))))
        .collect();
    // Several commits make several segments.
    let dir = tempfile::tempdir().unwrap();
    let index = LocalIndex::create(dir.path()).unwrap();
    let mut writer = index.writer(1, 0).unwrap();
    for chunk in articles.chunks(7) {
        for article in chunk {
            writer.put(Record::new(article).unwrap()).unwrap();
        }
        writer.commit("").unwrap();
    }
    for sort in [Sort::Relevance, Sort::Oldest, Sort::Newest] {
        let mut request = Request::new(word("Suva"));
        request.sort = sort;
        request.limit = None;
        let all: Vec<(f32, Option<String>, String)> = index
            .search(&request)
            .unwrap()
            .hits
            .into_iter()
            .map(|hit| (hit.score, hit.published.map(|published| published.date), hit.id))
            .collect();
        let mut sorted = all.clone();
        sorted.sort_by(|a, b| match sort {
            Sort::Relevance => b.0.total_cmp(&a.0).then_with(|| a.2.cmp(&b.2)),
            Sort::Oldest => a.1.cmp(&b.1).then_with(|| a.2.cmp(&b.2)),
            Sort::Newest => b.1.cmp(&a.1).then_with(|| a.2.cmp(&b.2)),
        });
        assert_eq!(all, sorted, "{sort:?}");
        let mut paged = Vec::new();
        for offset in (0..50).step_by(9) {
            request.limit = Some(9);
            request.offset = offset;
            let response = index.search(&request).unwrap();
            assert_eq!(response.total, 50);
            paged.extend(response.hits.into_iter().map(|hit| hit.id));
        }
        assert_eq!(paged, all.iter().map(|(_, _, id)| id.clone()).collect::<Vec<_>>());
        let mut streamed = Vec::new();
        request.limit = None;
        request.offset = 5;
        let mut visit = |hit: &crate::query::response::Hit, annotated: &Annotated| {
            assert_eq!(hit.id, annotated.article.id);
            streamed.push(hit.id.clone());
            if streamed.len() == 30 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        index.stream(&request, &mut visit).unwrap();
        assert_eq!(streamed, paged[5..35]);
    }
}

#[test]
fn snippets_mark_what_matched() {
    let (_dir, index) = indexed(&archive());
    let cases = vec![
        (word("strike"), "a", vec!["strikes"]),
        (phrase("air strike", false, 0), "a", vec!["air strikes"]),
        (value("actor", "Joe Biden"), "a", vec!["Biden"]),
        (Query::Prefix { field: None, text: "minis".to_owned() }, "b", vec!["ministers"]),
        (fuzzy("putun", 1), "a", vec!["Putin"]),
        (days("event", Some(date(2021, 1, 1)), None, false), "a", vec!["3 June 2021"]),
        (Query::And(vec![word("silent"), not(word("Wagner"))]), "a", vec!["silent"]),
        (word("政府"), "zh", vec!["政府"]),
        (word("élection"), "fr", vec!["élections"]),
    ];
    for (query, id, expected) in cases {
        let response = index.search(&Request::new(query.clone())).unwrap();
        let hit = response.hits.iter().find(|hit| hit.id == id).unwrap();
        let marked: Vec<&str> = hit.snippet.marks.iter().map(|mark| mark.of(&hit.snippet.text)).collect();
        assert_eq!(marked, expected, "{query:?}: {}", hit.snippet.text);
        assert!(!hit.snippet.text.contains('\n'));
    }
}

#[test]
fn catalogues_list_values_and_suggestions_are_spelled_alike() {
    let (_dir, index) = indexed(&archive());
    let listed = |name: &str, prefix: &str| -> Vec<(String, usize)> {
        let values = index.catalogue(field(name), prefix, None).unwrap();
        values.into_iter().map(|value| (value.value, value.count)).collect()
    };
    assert_eq!(listed("actor", "vlad"), [("person/Vladimir Putin".to_owned(), 2)]);
    assert_eq!(listed("place", "ir"), [("Asia/Iraq".to_owned(), 2)]);
    assert_eq!(index.suggest(field("actor"), "Joe Bidden").unwrap(), ["person/Joe Biden"]);
    assert_eq!(index.suggest(field("place"), "Bagdad").unwrap(), ["Asia/Iraq/Baghdad"]);
    assert!(index.suggest(field("actor"), "Nobody Atall").unwrap().is_empty());
    assert!(index.catalogue(field("text"), "", None).is_err());
}

/// What a facet value says when it is handed back.
fn selection(name: &str, shown: &str) -> Query {
    let name = find_facet(name).unwrap().field;
    if name != "event" && name != "published" || shown == MISSING {
        return value(name, shown);
    }
    let steps: Vec<&str> = shown.split('-').collect();
    let year: i16 = steps[0].parse().unwrap();
    let (from, to) = match steps.as_slice() {
        [_] => (date(year, 1, 1), date(year, 12, 31)),
        [_, month] => {
            let first = date(year, month.parse().unwrap(), 1);
            (first, first.last_of_month())
        }
        _ => {
            let day = date(year, steps[1].parse().unwrap(), steps[2].parse().unwrap());
            (day, day)
        }
    };
    days(name, Some(from), Some(to), false)
}

/// The articles or stories that match a query and filters, listed one by one, without any facet being counted.
fn total(index: &LocalIndex, (query, filters, unit): (&Query, &[Filter], Unit)) -> usize {
    let mut request = Request::new(query.clone());
    request.filters = filters.to_vec();
    request.limit = None;
    request.snippets = false;
    let hits = index.search(&request).unwrap().hits;
    match unit {
        Unit::Articles => hits.len(),
        Unit::Stories => hits.iter().map(|hit| hit.story.as_str()).collect::<BTreeSet<&str>>().len(),
    }
}

/// Checks that collapsing lists each story once, with all its matching copies behind the earliest.
fn check_collapsing(index: &LocalIndex, query: &Query, filters: &[Filter]) {
    for sort in [Sort::Relevance, Sort::Oldest, Sort::Newest] {
        let mut request = Request::new(query.clone());
        (request.filters, request.limit, request.sort) = (filters.to_vec(), None, sort);
        let articles = index.search(&request).unwrap();
        (request.collapse, request.unit) = (true, Unit::Stories);
        let stories = index.search(&request).unwrap();
        assert_eq!(stories.total, stories.hits.len());
        let behind: usize = stories.hits.iter().map(|hit| hit.copies + 1).sum();
        assert_eq!(behind, articles.total);
        for hit in &stories.hits {
            let of_story = articles.hits.iter().filter(|copy| copy.story == hit.story);
            let moment = |hit: &Hit| {
                let day = hit.published.as_ref().map(|published| published.date.clone());
                (day.is_none(), day, hit.id.clone())
            };
            assert_eq!(of_story.min_by_key(|copy| moment(copy)).map(|copy| &copy.id), Some(&hit.id));
        }
        let listed: Vec<&String> = stories.hits.iter().map(|hit| &hit.id).collect();
        request.limit = Some(3);
        let mut paged = Vec::new();
        for offset in (0..stories.total).step_by(3) {
            request.offset = offset;
            paged.extend(index.search(&request).unwrap().hits.into_iter().map(|hit| hit.id));
        }
        assert_eq!(paged.iter().collect::<Vec<_>>(), listed, "pages follow each other");
    }
}

/// Checks the law of facets: a count is what one gets by choosing that value alone in its field.
fn check_counts(index: &LocalIndex, query: &Query, filters: &[Filter]) {
    check_collapsing(index, query, filters);
    for unit in [Unit::Articles, Unit::Stories] {
        check_counts_of(index, (query, filters, unit));
    }
}

fn check_counts_of(index: &LocalIndex, (query, filters, unit): (&Query, &[Filter], Unit)) {
    let mut request = Request::new(query.clone());
    (request.filters, request.unit) = (filters.to_vec(), unit);
    request.facets = FACETS.iter().map(|facet| FacetRequest { facet, limit: None }).collect();
    let response = index.search(&request).unwrap();
    assert_eq!((response.total, response.unit), (total(index, (query, filters, unit)), unit));
    for facet in &response.facets {
        let field = field(find_facet(facet.name).unwrap().field);
        let others: Vec<Filter> =
            filters.iter().filter(|filter| filter.name != facet.name).cloned().collect();
        for shown in &facet.values {
            let mut chosen = others.clone();
            chosen.push(Filter { name: facet.name, field, any: vec![selection(facet.name, &shown.value)] });
            let found = total(index, (query, &chosen, unit));
            assert_eq!(shown.count, found, "{} {} {unit:?}", facet.name, shown.value);
        }
        if facet.name == "published" && others.len() == filters.len() && unit == Unit::Articles {
            let years = facet.values.iter().filter(|shown| shown.value.len() == 4 || shown.value == MISSING);
            let sum: usize = years.map(|shown| shown.count).sum();
            assert_eq!(sum, response.total, "years and missing add up");
        }
    }
}

/// What every copy of a report says; nothing for number 0.
fn report(number: u64) -> String {
    if number == 0 {
        return String::new();
    }
    let words = (0..90_u64).map(|word| format!("word{}", (number * 7_919 + word * word * 31) % 997));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn stories_are_the_same_however_the_articles_came() {
    let reports: Vec<Annotated> = (0..40_u64)
        .map(|number| {
            let text = format!("{} By {number}.", report(1 + number % 9));
            article(&format!("r{number:02}"), "", &text, Some(date(2020, 1, 28 - (number % 20) as i8)))
        })
        .collect();
    let stories = |index: &LocalIndex| -> Vec<(String, String)> {
        let mut request = Request::new(Query::All);
        request.limit = None;
        let hits = index.search(&request).unwrap().hits;
        let mut stories: Vec<(String, String)> = hits.into_iter().map(|hit| (hit.id, hit.story)).collect();
        stories.sort();
        stories
    };
    let (_whole_dir, whole) = indexed(&reports);
    let expected = stories(&whole);
    assert_eq!(expected.iter().map(|(_, story)| story).collect::<BTreeSet<_>>().len(), 9);
    let mut backwards = reports.clone();
    backwards.reverse();
    let (dir, parts) = indexed_in_parts(&backwards, 3);
    assert_eq!(stories(&parts), expected);
    assert_eq!(stories(&LocalIndex::open(dir.path()).unwrap()), expected, "as kept in the file");
    std::fs::write(dir.path().join("stories"), b"torn").unwrap();
    assert_eq!(stories(&LocalIndex::open(dir.path()).unwrap()), expected, "whatever the file says");

    let mut writer = parts.writer(1, 0).unwrap();
    for (id, story) in &expected {
        if id == story || id == "r39" {
            writer.remove(id);
        }
    }
    writer.put(Record::new(&article("r38", "", &report(1), Some(date(2019, 1, 1)))).unwrap()).unwrap();
    writer.commit("").unwrap();
    drop(writer);
    let left = stories(&parts);
    for (id, story) in &left {
        assert!(left.iter().any(|(other, _)| other == story), "{id} is of {story}, which is gone");
    }
    let first = left.iter().filter(|(_, story)| story == "r38").count();
    assert!(first > 1, "a changed article joins its new story: {left:?}");
    let copies = parts.copies("r38").unwrap();
    assert_eq!((copies.len(), copies[0].article.id.as_str()), (first, "r38"));
    assert!(parts.copies("nobody").unwrap().is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(12))]

    #[test]
    fn every_count_is_what_choosing_the_value_gives(
        picks in proptest::collection::vec((proptest::collection::vec(0_usize..12, 0..5), 0_i16..5, 0_usize..3, 0_u64..5), 1..40),
        chosen in proptest::collection::vec((0_usize..6, 0_usize..4), 0..4),
        queried in 0_usize..3,
        is_merged in proptest::bool::ANY,
    ) {
        let names: Vec<&str> = known().into_iter().map(|(name, _)| name).collect();
        let articles: Vec<Annotated> = picks
            .iter()
            .enumerate()
            .map(|(number, (named, year, source, story))| {
                let text: Vec<&str> = named.iter().map(|&name| names[name % names.len()]).collect();
                let published = (*year > 0).then(|| date(2018 + year, 1 + *year as i8, 3));
                let text = format!("News: {}. {}", text.join(", "), report(*story));
                let mut article = article(&format!("n{number}"), "", &text, published);
                article.article.source = [None, Some("Reuters"), Some("reuters")][*source].map(str::to_owned);
                article
            })
            .collect();
        let (dir, index) = indexed_in_parts(&articles, 7);
        if is_merged {
            let merged = "[merge]\n\"Vladimir Putin\" = \"Joe Biden\"\n";
            std::fs::write(dir.path().join(crate::reference::corrections::FILE), merged).unwrap();
            index.refresh().unwrap();
        }
        let options = [
            ("actor", ["person/Joe Biden", "person/Vladimir Putin", "armed-group", "person"]),
            ("place", ["Asia", "Asia/Iraq", "Asia/Iraq/Baghdad", "Africa/Mali"]),
            ("published", ["2019", "2020-03", MISSING, "2021"]),
            ("event", ["2014", "2014-02", "2021-06-03", "1066"]),
            ("source", ["Reuters", "reuters", MISSING, "Reuters"]),
            ("place", ["Oceania/Fiji", "Oceania/Samoa", "Oceania", "Asia/Iraq"]),
        ];
        let mut filters: Vec<Filter> = Vec::new();
        for (option, pick) in chosen {
            let (name, values) = options[option];
            let leaf = selection(name, values[pick]);
            match filters.iter_mut().find(|filter| filter.field.name == name) {
                Some(filter) => filter.any.push(leaf),
                None => filters.push(Filter { name, field: field(name), any: vec![leaf] }),
            }
        }
        let query = [Query::All, word("Putin"), not(word("Iraq"))][queried].clone();
        check_counts(&index, &query, &filters);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn merging_counts_exactly_the_union_and_leaves_the_index_alone(
        named in proptest::collection::vec((proptest::bool::ANY, proptest::bool::ANY, proptest::bool::ANY), 1..24),
    ) {
        let articles: Vec<Annotated> = named
            .iter()
            .enumerate()
            .map(|(number, &(biden, putin, wagner))| {
                let mut text = String::from("Nothing. ");
                for (is_named, name) in [(biden, "Joe Biden"), (putin, "Vladimir Putin"), (wagner, "Wagner Group")] {
                    text.push_str(if is_named { name } else { "nobody" });
                    text.push_str(". ");
                }
                article(&format!("m{number}"), "", &text, None)
            })
            .collect();
        let (dir, index) = indexed(&articles);
        let files = || -> Vec<(std::path::PathBuf, u64)> {
            let folder = std::fs::read_dir(dir.path().join(ARTICLES)).unwrap().map(Result::unwrap);
            let mut files: Vec<_> = folder.map(|file| (file.path(), file.metadata().unwrap().len())).collect();
            files.sort();
            files
        };
        let before = files();
        let union = named.iter().filter(|(biden, putin, _)| *biden || *putin).count();
        let others = named.iter().filter(|(_, _, wagner)| *wagner).count();
        let corrections = "[merge]\n\"Vladimir Putin\" = \"Joe Biden\"\n";
        std::fs::write(dir.path().join(crate::reference::corrections::FILE), corrections).unwrap();
        index.refresh().unwrap();
        let counts = index.catalogue(field("actor"), "", None).unwrap();
        let count = |path: &str| counts.iter().find(|value| value.value == path).map_or(0, |value| value.count);
        proptest::prop_assert_eq!(count("person/Joe Biden"), union);
        proptest::prop_assert_eq!(count("person/Vladimir Putin"), 0);
        proptest::prop_assert_eq!(count("armed-group/Wagner Group"), others);
        proptest::prop_assert_eq!(index.count(&value("actor", "Joe Biden")).unwrap(), union);
        let listed = index.actors(&Query::All).unwrap();
        let articles = |name: &str| listed.iter().find(|listed| listed.name == name).map_or(0, |listed| listed.articles);
        proptest::prop_assert_eq!((articles("Joe Biden"), articles("Vladimir Putin")), (union, 0));
        proptest::prop_assert_eq!(files(), before);
    }
}

#[test]
fn merged_actors_count_once_and_are_found_by_either_name() {
    let (dir, index) = indexed(&archive());
    let corrections =
        "[merge]\n\"Vladimir Putin\" = \"Joe Biden\"\n[rename]\n\"Wagner Group\" = \"PMC Wagner\"\n";
    std::fs::write(dir.path().join(crate::reference::corrections::FILE), corrections).unwrap();
    index.refresh().unwrap();
    let values = index.catalogue(field("actor"), "", None).unwrap();
    let counts: Vec<(&str, usize)> = values.iter().map(|value| (value.value.as_str(), value.count)).collect();
    assert_eq!(
        counts,
        [("armed-group", 2), ("armed-group/PMC Wagner", 2), ("person", 2), ("person/Joe Biden", 2)]
    );
    for name in ["person/Joe Biden", "Joe Biden", "Vladimir Putin"] {
        assert_eq!(ids(&index, value("actor", name)), "a d", "{name}");
    }
    assert_eq!(ids(&index, value("actor", "armed-group/PMC Wagner")), "b d");
    check_counts(&index, &Query::All, &[]);
    let chosen =
        Filter { name: "actor", field: field("actor"), any: vec![value("actor", "person/Joe Biden")] };
    check_counts(&index, &Query::All, &[chosen]);
}

#[test]
fn corrected_actors_are_marked_and_stand_together_under_their_new_names_and_kinds() {
    let corrections = "block = [\"Vladimir Putin\"]\n[rename]\n\"Wagner group\" = \"PMC Corps\"\n\
                       [retype]\n\"Wagner Group\" = \"company\"\n";
    let parsed = crate::reference::corrections::Corrections::parse(corrections).unwrap();
    let (dir, index) = indexed(&[]);
    let mut writer = index.writer(1, 0).unwrap();
    for article in archive() {
        writer.put(Record::corrected(&article, &parsed).unwrap()).unwrap();
    }
    writer.commit("").unwrap();
    std::fs::write(dir.path().join(crate::reference::corrections::FILE), corrections).unwrap();
    index.refresh().unwrap();
    let prefix = |text: &str| Query::Prefix { field: Some(field("actor")), text: text.to_owned() };
    let regex = |pattern: &str| Query::Regex { field: Some(field("actor")), pattern: pattern.to_owned() };
    for meant in [
        value("actor", "company/PMC Corps"),
        value("actor", "company/Wagner Group"),
        value("actor", "PMC Corps"),
        value("actor", "corps"),
        value("actor", "wagner"),
        Query::Value { field: field("actor"), value: "PMC Corbs".to_owned(), distance: 1 },
        value("actor", "company"),
        prefix("pmc"),
        prefix("company/pmc"),
        regex("pmc.*"),
        regex("company/pmc corps"),
    ] {
        assert_eq!(ids(&index, meant.clone()), "b d", "{meant}");
        let found = together(vec![meant.clone(), value("place", "Mali")], false);
        assert_eq!(ids(&index, found), "b", "{meant} beside Mali");
        let mut request = Request::new(meant.clone());
        request.snippets = true;
        for hit in index.search(&request).unwrap().hits {
            let marked: Vec<&str> = hit.snippet.marks.iter().map(|mark| mark.of(&hit.snippet.text)).collect();
            assert!(!marked.is_empty() && marked.iter().all(|mark| *mark == "Wagner"), "{meant}: {marked:?}");
        }
        let matcher = index.matcher(&meant).unwrap();
        let shown = index.get("b").unwrap().unwrap();
        let spans = matcher(&shown);
        assert!(!spans.is_empty(), "{meant} in an article as it is shown");
    }
    for gone in [value("actor", "Vladimir Putin"), value("actor", "armed-group/Wagner Group")] {
        assert_eq!(ids(&index, gone.clone()), "", "{gone}");
    }
    let biden_or_putin = Query::or(vec![value("actor", "Joe Biden"), value("actor", "person")]);
    let beside_silence = together(vec![biden_or_putin, word("silent")], false);
    assert_eq!(ids(&index, beside_silence), "", "who is blocked stands in no sentence");
}

#[test]
fn a_surname_means_all_who_bear_it_and_a_code_the_country() {
    let actor = |name: &str, kind, at: usize| Mention {
        span: Span::new(at, at + 1),
        entity: Entity::Actor(Arc::new(Actor { name: name.to_owned(), kind, country: None })),
    };
    let place = |path: &str, kind| {
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        let name = path.last().unwrap().clone();
        let place = Place {
            demonym: false,
            kind,
            name,
            path,
            lat: 0.0,
            lon: 0.0,
            geonames_id: None,
            approximate: false,
            confidence: 1.0,
            focus: false,
        };
        Mention { span: Span::new(2, 3), entity: Entity::Place(Arc::new(place)) }
    };
    let with = |id: &str, mentions: Vec<Mention>| {
        let mut annotated = article(id, "", "Nothing is told here.", None);
        annotated.annotations.mentions = mentions;
        annotated
    };
    let us = "Europe/France/Ile-de-France/Us";
    let (_dir, index) = indexed(&[
        with("full", vec![actor("Angela Merkel", ActorKind::Person, 0), place(us, PlaceKind::City)]),
        with(
            "short",
            vec![
                actor("Merkel", ActorKind::Person, 0),
                place("North America/United States", PlaceKind::Country),
            ],
        ),
        with("firm", vec![actor("Ford", ActorKind::Company, 0), actor("Ford", ActorKind::Person, 1)]),
        with("man", vec![actor("Gerald Ford", ActorKind::Person, 0)]),
    ]);
    for (field, typed, expected) in [
        ("actor", "Merkel", "full short"),
        ("actor", "merkel", "full short"),
        ("actor", "person/Merkel", "short"),
        ("actor", "Angela Merkel", "full"),
        ("actor", "Ford", "firm"),
        ("place", "US", "short"),
        ("place", "U.S.", "short"),
        ("place", us, "full"),
        ("place", "Us, France", "full"),
    ] {
        assert_eq!(ids(&index, value(field, typed)), expected, "{field}:{typed}");
    }
}

#[test]
fn days_narrow_whatever_stands_beside_them() {
    let (_dir, index) = indexed(&archive());
    let june = || days("published", Some(date(2021, 6, 1)), Some(date(2021, 6, 30)), false);
    for (query, expected) in [
        (Query::And(vec![word("—"), june()]), "a"),
        (Query::And(vec![june(), word("silent")]), "a"),
        (Query::And(vec![june(), word("Mali")]), ""),
        (Query::And(vec![june(), days("published", None, Some(date(2020, 1, 1)), false)]), ""),
        (Query::And(vec![not(june()), Query::Has(field("published"))]), "b d fr"),
        (Query::Or(vec![june(), word("Suva")]), "a c"),
        (Query::And(vec![days("published", Some(date(2022, 1, 1)), None, true), word("Mali")]), "b fr"),
    ] {
        assert_eq!(ids(&index, query.clone()), expected, "{query:?}");
    }
    let mut request = Request::new(Query::And(vec![june(), word("strikes")]));
    let filter = Filter { name: "published", field: field("published"), any: vec![june()] };
    let score = |request: &Request| index.search(request).unwrap().hits[0].score;
    let with_days = score(&request);
    request.query = word("strikes");
    assert_eq!(score(&request).to_bits(), with_days.to_bits(), "days say nothing of how well words match");
    request.filters.push(filter);
    assert_eq!(index.search(&request).unwrap().total, 1);
}

#[test]
fn what_an_article_says_twice_counts_once() {
    let mut twice = article("twice", "", "A strike.", None);
    twice.article.keywords = ["strike", "work", "strike"].map(str::to_owned).to_vec();
    twice.article.authors = ["A. Writer", "A. Writer"].map(str::to_owned).to_vec();
    let mut once = article("once", "", "A strike.", None);
    once.article.keywords = vec!["strike".to_owned()];
    let (_dir, index) = indexed(&[twice, once]);
    check_counts(&index, &word("strike"), &[]);
}

#[test]
fn a_selected_value_stays_in_sight() {
    let (_dir, index) = indexed(&archive());
    let shown = |name: &'static str, query: Query, chosen: Query, limit| {
        let facet = FacetRequest { facet: find_facet(name).unwrap(), limit };
        let filter = Filter { name, field: field(find_facet(name).unwrap().field), any: vec![chosen] };
        let request = Request { facets: vec![facet], filters: vec![filter], ..Request::new(query) };
        let facet = index.search(&request).unwrap().facets.remove(0);
        let selected = facet.values.iter().filter(|shown| shown.selected);
        (selected.map(|shown| (shown.value.clone(), shown.count)).collect::<Vec<_>>(), facet.more)
    };
    let asia = || value("place", "Asia");
    assert_eq!(
        shown("place", Query::All, asia(), None),
        (vec![("Asia".to_owned(), 2)], 0),
        "above what is shown"
    );
    assert_eq!(
        shown("place", word("silent"), value("place", "Africa/Mali"), None).0,
        [("Africa/Mali".to_owned(), 0)]
    );
    assert_eq!(
        shown("place", Query::All, value("place", "Asia/Iraq"), Some(1)).0,
        [("Asia/Iraq".to_owned(), 2)]
    );
    let facet = FacetRequest { facet: find_facet("place").unwrap(), limit: Some(1) };
    let filter = Filter { name: "place", field: field("place"), any: vec![value("place", "Asia/Iraq")] };
    let request = Request { facets: vec![facet], filters: vec![filter], ..Request::new(Query::All) };
    let facet = index.search(&request).unwrap().facets.remove(0);
    let values: Vec<&str> = facet.values.iter().map(|shown| shown.value.as_str()).collect();
    assert_eq!(
        values,
        ["Africa/Mali", "Asia/Iraq", "Asia/Iraq/Baghdad"],
        "what lies in it has places of its own"
    );
    check_counts(&index, &Query::All, &[Filter { name: "place", field: field("place"), any: vec![asia()] }]);
}

#[test]
fn words_that_stand_near_each_other_lift_an_article_on_every_page() {
    let filler =
        "and much else was told that day in the long report of the committee on all its other matters";
    let articles: Vec<Annotated> = (0..40)
        .map(|number| {
            let text = if number == 23 {
                format!("The dam broke. {filler}. {filler}. The end came.")
            } else {
                format!("The dam stood. {filler}. {filler}. It broke early.")
            };
            article(&format!("{number:02}"), "", &text, None)
        })
        .collect();
    let (_dir, index) = indexed_in_parts(&articles, 15);
    let best = |query: Query, limit: Option<usize>| {
        let mut request = Request::new(query);
        (request.limit, request.collapse, request.unit) = (limit, false, Unit::Articles);
        let hits = index.search(&request).unwrap().hits;
        hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
    };
    for query in [Query::and(vec![word("dam"), word("broke")]), Query::or(vec![word("dam"), word("broke")])] {
        let all = best(query.clone(), None);
        assert_eq!((all.len(), all[0].as_str()), (40, "23"), "{query}");
        for limit in [1, 5, 35] {
            assert_eq!(best(query.clone(), Some(limit)), all[..limit], "{query}, {limit}");
        }
    }
    assert_eq!(best(word("dam"), None)[0], "00", "one word stands near no other");
}

#[test]
fn age_and_the_words_of_the_best_articles_order_an_answer_without_changing_it() {
    let told = |id: &str, text: &str, year: i16| article(id, "", text, Some(date(year, 1, 1)));
    let articles = [
        told("new", "The dam broke near the town while nobody looked at it.", 2020),
        told("old", "The dam broke. The dam broke.", 1990),
        told("flood", "The dam and the flood, a flood of mud and water.", 2000),
        told("water", "The dam of mud held the water of the flood back.", 2000),
        told("other", "Nothing of the kind.", 2020),
        article("undated", "", "The dam broke. The dam broke.", None),
    ];
    let (_dir, index) = indexed(&articles);
    let order = |request: &Request| -> Vec<String> {
        index.search(request).unwrap().hits.into_iter().map(|hit| hit.id).collect()
    };
    let plain = Request::new(word("dam"));
    let recent = Request { recent: Some(30), ..plain.clone() };
    let expanded =
        Request { expand: Some(true), ..Request::new(Query::Or(vec![word("mud"), word("broke")])) };
    assert_eq!(order(&plain)[..2], ["old", "undated"]);
    assert_eq!((order(&recent)[0].as_str(), order(&recent)[4].as_str()), ("new", "undated"));
    for request in [plain, recent, expanded] {
        let (mut listed, mut plainly) =
            (order(&request), order(&Request { recent: None, expand: Some(false), ..request.clone() }));
        listed.sort();
        plainly.sort();
        assert_eq!(listed, plainly, "{request:?}");
    }
}

#[test]
fn facets_show_what_is_unusual_for_the_archive() {
    let (_dir, index) = indexed(&archive());
    let facets =
        ["place", "actor"].map(|name| FacetRequest { facet: find_facet(name).unwrap(), limit: None });
    let request =
        Request { facets: facets.to_vec(), unusual: true, ..Request::new(value("place", "Africa/Mali")) };
    let response = index.search(&request).unwrap();
    let shown: Vec<(&str, usize, usize)> = response.facets[0]
        .values
        .iter()
        .filter_map(|shown| Some((shown.value.as_str(), shown.count, shown.unusual?.archive)))
        .collect();
    assert_eq!(shown[0].0, "Africa/Mali", "{shown:?}");
    assert_eq!(shown[0].1, shown[0].2, "every article with it is in the answer");
    let whole = Request { facets: facets.to_vec(), unusual: true, ..Request::new(Query::All) };
    let response = index.search(&whole).unwrap();
    assert!(
        response.facets.iter().all(|facet| facet.values.is_empty()),
        "an archive is not unusual for itself"
    );
}

#[test]
fn a_clause_tells_what_it_stands_for() {
    let (dir, index) = indexed(&archive());
    let told = |query: Query| -> String {
        let forms = index.forms(&query).unwrap();
        forms.iter().map(|form| format!("{} {}", form.value, form.count)).collect::<Vec<_>>().join(", ")
    };
    let prefix = |field: Option<&str>, text: &str| Query::Prefix {
        field: field.map(|name| find_field(name).unwrap()),
        text: text.to_owned(),
    };
    assert_eq!(told(word("strike")), "strikes 1");
    assert_eq!(told(word("ministre")), "ministres 1");
    assert_eq!(told(prefix(None, "strik")), "strikes 1");
    assert_eq!(told(prefix(Some("actor"), "joe b")), "person/Joe Biden 1");
    assert_eq!(told(value("actor", "Putin")), "person/Vladimir Putin 2");
    assert_eq!(told(value("place", "Irak")), "Asia/Iraq 2");
    assert_eq!(told(exact("minister")), "");
    assert_eq!(told(word("zebra")), "");
    assert_eq!(told(Query::All), "");
    let mut writer = index.writer(1, 0).unwrap();
    writer.remove("a");
    writer.commit("").unwrap();
    assert_eq!(told(word("strike")), "", "what was taken out is not counted");
    std::fs::write(dir.path().join("corrections.toml"), "[merge]\n\"Vladimir Putin\" = \"Wagner Group\"\n")
        .unwrap();
    index.refresh().unwrap();
    assert_eq!(told(value("actor", "Putin")), told(value("actor", "Wagner Group")));
}

/// Sentences as they are printed, what finds them and what does not.
const SENTENCES: &[(&str, &str, &[&str], &[&str])] = &[
    (
        "zh",
        "中国外交部发言人星期二在北京市说，NATO成员国应当通过对话解决乌克兰问题。2021年6月28日，iPhone手机销量下降。",
        &["中国", "外交部", "发言人", "北京", "北京市", "NATO", "乌克兰", "对话", "手机", "iphone", "2021"],
        &["京市", "国外", "交部", "言人", "话解", "克兰"],
    ),
    (
        "ja",
        "東京都の小池知事は28日、新しい計画を発表した。パリとベルリンでも会議が開かれる。",
        &["東京", "東京都", "知事", "計画", "発表", "パリ", "ベルリン", "会議"],
        &["バリ", "リン", "議が"],
    ),
    (
        "ko",
        "한국 정부는 화요일 서울에서 새로운 경제 정책을 발표했다. 대통령이 NATO와 회담을 열었다.",
        &["정부", "정부는", "정부가", "서울", "정책", "발표", "대통령", "대통령은", "nato", "회담"],
        &["부는", "정", "책을", "통령"],
    ),
    (
        "th",
        "รัฐบาลไทยประกาศนโยบายใหม่ที่กรุงเทพเมื่อวันอังคาร น้ำท่วมในภาคใต้ของประเทศไทย",
        &["รัฐบาล", "ไทย", "ประกาศ", "นโยบาย", "กรุงเทพ", "น้ำท่วม", "ประเทศ", "ประเทศไทย"],
        &["ฐบาล", "โยบาย", "ทศ"],
    ),
    (
        "ar",
        "أعلنت الحكومة العراقية وبرلمان بغداد أن الوزير وصل إلى لبنان وللرئيس موعد في بيروت.",
        &[
            "حكومة",
            "والحكومة",
            "للحكومة",
            "برلمان",
            "البرلمان",
            "وزير",
            "لوزير",
            "بغداد",
            "لبغداد",
            "لبنان",
            "ولبنان",
            "رئيس",
            "الرئيس",
            "بيروت",
        ],
        &["حكم", "كوم", "كومة"],
    ),
    ("hi", "प्रधानमंत्री ने दिल्ली में हिन्दी दिवस मनाया।", &["दिल्ली", "हिन्दी", "प्रधानमंत्री"], &["दल", "हन", "दिवसी"]),
];

#[test]
fn words_of_an_unknown_language_are_found() {
    let mut unknown = article("u", "", "More of Erbil.", None);
    unknown.language = Language::UNDETERMINED;
    for articles in [vec![unknown.clone()], [archive(), vec![unknown]].concat()] {
        let (_dir, index) = indexed(&articles);
        assert_eq!(ids(&index, word("erbil")), "u");
        assert_eq!(ids(&index, phrase("more of Erbil", true, 0)), "u");
        let hit = index.search(&Request::new(word("erbil"))).unwrap().hits.remove(0);
        assert_eq!(hit.snippet.marks.len(), 1);
    }
}

#[test]
fn every_script_is_found_by_its_words() {
    let articles: Vec<Annotated> = SENTENCES
        .iter()
        .map(|&(code, text, ..)| Annotated {
            language: Language::parse(code).unwrap(),
            ..article(code, "", text, None)
        })
        .collect();
    let (_dir, index) = indexed(&articles);
    let mut wrong = Vec::new();
    for (code, _, found, missed) in SENTENCES {
        for query in *found {
            let hits = index.search(&Request::new(word(query))).unwrap().hits;
            let is_marked = hits.iter().any(|hit| hit.id == *code && !hit.snippet.marks.is_empty());
            wrong.extend(
                (!is_marked).then(|| format!("{query} is found in {code} and marked: {}", hits.len())),
            );
        }
        for query in *missed {
            let ids = ids(&index, word(query));
            wrong.extend((!ids.is_empty()).then(|| format!("{query} is no word in {ids}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let phrase = |text: &str| Query::Phrase { field: None, text: text.to_owned(), exact: false, slop: 0 };
    for (text, expected) in
        [("外交部发言人", "zh"), ("发言人外交部", ""), ("새로운 경제 정책", "ko"), ("新しい計画", "ja")]
    {
        assert_eq!(ids(&index, phrase(text)), expected, "{text}");
    }
    let marks = |query: Query, id: &str| -> Vec<String> {
        let hits = index.search(&Request::new(query)).unwrap().hits;
        let snippet = &hits.iter().find(|hit| hit.id == id).unwrap().snippet;
        snippet.marks.iter().map(|mark| mark.of(&snippet.text).to_owned()).collect()
    };
    assert_eq!(marks(word("北京市"), "zh"), ["北京市"]);
    assert_eq!(marks(word("정책"), "ko"), ["정책을"]);
    assert_eq!(marks(word("น้ำท่วม"), "th"), ["น้ำท่วม"]);
    assert_eq!(marks(word("برلمان"), "ar"), ["وبرلمان"]);
    let prefix = Query::Prefix { field: None, text: "发言".to_owned() };
    assert_eq!(ids(&index, prefix), "zh");
}

#[test]
fn an_apostrophe_between_two_scripts_belongs_to_no_word() {
    for source in ["北京'Qaim市", "北京'al''U.S.", "京'市"] {
        let words = analysis::words(source);
        let cut: Vec<&str> = words.iter().map(|word| &source[word.start..word.end]).collect();
        assert!(
            !cut.is_empty() && cut.iter().all(|word| !word.is_empty() && !word.contains('\'')),
            "{cut:?}"
        );
    }
    let (_dir, index) = indexed(&[article("a", "On", "im北京'Qaim市", None)]);
    let phrase = Query::Phrase { field: None, text: "qaim市".to_owned(), exact: true, slop: 0 };
    assert_eq!(ids(&index, phrase), "a");
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]

    #[test]
    fn a_watch_list_finds_what_each_name_finds_alone(
        texts in proptest::collection::vec("((al|Al-|O'|北京|京)?(Qaim|qaim|Bank|banks|of|U\\.S\\.|市|')[ ,.\n-]?){0,14}", 1..12),
        names in proptest::collection::vec("(al |Al-|O'|北京|京| )?(qaim|Bank|banks|of|U\\.S\\.|市|,)( ?(of|Qaim|bank|市)){0,2}", 1..10),
    ) {
        let numbered = texts.iter().enumerate();
        let articles: Vec<Annotated> = numbered
            .map(|(number, text)| {
                let (title, text) = text.split_at(text.char_indices().nth(8).map_or(text.len(), |(at, _)| at));
                article(&format!("{number:02}"), title, text, None)
            })
            .collect();
        let (_dir, index) = indexed_in_parts(&articles, 4);
        let watched = index.watch(names.iter().map(String::as_str)).unwrap();
        for name in &names {
            let phrase = Query::Phrase { field: None, text: name.clone(), exact: true, slop: 0 };
            let told = |response: Response| -> Vec<(String, u32)> {
                assert!(response.hits.len() == response.total);
                response.hits.into_iter().map(|hit| (hit.id, hit.score.to_bits())).collect()
            };
            let mut request = Request::new(phrase);
            (request.collapse, request.unit, request.limit) = (false, Unit::Articles, None);
            let alone = told(index.search(&request).unwrap());
            let together = told(watched.search(name, &Request { query: Query::All, ..request }).unwrap());
            proptest::prop_assert_eq!(together, alone, "{}", name);
        }
    }
}
