//! Cases of placed toponyms, with negatives, and the laws that hold for any text.

use std::collections::BTreeMap;

use super::*;
use crate::article::Article;
use crate::extract::name::NameClass;
use crate::language::Language;
use crate::span::Span;

/// Reads `[Paris]` as a location, `{Joe Biden}` as a person, `<Bank of England>` as an organisation.
fn marked(source: &str) -> (String, Vec<(Span, NameClass)>) {
    let mut plain = String::new();
    let mut names = Vec::new();
    let mut open = 0;
    for c in source.chars() {
        match c {
            '[' | '{' | '<' => open = plain.len(),
            ']' => names.push((Span::new(open, plain.len()), NameClass::Location)),
            '}' => names.push((Span::new(open, plain.len()), NameClass::Person)),
            '>' => names.push((Span::new(open, plain.len()), NameClass::Organisation)),
            c => plain.push(c),
        }
    }
    (plain, names)
}

fn spans(text: &Text, names: &[(Span, NameClass)]) -> Vec<NameSpan> {
    names
        .iter()
        .filter_map(|&(span, class)| {
            let first = text.tokens.iter().position(|token| token.end as usize > span.start)?;
            let last = text.tokens.iter().rposition(|token| (token.start as usize) < span.end)? + 1;
            Some(NameSpan { span, first, last, class, score: 1.0 })
        })
        .collect()
}

/// The places found in `source`: what is said, and the path.
fn places(source: &str) -> Vec<(String, String)> {
    let (plain, names) = marked(source);
    let text = Text::new(&plain);
    let mut names = vec![spans(&text, &names)];
    let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
    let article = Article::default();
    let context = Context { article: &article, language: Language::ENGLISH, published: None };
    claim::claim(&[&text], &mut names, gazetteer);
    let mentions = Resolver::new(gazetteer).resolve(&[&text], &names, &context).remove(0);
    let shown = mentions.iter().map(|mention| match &mention.entity {
        Entity::Place(place) => (mention.span.of(&plain).to_owned(), place.path.join("/")),
        _ => (String::new(), String::new()),
    });
    shown.collect()
}

