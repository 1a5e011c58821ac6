//! Invented sports reports in the style of news agencies: results, tables, scores and rankings, with their names
//! labelled. Agencies print a large share of their names in such lists, and no free labelled set holds any.

use crate::article::ActorKind;
use crate::eval::train::gold::{Labelled, Mark};
use crate::eval::train::random::Random;
use crate::extract::name::NameClass;
use crate::reference::authority::Entry;

/// What the reports are made of.
#[derive(Debug)]
pub struct Material {
    clubs: Vec<Vec<String>>,
    countries: Vec<String>,
    cities: Vec<String>,
    given: Vec<String>,
    surnames: Vec<String>,
}

impl Material {
    /// Clubs from the authority list, places and people from the given lists; none may be empty.
    pub fn new(actors: &[Entry], lists: Lists) -> Option<Material> {
        let mut clubs: std::collections::BTreeMap<&str, Vec<String>> = std::collections::BTreeMap::new();
        for club in actors.iter().filter(|actor| actor.is_club && actor.kind == ActorKind::Organisation) {
            let names = std::iter::once(&club.name).chain(&club.aliases).cloned();
            clubs.entry(club.country.as_str()).or_default().extend(names);
        }
        let clubs: Vec<Vec<String>> = clubs.into_values().filter(|clubs| clubs.len() >= 8).collect();
        let Lists { countries, cities, given, surnames, .. } = lists;
        let full = [clubs.len(), countries.len(), cities.len(), given.len(), surnames.len()];
        (!full.contains(&0)).then_some(Material { clubs, countries, cities, given, surnames })
    }
}

/// Names of countries, cities and people.
#[derive(Debug, Default)]
pub struct Lists {
    /// Countries, as agencies write them.
    pub countries: Vec<String>,
    /// Their peoples' names, as adjectives.
    pub demonyms: Vec<String>,
    /// Cities.
    pub cities: Vec<String>,
    /// Given names.
    pub given: Vec<String>,
    /// Surnames.
    pub surnames: Vec<String>,
}

/// Writes `count` reports.
pub fn reports(material: &Material, count: usize, seed: u64) -> Vec<Labelled> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|number| {
            let mut writer =
                Writer { material, random: &mut random, source: String::new(), marks: Vec::new() };
            KINDS[number % KINDS.len()](&mut writer);
            Labelled { source: writer.source, marks: writer.marks, others_open: false, weight: 0.5 }
        })
        .collect()
}

type Report = fn(&mut Writer<'_>);

const KINDS: &[Report] = &[
    league_results,
    league_results,
    standings,
    tennis,
    athletics,
    match_report,
    scorers,
    golf,
    cricket,
    cycling,
    internationals,
    american,
    transfer,
    national_squad,
    preview,
];

struct Writer<'m> {
    material: &'m Material,
    random: &'m mut Random,
    source: String,
    marks: Vec<Mark>,
}

use NameClass::{Location, Organisation, Other, Person};

