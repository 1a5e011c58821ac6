//! What an index on disk answers, against small archives written here.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::*;
use crate::article::{
    Actor, ActorKind, Annotated, Annotations, Article, Entity, Mention, Place, PlaceKind, Timex, TimexKind,
};
use crate::calendar::{DateSource, Precision, Published};
use crate::field::{MISSING, find_facet};
use crate::language::Language;
use crate::query::Centre;
use crate::query::request::{FacetRequest, Filter, Sort};
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
    let annotations =
        Annotations { title_mentions: mentions(title), mentions: mentions(text) };
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
    let actor = |name: &str, kind| {
        Entity::Actor(Arc::new(Actor { name: name.to_owned(), kind, country: None }))
    };
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
        article("d", "Old news", "In February 2014 Putin said nothing. Wagner was unknown.", Some(date(1650, 2, 3))),
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
    let prefix = |name: Option<&str>, text: &str| Query::Prefix {
        field: name.map(field),
        text: text.to_owned(),
    };
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