#[test]
fn names_are_placed_by_what_stands_around_them() {
    let cases = [
        ("He flew to [Paris] on Monday.", "Paris", "Europe/France/Ile-de-France/Paris"),
        (
            "[NEW YORK], Feb 26 - Shares fell.",
            "NEW YORK",
            "North America/United States/New York/New York City",
        ),
        ("He spoke in [Athens].", "Athens", "Europe/Greece/Attica/Athens"),
        (
            "The sheriff said so in [Athens]. The selectmen met, and Interstate traffic stopped.",
            "Athens",
            "North America/United States/Georgia/Athens",
        ),
        ("Voters in [New York] chose a governor.", "New York", "North America/United States/New York"),
        (
            "The fair opened in [Paris], [Texas], on Monday.",
            "Paris",
            "North America/United States/Texas/Paris",
        ),
        (
            "Storms hit [Alexandria], La., on Monday.",
            "Alexandria",
            "North America/United States/Louisiana/Alexandria",
        ),
        ("Troops left [Tbilisi] and [Gori] in [Georgia] on Monday.", "Georgia", "Asia/Georgia"),
        (
            "[Atlanta], [Savannah] and [Macon] in [Georgia] were flooded.",
            "Georgia",
            "North America/United States/Georgia",
        ),
        ("Raids near the border city of [al-Qaim] shook [Iraq].", "al-Qaim", "Asia/Iraq/Anbar/Al Qaim"),
        ("Police in [Spring], [Texas], said so.", "Spring", "North America/United States/Texas/Spring"),
        ("Police in [London], [Ontario], said so.", "London", "North America/Canada/Ontario/London"),
        ("The [US] said no.", "US", "North America/United States"),
        ("He flew to [Vancouver].", "Vancouver", "North America/Canada/British Columbia/Vancouver"),
        (
            "He flew to [Washington].",
            "Washington",
            "North America/United States/District of Columbia/Washington",
        ),
        (
            "The mother called from [Washington], [D.C.], and drove to [Athens] and [Savannah] in [Georgia].",
            "Washington",
            "North America/United States/District of Columbia/Washington",
        ),
        (
            "Offices in [London], [Rome], [Athens], [Lisbon] and [Geneva] closed.",
            "Athens",
            "Europe/Greece/Attica/Athens",
        ),
        (
            "Charleston, W.Va., and [Huntington], W.Va., heard of [California].",
            "California",
            "North America/United States/California",
        ),
        ("Leaders met in [Tehran]. [Iraq] sent nobody.", "Iraq", "Asia/Iraq"),
        (
            "Offices in [London], [Paris] and [St. Louis] closed.",
            "St. Louis",
            "North America/United States/Missouri/St. Louis",
        ),
        ("Ships left [Lima], [Bogota] and [Panama].", "Panama", "North America/Panama"),
        (
            "The [Florida] Highway Patrol said so in [Williston].",
            "Williston",
            "North America/United States/Florida/Williston",
        ),
        (
            "The council of [Arlington] met in north [Arlington]. A street in [North Arlington] was closed, and [Arlington] paid.",
            "North Arlington",
            "North America/United States/Texas/Arlington",
        ),
        (
            "[Hartford] and [West Hartford] share a school.",
            "West Hartford",
            "North America/United States/Connecticut/West Hartford",
        ),
        (
            "Jobs were lost in [Clarke], [Barrow] and [Oglethorpe] counties near [Athens], [Georgia].",
            "Oglethorpe",
            "North America/United States/Georgia/Oglethorpe County",
        ),
        ("Most [Indiana] counties voted early.", "Indiana", "North America/United States/Indiana"),
        (
            "Teachers in [Mexico City] went on strike. [Mexico] arrested one of them.",
            "Mexico",
            "North America/Mexico",
        ),
        (
            "A hiker fell at [Griffith Park] on Monday.",
            "Griffith Park",
            "North America/United States/California/Griffith Park",
        ),
        (
            "Council members in [Arlington] met near [Hampton Hills] in [Arlington].",
            "Arlington",
            "North America/United States/Texas/Arlington",
        ),
        ("Columns fell at [Palmyra] on Monday.", "Palmyra", "Asia/Syria/Homs/Palmyra"),
        (
            "[ST. LOUIS], March 2 - The firm paid a dividend.",
            "ST. LOUIS",
            "North America/United States/Missouri/St. Louis",
        ),
        (
            "[London], [Rome] and [Davos] sent nobody to [Accra] and [Kumasi].",
            "Davos",
            "Europe/Switzerland/Grisons/Davos",
        ),
        (
            "[WASHINGTON], March 2 - Lawmakers said so. [Hartford], [Waterbury] and [Bridgeport] in [Connecticut] agreed.",
            "WASHINGTON",
            "North America/United States/District of Columbia/Washington",
        ),
        (
            "Police in [Leeds], [York] and [Hull] called the force in [Wales].",
            "Wales",
            "Europe/United Kingdom/Wales",
        ),
        ("A ship burned in the [Red Sea].", "Red Sea", "Oceans and seas/Red Sea"),
        (
            "Peace in the [Middle East] is far, they said in [Baltimore].",
            "Middle East",
            "Regions/Middle East",
        ),
        (
            "He flew from [Moscow] to [Kaliningrad].",
            "Kaliningrad",
            "Europe/Russia/Kaliningrad Oblast/Kaliningrad",
        ),
        (
            "He flew to Port-au-Prince on Monday.",
            "Port-au-Prince",
            "North America/Haiti/Ouest/Port-au-Prince",
        ),
        (
            "Police in [Dar] es {Salaam} said so.",
            "Dar es Salaam",
            "Africa/Tanzania/Dar es Salaam Region/Dar es Salaam",
        ),
        ("Ships left [Leningrad] in 1950.", "Leningrad", "Europe/Russia/St.-Petersburg/Saint Petersburg"),
        ("Leaders of the [Soviet Union] met.", "Soviet Union", "Europe/Soviet Union"),
        ("Peace in the [Middle East] is far.", "Middle East", "Regions/Middle East"),
        ("Floods along the [Danube] worsened.", "Danube", "Europe/Danube"),
        ("Tanks rolled through northern [Iraq].", "Iraq", "Asia/Iraq"),
        (
            "<HOUSTON>, Feb 26 - Shares fell on Thursday.",
            "HOUSTON",
            "North America/United States/Texas/Houston",
        ),
        ("BAGHDAD -- A bomb went off in the city.", "BAGHDAD", "Asia/Iraq/Baghdad/Baghdad"),
        (
            "Farmers in [Rapides Parish] wait.",
            "Rapides Parish",
            "North America/United States/Louisiana/Rapides Parish",
        ),
    ];
    for (source, said, path) in cases {
        let found = places(source);
        let place = found.iter().find(|(text, _)| text == said);
        assert_eq!(place.map(|(_, path)| path.as_str()), Some(path), "{source}: {found:?}");
    }
}