impl Writer<'_> {
    fn text(&mut self, text: &str) -> &mut Self {
        self.source.push_str(text);
        self
    }

    fn name(&mut self, name: &str, class: NameClass) -> &mut Self {
        let start = self.source.len();
        self.source.push_str(name);
        self.marks.push(Mark { start, end: self.source.len(), class: Some(class) });
        self
    }

    fn number(&mut self, below: usize) -> &mut Self {
        let number = self.random.below(below).to_string();
        self.text(&number)
    }

    fn pick(&mut self, items: &[&str]) -> &mut Self {
        let item = (*self.random.pick(items)).to_owned();
        self.text(&item)
    }

    fn person(&mut self) -> String {
        let given = self.random.pick(&self.material.given).clone();
        let surname = self.random.pick(&self.material.surnames).clone();
        format!("{given} {surname}")
    }

    fn a_person(&mut self) -> &mut Self {
        let person = self.person();
        self.name(&person, Person)
    }

    fn a_surname(&mut self) -> &mut Self {
        let surname = self.random.pick(&self.material.surnames).clone();
        self.name(&surname, Person)
    }

    fn a_country(&mut self) -> &mut Self {
        let country = self.random.pick(&self.material.countries).clone();
        self.name(&country, Location)
    }

    fn a_city(&mut self) -> &mut Self {
        let city = self.random.pick(&self.material.cities).clone();
        self.name(&city, Location)
    }

    fn clubs(&mut self) -> Vec<String> {
        let mut clubs = self.random.pick(&self.material.clubs).clone();
        self.random.shuffle(&mut clubs);
        clubs
    }

    fn day(&mut self) -> String {
        format!(
            "{}-{:02}-{:02}",
            1985 + self.random.below(35),
            1 + self.random.below(12),
            1 + self.random.below(28)
        )
    }

    /// A headline in capitals with its sport, then the dateline.
    fn head(&mut self, sport: &str, headline: &str) -> &mut Self {
        let rest = headline.to_uppercase();
        self.text(sport).text(" - ").text(&rest).text(".\n");
        let city = self.random.pick(&self.material.cities).clone();
        let shown = if self.random.below(3) > 0 { city.to_uppercase() } else { city };
        let day = self.day();
        self.name(&shown, Location).text(" ").text(&day).text("\n")
    }

    fn country_in_brackets(&mut self) -> &mut Self {
        self.text(" ( ").a_country().text(" )")
    }
}

const SPORTS: &[&str] =
    &["first division", "premier league", "second division", "cup", "league", "championship"];

fn nation(writer: &mut Writer<'_>) -> String {
    let nations = [
        "English",
        "French",
        "German",
        "Dutch",
        "Scottish",
        "Italian",
        "Spanish",
        "Portuguese",
        "Belgian",
        "Polish",
        "Romanian",
        "Bulgarian",
        "Turkish",
        "Swiss",
        "Austrian",
        "Swedish",
        "Danish",
        "Czech",
        "Hungarian",
        "Greek",
        "Argentine",
        "Brazilian",
        "Japanese",
        "South Korean",
        "Israeli",
        "Russian",
        "Croatian",
    ];
    (*writer.random.pick(&nations)).to_owned()
}

fn league_results(writer: &mut Writer<'_>) {
    let nation = nation(writer);
    let league = (*writer.random.pick(SPORTS)).to_owned();
    writer.text("SOCCER - ").name(&nation.to_uppercase(), Other);
    let headline = format!(" {league} results").to_uppercase();
    writer.text(&headline).text(".\n").a_city().text(" ");
    let day = writer.day();
    writer.text(&day).text("\nResults of ").name(&nation, Other).text(" ").text(&league);
    writer.pick(&[" matches", " soccer matches", " games"]).text(" on ");
    writer.pick(&["Saturday", "Sunday", "Wednesday", "Friday"]).text(":\n");
    let clubs = writer.clubs();
    for pair in clubs.chunks_exact(2).take(8) {
        writer.name(&pair[0], Organisation).text(" ").number(5).text(" ").name(&pair[1], Organisation);
        writer.text(" ").number(5);
        if writer.random.below(4) == 0 {
            writer.text(" ( halftime ").number(3).text("-").number(3).text(" )");
        }
        writer.text("\n");
    }
}

fn standings(writer: &mut Writer<'_>) {
    let nation = nation(writer);
    writer.text("SOCCER - ").name(&nation.to_uppercase(), Other).text(" STANDINGS.\n").a_city().text(" ");
    let day = writer.day();
    writer.text(&day).text("\nStandings in the ").name(&nation, Other);
    writer.text(" first division after weekend matches ( tabulate under played, won, drawn, lost, goals for, against, points ):\n");
    for club in writer.clubs().into_iter().take(14) {
        writer.name(&club, Organisation);
        for _ in 0..7 {
            writer.text(" ").number(40);
        }
        writer.text("\n");
    }
}

