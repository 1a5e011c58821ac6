//! What an article is about, as far as it changes what names are: in sport a city's name is mostly its club's.

use rustc_hash::FxHashSet;

use crate::extract::name::word;

/// Words of sport reports.
const SPORT: &[&str] = &[
    "soccer",
    "football",
    "cricket",
    "tennis",
    "rugby",
    "golf",
    "basketball",
    "baseball",
    "hockey",
    "nhl",
    "nba",
    "nfl",
    "mlb",
    "league",
    "cup",
    "championship",
    "championships",
    "tournament",
    "striker",
    "midfielder",
    "goalkeeper",
    "coach",
    "semifinal",
    "quarterfinal",
    "innings",
    "wicket",
    "wickets",
    "halftime",
    "standings",
    "scorers",
    "playoffs",
    "olympic",
    "olympics",
    "batsman",
    "quarterback",
    "pitcher",
    "inning",
    "seed",
];

/// Recognises topics.
#[derive(Debug, Clone)]
pub struct Topics {
    sport: FxHashSet<u64>,
}

impl Default for Topics {
    fn default() -> Topics {
        Topics { sport: SPORT.iter().map(|known| word::hash(known)).collect() }
    }
}

impl Topics {
    /// Of an article with these distinct words (hashes of normal forms): 2 for sport, 1 for perhaps sport, else 0.
    pub fn of(&self, words: impl Iterator<Item = u64>) -> u8 {
        let found = words.filter(|word| self.sport.contains(word)).take(2).count();
        match found {
            0 => 0,
            1 => 1,
            _ => 2,
        }
    }
}