#[test]
fn peoples_count_for_their_country() {
    let cases = [
        ("An Iranian-backed militia fired.", vec![("Iranian", "Asia/Iran")]),
        ("The Iraqi-Syrian border is closed.", vec![("Iraqi", "Asia/Iraq"), ("Syrian", "Asia/Syria")]),
        ("The [Iraqi-Syrian] border is closed.", vec![("Iraqi", "Asia/Iraq"), ("Syrian", "Asia/Syria")]),
        ("Danes and Kurds marched.", vec![("Danes", "Europe/Denmark"), ("Kurds", "Regions/Kurdistan")]),
        ("South Korean ships left.", vec![("South Korean", "Asia/South Korea")]),
        // A parish of Man, a river and a town of Texas are called so too.
        (
            "German, French and Canadian envoys met.",
            vec![
                ("German", "Europe/Germany"),
                ("French", "Europe/France"),
                ("Canadian", "North America/Canada"),
            ],
        ),
        ("The <Afghan government> said so.", vec![("Afghan", "Asia/Afghanistan")]),
    ];
    for (source, expected) in cases {
        let found = places(source);
        let expected: Vec<(String, String)> =
            expected.into_iter().map(|(said, path)| (said.to_owned(), path.to_owned())).collect();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn what_only_looks_like_a_place_is_none() {
    let none = [
        "{Paris Hilton} arrived late.",
        "Reading is fun. Nice work. Mobile phones ring.",
        "They ate turkey and drank from china.",
        "{Michael Jordan} scored. [Jordan] then rested.",
        "They joined the navy in [Spring]. Others did not.",
        "He was born in [North Township]. A [West] wind blew.",
        "The <Bank of England> cut rates.",
        "On Monday he read the Bible. May was cold. March came.",
        "Of all things, this. Most agreed. Bath time is over.",
        "Banks asked for money from the [TARP] and from [AI] funds.",
        "",
    ];
    for source in none {
        assert_eq!(places(source), vec![], "{source}");
    }
}

#[test]
fn an_unlisted_name_takes_its_neighbours_region() {
    let (plain, names) = marked("Fans in [Cairo] and [Qwxyzabad] cheered.");
    let text = Text::new(&plain);
    let names = vec![spans(&text, &names)];
    let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
    let article = Article::default();
    let context = Context { article: &article, language: Language::ENGLISH, published: None };
    let mentions = Resolver::new(gazetteer).resolve(&[&text], &names, &context).remove(0);
    let Entity::Place(place) = &mentions[1].entity else { panic!("a place") };
    assert!(place.approximate);
    assert_eq!(place.path, ["Africa", "Egypt", "Cairo"]);
}

#[test]
fn an_explanation_lists_candidates_and_evidence() {
    let (plain, names) = marked("The fair opened in [Paris], [Texas], on Monday.");
    let text = Text::new(&plain);
    let names = vec![spans(&text, &names)];
    let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
    let article = Article::default();
    let context = Context { article: &article, language: Language::ENGLISH, published: None };
    let explained = Resolver::new(gazetteer).explain("Paris", &[&text], &names, &context).expect("a place");
    assert!(explained.candidates.len() > 5);
    let best = &explained.candidates[0];
    assert!(best.path.ends_with("Texas/Paris") && best.probability > 0.5);
    assert!(best.evidence.iter().any(|(why, _)| *why == "what it lies in is named after it"));
}

#[test]
fn a_publishers_home_decides_where_nothing_else_does() {
    let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
    let given = BTreeMap::from([("The London Free Press".to_owned(), "London, Ontario".to_owned())]);
    let homes = Homes::given(&given, gazetteer).expect("London is known");
    let nowhere = BTreeMap::from([("The Gazette".to_owned(), "Qwxyzabad".to_owned())]);
    assert!(Homes::given(&nowhere, gazetteer).is_err_and(|error| error.to_string().contains("The Gazette")));
    let text = Text::new("The mayor of London spoke.");
    let names = vec![spans(&text, &[(Span::new(13, 19), NameClass::Location)])];
    let article = Article { source: Some("The London Free Press".to_owned()), ..Article::default() };
    let context = Context { article: &article, language: Language::ENGLISH, published: None };
    let mentions = Resolver::new(gazetteer).with_homes(&homes).resolve(&[&text], &names, &context).remove(0);
    let Entity::Place(place) = &mentions[0].entity else { panic!("a place") };
    assert_eq!(place.path.join("/"), "North America/Canada/Ontario/London");
}

#[test]
fn a_home_is_learned_from_other_articles() {
    let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
    let article = Article { url: Some("https://www.lfpress.example/1".to_owned()), ..Article::default() };
    let context = Context { article: &article, language: Language::ENGLISH, published: None };
    let annotated = |source: &str, homes: &Homes| {
        let (plain, names) = marked(source);
        let text = Text::new(&plain);
        let names = vec![spans(&text, &names)];
        let resolver = Resolver::new(gazetteer).with_homes(homes);
        let mentions = resolver.resolve(&[&text], &names, &context).remove(0);
        crate::article::Annotations { title_mentions: Vec::new(), mentions }
    };
    let told = |annotations: &crate::article::Annotations| {
        annotations.places().next().map(|place| place.path.join("/"))
    };
    let (mut beats, mut homes) = (home::Beats::default(), Homes::default());
    let question = "The mayor of [London] spoke.";
    for _ in 0..3 {
        assert_eq!(
            told(&annotated(question, &homes)).as_deref(),
            Some("Europe/United Kingdom/England/London")
        );
        beats
            .add(&article, &annotated("Fire in [Woodstock], [Ontario], and [Stratford], [Ontario].", &homes));
        homes.learn(&beats, gazetteer);
    }
    assert_eq!(told(&annotated(question, &homes)).as_deref(), Some("North America/Canada/Ontario/London"));
}

#[test]
fn a_body_tells_of_the_place_whose_name_it_carries() {
    let cases = [
        ("The <Dublin City Council> met.", vec!["Dublin"]),
        ("<Iraqi Interior Ministry> officials said so.", vec!["Iraqi"]),
        ("The <University of Georgia> won.", vec!["Georgia"]),
        ("The <Athens Police Department> said so.", vec!["Athens"]),
        ("The <New York Times> and <Manchester City> and <Delta Air Lines> said so.", vec![]),
        ("The <Federal Reserve> and the <Supreme Court> said so.", vec![]),
        ("<Queens Park Rangers> lost to <Norwich City>.", vec![]),
    ];
    for (source, expected) in cases {
        let found = places(&format!("[Dublin] is far. {source}"));
        let said: Vec<&str> = found.iter().skip(1).map(|(said, _)| said.as_str()).collect();
        assert_eq!(said, expected, "{source}");
    }
}

#[test]
fn countries_are_known_by_the_initial_of_their_quarter() {
    let found = places("<S.Korea> told <N.Korean> officials and <N.Rock> so; {S.Africa} did not.");
    let told: Vec<(&str, &str)> = found.iter().map(|(said, path)| (said.as_str(), path.as_str())).collect();
    let expected = [
        ("S.Korea", "Asia/South Korea"),
        ("N.Korean", "Asia/North Korea"),
        ("S.Africa", "Africa/South Africa"),
    ];
    assert_eq!(told, expected);
    let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
    assert_eq!(gazetteer.bind("S.Korea"), gazetteer.bind("South Korea"));
}

#[test]
fn streets_lie_where_their_neighbours_lie() {
    let cases = [
        ("Fire on [Richmond Street] in [London], [Ontario].", "Richmond Street", "Canada/Ontario"),
        ("A car hit [Washington] Drive in [Arlington], [Texas].", "Washington Drive", "United States/Texas"),
        ("[County Road] near [Boston] is closed.", "County Road", "United States/Massachusetts"),
    ];
    for (source, said, region) in cases {
        let found = places(source);
        let street = found.iter().find(|(text, _)| text == said);
        assert!(street.is_some_and(|(_, path)| path.ends_with(region)), "{source}: {found:?}");
    }
    let found = places("In [London] St Paul's stands.");
    assert_eq!(found[0].0, "London", "St may be a saint");
}

#[test]
fn a_county_named_in_full_inside_a_longer_name_tells_where_its_towns_are() {
    let found = places("[Alexandria] burned, the [Rapides Parish Fire District] said.");
    assert!(found[0].1.ends_with("Louisiana/Alexandria"), "{found:?}");
}

#[test]
fn what_is_ground_or_listed_among_places_is_claimed() {
    let cases = [
        ("He lives on {Darby Street} in [Boston].", "Darby Street"),
        ("They hiked along <Anthony Creek> in [Texas].", "Anthony Creek"),
        ("Crews from [Boston], {Winsted} and [Hartford] came.", "Winsted"),
        ("Schools in {Barrow} and {Oconee} counties in [Georgia] closed.", "Barrow"),
        ("A {Rolling Meadows} man was held in [Chicago].", "Rolling Meadows"),
        ("The farmers of {Jackson} county, {Tom Jackson} said, met in [Georgia].", "Jackson"),
    ];
    for (source, said) in cases {
        let found = places(source);
        assert!(found.iter().any(|(text, _)| text == said), "{source}: {found:?}");
    }
    // The Gulf of news is no province of Papua New Guinea.
    assert!(places("Ships left the [Gulf] for good.").is_empty());
    let found = places("{Della Street} is a person, {Joe Lake} too; [Boston] knows {Mary Bay}.");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn thousands_of_toponyms_take_no_longer_than_they_should() {
    let towns =
        ["Paris", "London", "Qwxyzabad", "Springfield", "Madison", "Reno", "Lima", "Cairo", "Oslo", "Bern"];
    let list: Vec<String> =
        (0..5000).map(|n| format!("[{} {}]", towns[n % 10], ["", "Hills", "North"][n % 3])).collect();
    let started = std::time::Instant::now();
    assert!(places(&list.join(", ")).len() > 1000);
    assert!(started.elapsed().as_secs() < 20);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_names_in_any_text_are_survived(
        source in "(\\PC|[A-Z][a-z]+|Paris|, |Texas|-|U\\.S\\.|\n){0,60}",
        cuts in proptest::collection::vec((0usize..60, 1usize..6, 0usize..4), 0..12),
    ) {
        let text = Text::new(&source);
        let mut names = Vec::new();
        let mut at = 0;
        for (gap, length, class) in cuts {
            let first = at + gap;
            let last = (first + length).min(text.tokens.len());
            if first >= last { break; }
            let class = [NameClass::Person, NameClass::Organisation, NameClass::Location, NameClass::Other][class];
            let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
            names.push(NameSpan { span, first, last, class, score: 1.0 });
            at = last;
        }
        let gazetteer = Gazetteer::embedded().expect("the gazetteer opens");
        let mut names = vec![names];
        claim::claim(&[&text], &mut names, gazetteer);
        let article = Article::default();
        let context = Context { article: &article, language: Language::ENGLISH, published: None };
        let mut end = 0;
        for mention in Resolver::new(gazetteer).resolve(&[&text], &names, &context).remove(0) {
            proptest::prop_assert!(source.get(mention.span.start..mention.span.end).is_some());
            proptest::prop_assert!(mention.span.start >= end && mention.span.end > mention.span.start);
            end = mention.span.end;
        }
    }
}