fn tennis(writer: &mut Writer<'_>) {
    let event = (*writer.random.pick(&[
        "U.S. Open",
        "Australian Open",
        "Wimbledon",
        "Canadian Open",
        "Grand Slam Cup",
    ]))
    .to_owned();
    writer.text("TENNIS - RESULTS AT ").name(&event.to_uppercase(), Other).text(".\n").a_city().text(" ");
    let day = writer.day();
    writer.text(&day).text("\nResults from the ").name(&event, Other).text(" tennis tournament");
    writer.text(" ( prefix number denotes seeding ):\nMen's singles, second round\n");
    for _ in 0..7 {
        if writer.random.below(2) == 0 {
            writer.number(16).text(" - ");
        }
        writer.a_person().country_in_brackets().text(" beat ").a_person().country_in_brackets().text(" ");
        writer.pick(&["6-4 6-3", "7-5 6-2 6-1", "6-3 3-6 7-6 ( 7-4 )", "6-0 6-4"]).text("\n");
    }
}

fn athletics(writer: &mut Writer<'_>) {
    let sport =
        (*writer.random.pick(&["ATHLETICS", "SWIMMING", "SKIING", "SPEED SKATING", "CYCLING", "ROWING"]))
            .to_owned();
    writer.head(&sport, "Grand Prix results").text("Leading results in the ");
    writer.pick(&[
        "women's 100 metres",
        "men's 400 metres hurdles",
        "men's downhill",
        "women's javelin",
        "men's 1,500 metres",
    ]);
    writer.text(" on Friday:\n");
    for place in 1..=8 {
        let number = format!("{place}. ");
        writer.text(&number).a_person();
        if writer.random.below(4) == 0 {
            writer.text(", ").a_country().text(", ");
        } else {
            writer.country_in_brackets().text(" ");
        }
        writer.number(59).text(".").number(99).text(" seconds\n");
    }
}

fn match_report(writer: &mut Writer<'_>) {
    let clubs = writer.clubs();
    let (home, away, third) = (&clubs[0], &clubs[1], &clubs[2]);
    let (home, away, third) = (home.clone(), away.clone(), third.clone());
    writer
        .text("SOCCER - ")
        .name(&home.to_uppercase(), Organisation)
        .pick(&[" BEAT ", " HOLD ", " CRUSH ", " STUN ", " EDGE "]);
    writer.name(&away.to_uppercase(), Organisation).text(".\n").a_city().text(" ");
    let day = writer.day();
    writer.text(&day).text("\n");
    writer.name(&home, Organisation).pick(&[
        " beat ",
        " defeated ",
        " drew with ",
        " thrashed ",
        " lost to ",
    ]);
    writer.name(&away, Organisation).text(" ").number(5).text("-").number(4).pick(&[" at home", " away"]);
    writer
        .text(" on Saturday to ")
        .pick(&["go top of", "stay in", "keep up their chase of"])
        .text(" the league.\n");
    writer.text("Striker ").a_person().text(" gave ").name(&home, Organisation).text(" the lead in the ");
    writer.number(90).text("th minute before ").a_surname().text(" equalised for ").name(&away, Organisation);
    writer.text(" with a header.\n").text("Coach ").a_person().text(" said ").name(&third, Organisation);
    writer.text(", who host ").name(&away, Organisation).text(" next week, were still favourites.\n");
    writer.text("\"").name(&third, Organisation).text(" are strong,\" said ").name(&home, Organisation);
    writer
        .text(" captain ")
        .a_person()
        .text(", who joined from ")
        .name(&clubs[3].clone(), Organisation)
        .text(".\n");
}

