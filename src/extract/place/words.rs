//! Words that matter around places: which say that a place follows, which look like places and are none.
//!
//! The lists are lines of `data/gazetteer/words.tsv`; this only looks words up in them.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::reference::gazetteer::name;

const WORDS: &str = include_str!("../../../data/gazetteer/words.tsv");

/// Words by the class they are listed under, as keys.
static CLASSES: LazyLock<[FxHashSet<String>; 17]> = LazyLock::new(|| {
    [
        "locative",
        "never",
        "common",
        "given-name",
        "generic",
        "direction",
        "townsman",
        "public-body",
        "seated-body",
        "private-body",
        "ground",
        "settlement",
        "street",
        "particle",
        "motion",
        "season",
        "development",
    ]
    .map(|class| {
        let rows = WORDS.lines().filter_map(|line| line.split_once('\t'));
        rows.filter(|(listed, _)| *listed == class)
            .flat_map(|(_, words)| words.split(' '))
            .map(|word| name::key(&word.replace('_', " ")))
            .collect()
    })
});

/// `in`, `near`, `outside`: a place follows.
pub(super) fn is_locative(word: &str) -> bool {
    is_listed(0, word)
}

/// `flew`, `trip`: before "to" they say that a place follows.
pub(super) fn is_motion(word: &str) -> bool {
    is_listed(14, word)
}

/// `spring`: a season that a town is called after.
pub(super) fn is_season(key: &str) -> bool {
    CLASSES[15].contains(key)
}

/// Capitalised words that tables hold as places and news never means so.
pub(super) fn is_never_a_place(key: &str) -> bool {
    CLASSES[1].contains(key)
}

/// Words that are places too, but mostly something else: they need more than a capital.
pub(super) fn is_common(key: &str) -> bool {
    CLASSES[2].contains(key) || CLASSES[1].contains(key)
}

/// Names of people that are names of places too.
pub(super) fn is_a_given_name(key: &str) -> bool {
    CLASSES[3].contains(key)
}

/// `County`, `Province`: part of the name that it follows.
pub(super) fn is_generic(word: &str) -> bool {
    is_listed(4, word)
}

/// `man`, `residents`, `police`: a town stands before them, or after them and `of`.
pub(super) fn is_townsman(word: &str) -> bool {
    CLASSES[6].contains(word)
}

/// `al-Qaim`, `Al Anbar`: begins with the Arabic article.
pub(super) fn has_arabic_article(surface: &str) -> bool {
    let article = surface.get(..3).unwrap_or_default();
    ["al-", "Al-", "al ", "Al "].contains(&article)
}

/// `city`, `village`: after them and `of` stands a place.
pub(super) fn is_settlement(word: &str) -> bool {
    CLASSES[11].contains(word)
}

/// `Council`, `Police`, `Ministry`: what governs or serves the place whose name it carries.
pub(super) fn is_public_body(word: &str) -> bool {
    is_listed(7, word)
}

/// `School`, `Hospital`: what stands in the place whose name it carries.
pub(super) fn is_seated_body(word: &str) -> bool {
    is_of(8, word)
}

/// `Times`, `Bank`, `Airlines`: what carries a place's name without telling of the place.
pub(super) fn is_private_body(word: &str) -> bool {
    is_of(9, word)
}

/// `Street`, `Creek`: the last word of the name of a road, a water or a piece of land.
pub(super) fn is_ground(word: &str) -> bool {
    is_of(10, word) || is_street(word)
}

/// `lake`, `creek`: a word of a key that says that it names a water or a piece of land.
pub(super) fn is_ground_key(word: &str) -> bool {
    CLASSES[10].contains(word)
}

/// `hills`, `estates`: the last word of a key that names a development.
pub(super) fn is_development(word: &str) -> bool {
    CLASSES[16].contains(word)
}

/// `Street`, `Avenue`: the last word of the name of a street or road.
pub(super) fn is_street(word: &str) -> bool {
    is_of(12, word)
}

fn is_of(class: usize, word: &str) -> bool {
    word.starts_with(char::is_uppercase) && is_listed(class, word)
}

/// Whether a class lists `word`, however it is written; asked of so many words that it makes no string for most.
fn is_listed(class: usize, word: &str) -> bool {
    let mut buffer = [0; 24];
    let lowered = buffer.get_mut(..word.len()).filter(|_| word.is_ascii());
    let Some(lowered) = lowered else { return CLASSES[class].contains(word.to_lowercase().as_str()) };
    lowered.copy_from_slice(word.as_bytes());
    lowered.make_ascii_lowercase();
    std::str::from_utf8(lowered).is_ok_and(|word| CLASSES[class].contains(word))
}

/// `of`, `au`, `es`: a small word inside names of places.
pub(super) fn is_particle(word: &str) -> bool {
    is_listed(13, word)
}

/// `counties` → `county`: the last word of a list of places, for one of them.
pub(super) fn singular_generic(word: &str) -> Option<&'static str> {
    Some(match word {
        "counties" => "county",
        "rivers" => "river",
        "townships" => "township",
        "provinces" => "province",
        "parishes" => "parish",
        "districts" => "district",
        "islands" => "island",
        _ => return None,
    })
}

/// `north arlington` → `arlington`, but not `new london`.
pub(super) fn without_quarter(key: &str) -> Option<&str> {
    let points = ["north", "south", "east", "west"];
    without_direction(key).filter(|_| points.iter().any(|point| key.starts_with(point)))
}

/// `northern iraq` → `iraq`.
pub(super) fn without_direction(key: &str) -> Option<&str> {
    let (first, rest) = key.split_once(' ')?;
    CLASSES[5].contains(first).then_some(rest)
}
