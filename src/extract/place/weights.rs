//! What speaks for a candidate, and how much each thing weighs.
//!
//! A candidate's score is the sum of its evidence times these weights. They began as round numbers set by reasoning
//! and were then moved one at a time on the first half of a set of local news; its second half and other sets judged.

/// One kind of evidence: an index into [`Evidence`] and into a row of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Feature {
    /// Decimal logarithm of the population, at least 2.
    Population,
    /// It is a country or a state that is no more.
    Country,
    /// It is a first-level division.
    Division,
    /// It is a second-level division.
    District,
    /// It is a continent.
    Continent,
    /// It is a world region.
    Region,
    /// It is a natural feature.
    Natural,
    /// The name is one of the many that tables hold for it.
    Alternate,
    /// The name is only a part or another form of its name.
    Derived,
    /// The name is its people's.
    Demonym,
    /// The name is an abbreviation.
    Abbreviation,
    /// It is a capital.
    Capital,
    /// It is the seat of a first-level division.
    DivisionSeat,
    /// It is the seat of a second-level division.
    DistrictSeat,
    /// It is a part of a larger town.
    Section,
    /// What it lies in is named right after it: Paris, Texas.
    Explicit,
    /// It is named right after a place that lies in it.
    ParentOfOne,
    /// What is named right after it does not hold it.
    Contradicted,
    /// The share of the article's other names that lie in its country.
    CountryVotes,
    /// The share of the article's other names that lie in its division.
    DivisionVotes,
    /// It is the place of a dateline, which is a town, and an area or the namesake of a better known place: NEW YORK, Feb
    /// 26 -.
    Dateline,
    /// How close the article's other names are.
    Nearness,
    /// It is near what the publisher writes about.
    HomeNearness,
    /// The publisher's share of places in its division.
    HomeDivision,
    /// The publisher's share of places in its country.
    HomeCountry,
    /// A better known place of its country is called so too: the capital where it is a division, either where it is a
    /// village.
    Namesake,
    /// The share of the article's other names that are cities of the world, if it is one.
    WorldVotes,
    /// It is the largest city of its name, which stands alone in the dateline of an agency: GENEVA (Meridian) -.
    Standalone,
    /// In an agency's story: by how many decimal places it is smaller than the largest city of its name, below 0.
    Wire,
}

/// Number of features.
pub const FEATURES: usize = 29;

impl Feature {
    /// The feature in words, for explanations.
    pub fn describe(self) -> &'static str {
        match self {
            Feature::Population => "population",
            Feature::Country => "country",
            Feature::Division => "first-level division",
            Feature::District => "second-level division",
            Feature::Continent => "continent",
            Feature::Region => "world region",
            Feature::Natural => "natural feature",
            Feature::Alternate => "alternate name",
            Feature::Derived => "part of its name",
            Feature::Demonym => "name of its people",
            Feature::Abbreviation => "abbreviation",
            Feature::Capital => "capital",
            Feature::DivisionSeat => "seat of a division",
            Feature::DistrictSeat => "seat of a district",
            Feature::Section => "part of a town",
            Feature::Explicit => "what it lies in is named after it",
            Feature::ParentOfOne => "named after a place in it",
            Feature::Contradicted => "another parent is named after it",
            Feature::CountryVotes => "other names in its country",
            Feature::DivisionVotes => "other names in its division",
            Feature::Dateline => "no place of a dateline",
            Feature::Nearness => "other names near by",
            Feature::HomeNearness => "near the publisher's home",
            Feature::HomeDivision => "the publisher's division",
            Feature::HomeCountry => "the publisher's country",
            Feature::Namesake => "a better known place is called so",
            Feature::WorldVotes => "other cities of the world",
            Feature::Standalone => "alone in an agency's dateline",
            Feature::Wire => "smaller than a namesake, in an agency's story",
        }
    }

    /// Every feature, in the order of the weights.
    pub const ALL: [Feature; FEATURES] = [
        Feature::Population,
        Feature::Country,
        Feature::Division,
        Feature::District,
        Feature::Continent,
        Feature::Region,
        Feature::Natural,
        Feature::Alternate,
        Feature::Derived,
        Feature::Demonym,
        Feature::Abbreviation,
        Feature::Capital,
        Feature::DivisionSeat,
        Feature::DistrictSeat,
        Feature::Section,
        Feature::Explicit,
        Feature::ParentOfOne,
        Feature::Contradicted,
        Feature::CountryVotes,
        Feature::DivisionVotes,
        Feature::Dateline,
        Feature::Nearness,
        Feature::HomeNearness,
        Feature::HomeDivision,
        Feature::HomeCountry,
        Feature::Namesake,
        Feature::WorldVotes,
        Feature::Standalone,
        Feature::Wire,
    ];
}

/// The evidence for one candidate, by feature.
pub type Evidence = [f32; FEATURES];

/// Every number that choosing depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// While nothing is known of the article's other names.
    pub first: Evidence,
    /// Once they vote.
    pub later: Evidence,
    /// How even the probabilities are that the first pass gives: 1 for what the scores say, more to leave more open.
    pub first_heat: f32,
    /// The same for each pass with votes.
    pub heats: [f32; 4],
    /// Kilometres at which a neighbour's pull falls to a third.
    pub reach: f32,
    /// A lone small town that nothing supports is believed from this population on.
    pub lone_town: f32,
    /// Below this probability the answer is the country, if that is sure.
    pub floor: f32,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            first: [
                1.4, 0.5, -0.3, -1.0, 2.7, -1.0, -2.5, -2.7, -1.0, 1.0, -2.0, 1.0, 0.5, 0.3, 0.0, 4.0, 1.0,
                -0.8, 0.0, 0.0, -3.5, 0.0, 3.0, 2.0, 1.0, -2.0, 0.0, 4.0, 2.0,
            ],
            later: [
                1.2, 1.0, -0.3, -1.0, 2.7, -1.5, -1.2, -3.0, -1.5, 0.5, -0.5, 1.0, 0.5, 0.3, 0.0, 3.5, 1.5,
                -0.8, 3.0, 5.5, -3.5, 4.0, 3.0, 2.0, 1.0, -2.0, 8.0, 4.0, 2.0,
            ],
            first_heat: 3.0,
            heats: [2.0, 1.5, 1.0, 1.0],
            reach: 100.0,
            lone_town: 30_000.0,
            floor: 0.12,
        }
    }
}