fn scorers(writer: &mut Writer<'_>) {
    let nation = nation(writer);
    writer
        .text("SOCCER - ")
        .name(&nation.to_uppercase(), Other)
        .text(" LEAGUE SUMMARIES.\n")
        .a_city()
        .text(" ");
    let day = writer.day();
    writer
        .text(&day)
        .text("\nSummaries of ")
        .name(&nation, Other)
        .text(" first division matches on Saturday:\n");
    let clubs = writer.clubs();
    for pair in clubs.chunks_exact(2).take(5) {
        writer.name(&pair[0], Organisation).text(" ").number(5).text(" ( ");
        for at in 0..=writer.random.below(3) {
            writer.text(if at > 0 { ", " } else { "" }).a_surname().text(" ").number(90);
        }
        writer.text(" ) ").name(&pair[1], Organisation).text(" ").number(4).text(" ( ").a_surname().text(" ");
        writer.number(90).text(" ). Halftime ").number(3).text("-").number(3).text(". Attendance: ");
        writer.number(60).text(",").number(900).text("\n");
    }
    writer.text("Leading goalscorers:\n");
    for pair in clubs.chunks_exact(2).take(4) {
        writer.number(20).text(" - ").a_person().text(" ( ").name(&pair[0], Organisation).text(" )\n");
    }
}

fn golf(writer: &mut Writer<'_>) {
    writer
        .head("GOLF", "leading scores at open")
        .text("Leading scores after the second round of the tournament on Friday ( ");
    writer.name("British", Other).text(" unless stated ):\n");
    for _ in 0..9 {
        writer.number(80).text(" ").a_person();
        if writer.random.below(2) == 0 {
            writer.country_in_brackets();
        }
        writer.text(" ").number(75).text(" ").number(75).text("\n");
    }
}

fn cricket(writer: &mut Writer<'_>) {
    writer.head("CRICKET", "scoreboard").text("Scoreboard on the third day of the test between ").a_country();
    writer.text(" and ").a_country().text(" at ").a_city().text(":\n").a_country().text(" first innings\n");
    let (bowler, keeper) = (writer.person(), writer.person());
    let surname = |name: &str| name.rsplit(' ').next().unwrap_or(name).to_owned();
    for _ in 0..6 {
        let initial = char::from(b'A' + writer.random.below(26) as u8);
        let mut shown = writer.random.pick(&writer.material.surnames).clone();
        if writer.random.below(3) == 0 {
            shown = format!("{initial}. {shown}");
        }
        writer.name(&shown, Person).pick(&[" c ", " lbw b ", " b ", " not out "]);
        writer
            .name(&surname(&keeper), Person)
            .text(" b ")
            .name(&surname(&bowler), Person)
            .text(" ")
            .number(150)
            .text("\n");
    }
    writer
        .text("Extras ( lb-")
        .number(9)
        .text(" w-")
        .number(9)
        .text(" ) ")
        .number(30)
        .text("\nTotal ")
        .number(500);
    writer
        .text("\nBowling: ")
        .name(&surname(&bowler), Person)
        .text(" 20-4-61-2, ")
        .a_surname()
        .text(" 12-0-44-1\n");
    let clubs: Vec<String> =
        ["Essex", "Kent", "Surrey", "Durham", "Sussex", "Somerset", "Glamorgan", "Hampshire", "Lancashire"]
            .iter()
            .map(|&club| club.to_owned())
            .collect();
    let (home, away) = (writer.random.pick(&clubs).clone(), writer.random.pick(&clubs).clone());
    writer.text("At ").a_city().text(": ").name(&home, Organisation).text(" 329 and 167-3, ");
    writer.name(&away, Organisation).text(" 215 ( ").a_person().text(" 4-43 ).\n");
}

fn cycling(writer: &mut Writer<'_>) {
    writer
        .head("CYCLING", "tour stage placings")
        .text("Leading placings in the stage from ")
        .a_city()
        .text(" to ");
    writer.a_city().text(" on Thursday:\n");
    for place in 1..=7 {
        let number = format!("{place}. ");
        let team = writer.clubs()[0].clone();
        writer.text(&number).a_person().country_in_brackets().text(" ").name(&team, Organisation).text(" ");
        writer.number(6).text(" hours ").number(59).text(" minutes\n");
    }
}

