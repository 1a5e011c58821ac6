//! Look-ups, paths and damaged files of the gazetteer.

use super::*;

fn gazetteer() -> &'static Gazetteer {
    Gazetteer::embedded().expect("the gazetteer opens")
}

fn first_path(text: &str) -> String {
    let bound = gazetteer().bind(text);
    bound.first().map(|&place| gazetteer().path(place).join("/")).unwrap_or_default()
}

#[test]
fn names_in_many_forms_mean_the_place_people_think_of() {
    let cases = [
        ("Baghdad", "Asia/Iraq/Baghdad"),
        ("geo/98182", "Asia/Iraq/Baghdad/Baghdad"),
        ("بغداد", "Asia/Iraq/Baghdad/Baghdad"),
        ("al-Qa'im", "Asia/Iraq/Anbar/Al Qaim"),
        ("Al Anbar", "Asia/Iraq/Anbar"),
        ("Anbar province", "Asia/Iraq/Anbar"),
        ("Paris", "Europe/France/Ile-de-France/Paris"),
        ("Paris, Texas", "North America/United States/Texas/Paris"),
        ("United States/Texas/Paris", "North America/United States/Texas/Paris"),
        ("Asia/Iraq", "Asia/Iraq"),
        ("USA", "North America/United States"),
        ("U.S.", "North America/United States"),
        ("UAE", "Asia/United Arab Emirates"),
        ("DRC", "Africa/Democratic Republic of the Congo"),
        ("Deutschland", "Europe/Germany"),
        ("Россия", "Europe/Russia"),
        ("日本", "Asia/Japan"),
        ("Bombay", "Asia/India/Maharashtra/Mumbai"),
        ("Saigon", "Asia/Vietnam/Ho Chi Minh City (HCMC)/Ho Chi Minh City"),
        ("USSR", "Europe/Soviet Union"),
        ("Europe", "Europe"),
        ("Sahel", "Regions/Sahel"),
        ("West Bank", "Asia/Palestine/West Bank"),
        ("Mediterranean", "Oceans and seas/Mediterranean Sea"),
        ("Iranian", "Asia/Iran"),
        ("Springfield (4250542)", "North America/United States/Illinois/Springfield"),
        ("Nowhereville-on-Sea", ""),
        ("", ""),
        ("///", ""),
        ("geo/x", ""),
    ];
    for (text, path) in cases {
        assert_eq!(first_path(text), path, "{text}");
    }
}

#[test]
fn paths_and_points_of_cities_all_over_the_world() {
    let cases = [
        (2_867_714, "Europe/Germany/Bavaria/Munich"),
        (311_046, "Asia/Turkey/Izmir Province/Izmir"),
        (3_093_133, "Europe/Poland/Lodz Voivodeship/Lodz"),
        (703_448, "Europe/Ukraine/Kyiv City/Kyiv"),
        (524_901, "Europe/Russia/Moscow/Moscow"),
        (1_850_147, "Asia/Japan/Tokyo/Tokyo"),
        (360_630, "Africa/Egypt/Cairo/Cairo"),
        (184_745, "Africa/Kenya/Nairobi County/Nairobi"),
        (5_128_581, "North America/United States/New York/New York City"),
        (3_435_910, "South America/Argentina/Buenos Aires F.D./Buenos Aires"),
        (2_147_714, "Oceania/Australia/New South Wales/Sydney"),
        (276_781, "Asia/Lebanon/Beirut/Beirut"),
        (281_133, "Asia/Palestine/Gaza Strip/Gaza"),
        (2_643_743, "Europe/United Kingdom/England/London"),
        (1_816_670, "Asia/China/Beijing/Beijing"),
        (2_427_123, "Africa/Chad/NDjamena/N'Djamena"),
    ];
    for (id, path) in cases {
        let place = gazetteer().by_geonames_id(id).expect(path);
        assert_eq!(gazetteer().path(place).join("/"), path);
        assert_eq!(gazetteer().bind(path), vec![place], "a path binds to its place");
    }
}

#[test]
fn the_tree_holds_what_lies_in_it() {
    let place = |text: &str| gazetteer().bind(text)[0];
    for (outer, inner, holds) in [
        ("Iraq", "al-Qaim", true),
        ("Asia", "al-Qaim", true),
        ("Middle East", "Baghdad", true),
        ("Middle East", "Paris", false),
        ("al-Qaim", "Iraq", false),
        ("Soviet Union", "Kyiv", true),
    ] {
        assert_eq!(gazetteer().contains(place(outer), place(inner)), holds, "{inner} in {outer}");
    }
    assert_eq!(gazetteer().country_code(place("al-Qaim")), Some("IQ"));
    assert_eq!(gazetteer().members(place("Baltic States")).len(), 3);
    let years = gazetteer().years("Leningrad", gazetteer().by_geonames_id(498_817).expect("a city"));
    assert_eq!(years, Some((Some(1924), Some(1991))));
}

#[test]
fn what_lies_on_the_antimeridian_is_not_put_on_the_other_side_of_the_earth() {
    let gazetteer = gazetteer();
    let cases = [
        ("Aleutian Islands", Some("United States")),
        ("Bering Sea", None),
        ("Wrangel Island", Some("Russia")),
    ];
    for (name, country) in cases {
        let place = gazetteer.lookup(name)[0].place;
        assert!(gazetteer.point(place).1.abs() > 170.0, "{name} at {:?}", gazetteer.point(place));
        assert_eq!(gazetteer.country(place).map(|country| gazetteer.label(country)), country, "{name}");
    }
}

#[test]
fn no_two_siblings_share_a_label() {
    let mut seen = std::collections::HashSet::new();
    for place in gazetteer().places() {
        let key = (gazetteer().parent(place), gazetteer().label(place));
        assert!(seen.insert(key), "{}", gazetteer().path(place).join("/"));
    }
}

#[test]
fn prefixes_complete_and_the_longest_name_wins() {
    let found = gazetteer().with_prefix("al qai", 5);
    assert!(found.iter().any(|(name, _)| name == "al qaim"), "{found:?}");
    let (length, _) = gazetteer().longest("new york city hall").expect("a name");
    assert_eq!(&"new york city hall"[..length], "new york city");
    assert!(gazetteer().longest("zzzzqq").is_none());
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_bound(text in "\\PC{0,40}") {
        let _ = gazetteer().bind(&text);
        let _ = gazetteer().longest(&name::key(&text));
        let _ = gazetteer().with_prefix(&text, 3);
    }
}

#[test]
fn quarters_do_not_have_the_inhabitants_of_their_city() {
    let gazetteer = Gazetteer::embedded().unwrap();
    let people = |name: &str| {
        let named = gazetteer.lookup(name).into_iter().filter(|found| found.kind == NameKind::Name);
        named.map(|found| gazetteer.population(found.place)).max().unwrap_or(0)
    };
    for (quarter, city) in [("North Stamford", "Stamford"), ("Minnetonka Mills", "Minnetonka")] {
        assert_eq!(people(quarter), 0, "{quarter}");
        assert!(people(city) > 30_000, "{city}");
    }
    for town in ["East Lansing", "West Hartford", "North Little Rock", "West Bromwich", "South San Francisco"]
    {
        assert!(people(town) > 30_000, "{town}");
    }
}