fn internationals(writer: &mut Writer<'_>) {
    writer.head("SOCCER", "world cup qualifying results").text("Results of ").name("World Cup", Other);
    writer.text(" qualifiers on Wednesday:\nIn ").a_city().text(": ");
    for _ in 0..6 {
        writer.a_country().text(" ").number(5).text(" ").a_country().text(" ").number(5).text(" ( halftime ");
        writer
            .number(3)
            .text("-")
            .number(2)
            .text(" )\nScorers: ")
            .a_country()
            .text(" - ")
            .a_person()
            .text(" ( ");
        writer.number(90).text("th minute ), ").a_surname().text(" ( ").number(90).text(" )\n");
    }
}

fn american(writer: &mut Writer<'_>) {
    let (league, cities): (&str, &[&str]) = *writer.random.pick(&[
        (
            "NATIONAL HOCKEY LEAGUE",
            &[
                "HARTFORD",
                "BUFFALO",
                "BOSTON",
                "PITTSBURGH",
                "OTTAWA",
                "MONTREAL",
                "FLORIDA",
                "PHILADELPHIA",
                "NEW JERSEY",
                "DETROIT",
                "CHICAGO",
                "PHOENIX",
                "TORONTO",
                "COLORADO",
                "VANCOUVER",
                "EDMONTON",
                "CALGARY",
                "SAN JOSE",
                "DALLAS",
            ][..],
        ),
        (
            "NATIONAL BASKETBALL ASSOCIATION",
            &[
                "MIAMI",
                "NEW YORK",
                "ORLANDO",
                "WASHINGTON",
                "PHILADELPHIA",
                "CHICAGO",
                "DETROIT",
                "CLEVELAND",
                "ATLANTA",
                "INDIANA",
                "CHARLOTTE",
                "MILWAUKEE",
                "HOUSTON",
                "UTAH",
                "SEATTLE",
                "PORTLAND",
                "SACRAMENTO",
                "GOLDEN STATE",
            ][..],
        ),
        (
            "MAJOR LEAGUE BASEBALL",
            &[
                "NEW YORK",
                "BALTIMORE",
                "BOSTON",
                "TORONTO",
                "DETROIT",
                "CLEVELAND",
                "CHICAGO",
                "MILWAUKEE",
                "MINNESOTA",
                "KANSAS CITY",
                "TEXAS",
                "SEATTLE",
                "OAKLAND",
                "CALIFORNIA",
                "ATLANTA",
                "MONTREAL",
                "FLORIDA",
                "HOUSTON",
                "ST LOUIS",
                "CINCINNATI",
                "SAN DIEGO",
                "COLORADO",
            ][..],
        ),
    ]);
    let capitals = writer.random.below(2) == 0;
    let shown = |city: &str| {
        if capitals {
            city.to_owned()
        } else {
            city.split(' ')
                .map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase()))
                .collect::<Vec<_>>()
                .join(" ")
        }
    };
    writer
        .text("SPORT - ")
        .name(league, Organisation)
        .text(" STANDINGS AFTER TUESDAY'S GAMES.\nEASTERN DIVISION\n");
    for city in &cities[..cities.len() / 2] {
        writer.name(&shown(city), Organisation);
        for _ in 0..5 {
            writer.text(" ").number(90);
        }
        writer.text("\n");
    }
    writer.text("WEDNESDAY'S RESULTS ( home team in CAPS )\n");
    for pair in cities.chunks_exact(2) {
        writer
            .name(&shown(pair[0]), Organisation)
            .text(" ")
            .number(9)
            .text(" ")
            .name(&shown(pair[1]), Organisation)
            .text(" ")
            .number(9)
            .text("\n");
    }
    writer.text("THURSDAY'S SCHEDULE\n");
    for pair in cities.chunks_exact(2).rev().take(5) {
        writer
            .name(&shown(pair[1]), Organisation)
            .text(" AT ")
            .name(&shown(pair[0]), Organisation)
            .text("\n");
    }
    writer.text("In ").a_city().text(", ").a_person().text(" scored ").number(40).text(" points as the ");
    let club = writer.random.pick(&writer.material.clubs).clone();
    writer.name(&club[0], Organisation).text(" beat the ").name(&club[1], Organisation).text(".\n");
}

fn transfer(writer: &mut Writer<'_>) {
    let clubs = writer.clubs();
    writer
        .head("SOCCER", "striker signs")
        .name(&clubs[0], Organisation)
        .text(" signed ")
        .name("Dutch", Other);
    writer.text(" international ").a_person().text(" from ").name(&clubs[1], Organisation).text(" for ");
    writer.number(9).text(" million pounds on Tuesday.\n").a_surname().text(" said he had turned down ");
    writer
        .name(&clubs[2], Organisation)
        .text(" and ")
        .name(&clubs[3], Organisation)
        .text(".\nThe ")
        .name(&clubs[0], Organisation);
    writer
        .text(" midfielder, born in ")
        .a_city()
        .text(", will face ")
        .name(&clubs[4], Organisation)
        .text(" in ")
        .a_country()
        .text(".\n");
}

fn national_squad(writer: &mut Writer<'_>) {
    writer
        .head("SOCCER", "squad for qualifier")
        .text("Coach ")
        .a_person()
        .text(" named this squad to play ")
        .a_country()
        .text(":\n");
    let clubs = writer.clubs();
    for line in ["Goalkeepers", "Defenders", "Midfielders", "Forwards"] {
        writer.text(line).text(": ");
        for at in 0..3 {
            let club = clubs[writer.random.below(clubs.len())].clone();
            writer
                .text(if at > 0 { ", " } else { "" })
                .a_person()
                .text(" ( ")
                .name(&club, Organisation)
                .text(" )");
        }
        writer.text(".\n");
    }
    writer
        .text("Team: 15 - ")
        .a_person()
        .text(", 14 - ")
        .a_person()
        .text(", 13 - ")
        .a_person()
        .text(", 12 - ")
        .a_person()
        .text(".\n");
}

fn preview(writer: &mut Writer<'_>) {
    let clubs = writer.clubs();
    writer
        .head("SOCCER", "weekend preview")
        .name(&clubs[0], Organisation)
        .text(", ")
        .name(&clubs[1], Organisation);
    writer.text(" and ").name(&clubs[2], Organisation).text(" could all go top this weekend.\n");
    writer
        .name(&clubs[0], Organisation)
        .text(" are without ")
        .a_surname()
        .text(" and ")
        .a_surname()
        .text(" for the trip to ");
    writer
        .name(&clubs[3], Organisation)
        .text(", while ")
        .name(&clubs[1], Organisation)
        .text(" host ")
        .name(&clubs[4], Organisation);
    writer
        .text(" at home. Former ")
        .name(&clubs[5], Organisation)
        .text(" manager ")
        .a_person()
        .text(" takes charge of ");
    writer
        .name(&clubs[6], Organisation)
        .text(" for the first time against ")
        .name(&clubs[7], Organisation)
        .text(" in ")
        .a_city()
        .text(".\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cover_the_names_and_the_same_seed_writes_the_same() {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let material = Material {
            clubs: vec![list(&[
                "Ajax",
                "PSV",
                "Twente",
                "Vitesse",
                "Volendam",
                "Utrecht",
                "Groningen",
                "Sparta",
            ])],
            countries: list(&["France"]),
            cities: list(&["Paris"]),
            given: list(&["Jean"]),
            surnames: list(&["Petit"]),
        };
        let written = reports(&material, KINDS.len(), 3);
        for report in &written {
            for mark in &report.marks {
                let shown = &report.source[mark.start..mark.end];
                assert!(!shown.is_empty() && shown.trim() == shown, "{shown}");
            }
        }
        let again = reports(&material, KINDS.len(), 3);
        assert_eq!(written[0].source, again[0].source);
    }
}
