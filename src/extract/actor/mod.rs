//! People and organisations: joins name spans to actors under one canonical name, with their kind.
//!
//! [`claim()`] first corrects the spans with the authority list and [`finish()`] by how the news uses names; [`link`] then
//! joins the names of one article: parts, acronyms and spellings of a name to its longest form, and that to the list. Two
//! people with one surname stay apart.

mod claim;
mod cluster;
mod finish;
mod firm;
pub mod kind;
mod plain;
mod reading;
mod resolve;
mod storm;
mod village;

pub use self::claim::claim;
pub use self::finish::finish;

use std::sync::Arc;

use crate::article::{ActorKind, Entity, Mention};
use crate::extract::actor::cluster::{Name, clusters};
use crate::extract::actor::resolve::{Evidence, Resolver};
use crate::extract::name::NameSpan;
use crate::extract::name::lexicon::{Lexicon, WordEntry};
use crate::extract::name::word;
use crate::reference::authority::{Authority, Known};
use crate::text::Text;

/// What joining names to actors leans on, beside the texts.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'s> {
    /// The list of known actors.
    pub authority: &'s Authority,
    /// What is known of words.
    pub lexicon: &'s Lexicon<'s>,
    /// The year in which the article was published.
    pub year: Option<i16>,
    /// The publisher of the article.
    pub source: Option<&'s str>,
}

impl Scene<'_> {
    /// What the lexicon knows of one word.
    fn word(&self, shown: &str) -> WordEntry {
        self.lexicon.word(word::hash(&word::normal(shown)))
    }

    /// The one body that the project's own lists have under this name.
    fn listed(&self, name: &str) -> Option<Known> {
        let mut found = self.authority.lookup(name);
        found.retain(|known| known.is_own && known.kind != ActorKind::Person);
        if let [only] = found.as_slice() { Some(*only) } else { None }
    }

    /// Whether the project's own lists have an actor of this name that there was when the article was published.
    fn lists(&self, name: &str) -> bool {
        let of_now = |known: &Known| known.is_own && self.year.is_none_or(|year| known.years_away(year) == 0);
        self.authority.lookup(name).iter().any(of_now)
    }
}

/// The actors that the names of one article stand for, text by text.
pub fn link(texts: &[&Text], names: &[Vec<NameSpan>], scene: &Scene<'_>) -> Vec<Vec<Mention>> {
    let mut of_article: Vec<Name> = Vec::new();
    for (number, (text, spans)) in texts.iter().zip(names).enumerate() {
        of_article.extend(spans.iter().filter_map(|name| reading::read(number, text, name, scene)));
    }
    reading::mark_brackets(texts, &mut of_article);
    let evidence = Evidence::of(texts);
    let resolver = Resolver { scene, evidence: &evidence };
    for name in &mut of_article {
        name.identity = resolver.identity(name);
    }
    reading::turn_into_firms(&mut of_article, scene);
    let mut found: Vec<Vec<Mention>> = texts.iter().map(|_| Vec::new()).collect();
    for cluster in clusters(&of_article) {
        let Some(actor) = resolver.actor(&cluster, &of_article) else { continue };
        let actor = Arc::new(actor);
        for &member in &cluster.members {
            let name = &of_article[member];
            found[name.text].push(Mention { span: name.span, entity: Entity::Actor(Arc::clone(&actor)) });
        }
    }
    for mentions in &mut found {
        mentions.sort_by_key(|mention| mention.span.start);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::name::Tagger;
    use crate::reference::gazetteer::Gazetteer;

    /// The actors of a text as `mention=name/kind`.
    fn actors(source: &str) -> Vec<String> {
        actors_in(source, 2021, None)
    }

    /// The same of a text published in a year by a publisher.
    fn actors_in(text: &str, year: i16, publisher: Option<&str>) -> Vec<String> {
        let (source, publisher_name) = (text, publisher);
        let text = Text::new(source);
        let texts = [&text];
        let authority = Authority::embedded().unwrap();
        let tagger = Tagger::embedded().unwrap();
        let mut names = tagger.tag(&texts);
        let scene = Scene { authority, lexicon: tagger.lexicon(), year: Some(year), source: publisher_name };
        claim(&texts, &mut names, &scene);
        finish(&texts, &mut names, &scene, Gazetteer::embedded().unwrap());
        let shown = |mention: &Mention| match &mention.entity {
            Entity::Actor(actor) => {
                format!("{}={}/{}", mention.span.of(source), actor.name, actor.kind.name())
            }
            _ => String::new(),
        };
        link(&texts, &names, &scene).remove(0).iter().map(shown).collect()
    }

    #[test]
    fn one_actor_has_one_name() {
        let source =
            "President Joe Biden met aides. Biden spoke to Reuters. “We agree,” said President Biden.";
        assert_eq!(
            actors(source),
            [
                "Joe Biden=Joe Biden/person",
                "Biden=Joe Biden/person",
                "Reuters=Reuters/media",
                "Biden=Joe Biden/person"
            ]
        );
    }

    #[test]
    fn known_names_are_found_whole_and_with_their_kind() {
        let source = "The Pentagon said Kata’ib Hezbollah and the Popular Mobilization Forces (PMF) were hit near the \
                      border. The Popular Mobilization vowed to respond, ISIS remnants fled and Sky News Arabia reported it.";
        let found = actors(source);
        for expected in [
            "Pentagon=Pentagon/government",
            "Kata’ib Hezbollah=Kata'ib Hezbollah/armed-group",
            "Popular Mobilization Forces=Popular Mobilization Forces/armed-group",
            "Popular Mobilization=Popular Mobilization Forces/armed-group",
            "PMF=Popular Mobilization Forces/armed-group",
            "ISIS=ISIS/armed-group",
            "Sky News Arabia=Sky News Arabia/media",
        ] {
            assert!(found.iter().any(|actor| actor == expected), "{expected} not in {found:?}");
        }
    }

    #[test]
    fn surnames_and_namesakes_go_by_the_year() {
        let cases = [
            ("President Bush spoke in Washington.", 1990, "Bush=George Bush/person"),
            ("President Bush spoke in Washington.", 2006, "Bush=George W. Bush/person"),
            ("George Bush met aides.", 1991, "George Bush=George Bush/person"),
            ("George Bush met aides.", 2005, "George Bush=George W. Bush/person"),
            ("German Chancellor Merkel met aides.", 2010, "Merkel=Angela Merkel/person"),
            ("The German chancellor, Merkel, met aides.", 1950, "Merkel=Merkel/person"),
        ];
        for (source, year, expected) in cases {
            let found = actors_in(source, year, None);
            assert!(found.iter().any(|actor| actor == expected), "{source} in {year}: {found:?}");
        }
        let both = actors("Joe Biden hugged Hunter Biden. Hunter Biden left. President Biden stayed.");
        assert!(both.contains(&"Hunter Biden=Hunter Biden/person".to_owned()), "{both:?}");
        assert!(both.contains(&"Joe Biden=Joe Biden/person".to_owned()), "{both:?}");
    }

    #[test]
    fn what_is_listed_is_no_village() {
        let cases = [
            (
                "Aides in Washington said the Obama administration plans new rules for banks.",
                "Obama=Barack Obama/person",
            ),
            ("Orders at Cisco fell. He bought a 5 percent stake in Cisco last year.", "Cisco=Cisco/company"),
            ("Shares in Nokia fell. A director at Nokia said so.", "Nokia=Nokia/company"),
            (
                "Staff at the SEC in Denver opened a probe. After leaving the SEC, Mark Hale joined a law firm.",
                "SEC=Securities and Exchange Commission/government",
            ),
        ];
        for (source, expected) in cases {
            let found = actors_in(source, 2010, None);
            let word = expected.split('=').next().unwrap();
            let wanted = source.matches(word).count();
            let count = found.iter().filter(|actor| *actor == expected).count();
            assert_eq!(count, wanted, "{source}: {found:?}");
        }
        let day = actors("The U.S. Court of Appeals Monday upheld the ban, the Mail on Sunday said.");
        assert_eq!(day.iter().filter(|actor| actor.contains("day=")).count(), 1, "{day:?}");
    }

    #[test]
    fn words_of_place_keep_a_town_from_being_a_firm() {
        use crate::extract::name::{NameClass, NameSpan};
        use crate::span::Span;

        let tagger = Tagger::embedded().unwrap();
        let authority = Authority::embedded().unwrap();
        let scene = Scene { authority, lexicon: tagger.lexicon(), year: Some(2010), source: None };
        for (source, expected) in [
            ("He lives in Nokia, a town near Tampere.", NameClass::Location),
            ("He has a small stake in Nokia.", NameClass::Organisation),
            ("Rivals said so, and Circuit City shares fell.", NameClass::Organisation),
        ] {
            let text = Text::new(source);
            let name = if source.contains("Nokia") { "Nokia" } else { "Circuit City" };
            let span = Span::new(source.find(name).unwrap(), source.find(name).unwrap() + name.len());
            let first = text.tokens.iter().position(|token| token.start as usize == span.start).unwrap();
            let last = first + name.split(' ').count();
            let mut names =
                vec![vec![NameSpan { span, first, last, class: NameClass::Location, score: 1.0 }]];
            finish(&[&text], &mut names, &scene, Gazetteer::embedded().unwrap());
            assert_eq!(names[0][0].class, expected, "{source}");
        }
    }

    #[test]
    fn surnames_that_the_tagger_passed_over_come_back_where_they_stand_alone() {
        use crate::extract::name::{NameClass, NameSpan};
        use crate::span::Span;

        let source = "Maria Horvat came and then Horvat left, the Horvat Group said. Anna Black came; Black smoke rose.";
        let text = Text::new(source);
        let full = |name: &str| {
            let start = source.find(name).unwrap();
            let first = text.tokens.iter().position(|token| token.start as usize == start).unwrap();
            let span = Span::new(start, start + name.len());
            NameSpan { span, first, last: first + 2, class: NameClass::Person, score: 1.0 }
        };
        let mut names = vec![vec![full("Maria Horvat"), full("Anna Black")]];
        let tagger = Tagger::embedded().unwrap();
        let authority = Authority::embedded().unwrap();
        let scene = Scene { authority, lexicon: tagger.lexicon(), year: None, source: None };
        claim(&[&text], &mut names, &scene);
        let people = names[0].iter().filter(|name| name.class == NameClass::Person);
        let people: Vec<&str> = people.map(|name| name.span.of(source)).collect();
        assert_eq!(people, ["Maria Horvat", "Horvat", "Anna Black"]);
    }

    #[test]
    fn a_word_is_no_acronym_of_its_letters() {
        let told = actors("Liberia: the MODEL rebels fought on.");
        assert!(told.contains(&"MODEL=MODEL/armed-group".to_owned()), "{told:?}");
        let told = actors("Model Anna Keller spoke. The role Model for others left.");
        assert_eq!(told, ["Anna Keller=Anna Keller/person"]);
    }

    #[test]
    fn initials_are_a_groups_only_where_its_country_is_told_of() {
        let cases = [
            ("Shares of ELN fell in Ireland, analysts in Ireland said.", "ELN=ELN/organisation"),
            ("Colombia said the ELN had left.", "ELN=ELN/armed-group"),
            ("The CPI won in India.", "CPI=Communist Party of India/party"),
            ("ABC reported it in the United States.", "ABC=ABC/media"),
        ];
        for (source, expected) in cases {
            let found = actors(source);
            let meant = found.iter().filter(|actor| actor.starts_with(&expected[..4]));
            let meant: std::collections::BTreeSet<&str> = meant.map(String::as_str).collect();
            assert_eq!(meant.into_iter().collect::<Vec<_>>(), [expected], "{source}: {found:?}");
        }
    }

    #[test]
    fn publishers_are_no_towns_and_credits_no_news() {
        let found =
            actors_in("PARIS, June 3 (Meridian) - Prices rose, the bank said.", 2021, Some("Meridian"));
        assert_eq!(found, Vec::<String>::new(), "an agency that signs the dateline is not in the news");
        let told = actors_in("PARIS (Meridian) - Jane Roe told Meridian so.", 2021, Some("Meridian"));
        assert_eq!(told, ["Jane Roe=Jane Roe/person", "Meridian=Meridian/media"]);
        for dateline in [
            "LONDON, June 3 (Reuters) -",
            "(Reuters) -",
            "WASHINGTON (AP) _",
            "KABUL, Afghanistan (Reuters)–",
        ] {
            let found = actors(&format!("{dateline} Angela Merkel spoke."));
            assert_eq!(found, ["Angela Merkel=Angela Merkel/person"], "{dateline}");
        }
        let told = actors("The Federal Reserve (Fed) - the bank of banks - spoke.");
        assert_eq!(told, ["Federal Reserve=Federal Reserve/government", "Fed=Federal Reserve/government"]);
        let credited =
            "By Jane Roe\n\nAngela Merkel spoke in Berlin.\n\n(Reporting by John Doe; Editing by Anna Berg)";
        assert_eq!(actors(credited), ["Angela Merkel=Angela Merkel/person"]);
    }

    #[test]
    fn last_words_firms_heads_and_countries_tell_who_is_meant() {
        let cases: &[(&str, &[&str])] = &[
            (
                "The Wall Street Journal reported it. The Journal said so on Monday.",
                &["Wall Street Journal=Wall Street Journal/media", "Journal=Wall Street Journal/media"],
            ),
            (
                "The U.S. Federal Trade Commission sued in Washington.",
                &["U.S. Federal Trade Commission=Federal Trade Commission/government"],
            ),
            (
                "The Federal Reserve Bank of New York spoke. The Federal Reserve did not.",
                &[
                    "Federal Reserve Bank of New York=New York Fed/government",
                    "Federal Reserve=Federal Reserve/government",
                ],
            ),
            (
                "Analysts at Standard & Poor's said so in London.",
                &["Standard & Poor's=Standard & Poor's/company"],
            ),
            (
                "Reuters was told by Thomson Reuters that shares rose.",
                &["Reuters=Reuters/media", "Thomson Reuters=Thomson Reuters/company"],
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(actors(source), *expected, "{source}");
        }
    }

    /// Checks the actors of each text.
    fn check(cases: &[(&str, &[&str])]) {
        let found = cases.iter().map(|(source, _)| (*source, actors_in(source, 2009, None)));
        let wrong: Vec<_> = found
            .zip(cases)
            .filter(|((_, found), (_, expected))| found != expected)
            .map(|(found, _)| found)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn firms_are_known_by_what_stands_around_them() {
        check(&[
            ("Banorte ( GFNORTEO.MX ) rose.", &["Banorte=Banorte/company"]),
            ("Groupon Inc rose.", &["Groupon Inc=Groupon/company"]),
            (
                "Semler Brossy analyst Tim Anderson said so.",
                &["Semler Brossy=Semler Brossy/company", "Tim Anderson=Tim Anderson/person"],
            ),
            ("Oil major Total ( TOTF.PA ) rose.", &["Total=Total/company"]),
            ("The airline SAS said it cut jobs.", &["SAS=Scandinavian Airlines/company"]),
            (
                "IntercontinentalExchange ( ICE.N ) rose. ICE said so.",
                &[
                    "IntercontinentalExchange=IntercontinentalExchange/company",
                    "ICE=IntercontinentalExchange/company",
                ],
            ),
            (
                "The agents of ICE left, and ICE said so.",
                &["ICE=Immigration and Customs Enforcement/government"],
            ),
            (
                "Warren Buffett spoke. Buffett's shares rose.",
                &["Warren Buffett=Warren Buffett/person", "Buffett=Warren Buffett/person"],
            ),
            ("Permira PERM.UL bought it.", &["Permira=Permira/company"]),
        ]);
    }

    #[test]
    fn firms_of_one_house_and_bodies_of_one_name_stay_apart() {
        check(&[
            (
                "NYSE Euronext bought it. NYSE said so.",
                &["NYSE Euronext=NYSE Euronext/company", "NYSE=New York Stock Exchange/company"],
            ),
            (
                "News Corp closed News of the World. News Corp said so.",
                &[
                    "News Corp=News Corp/company",
                    "News of the World=News of the World/media",
                    "News Corp=News Corp/company",
                ],
            ),
            (
                "Mitsubishi Motors fell. Mitsubishi Motors said so.",
                &[
                    "Mitsubishi Motors=Mitsubishi Motors/company",
                    "Mitsubishi Motors=Mitsubishi Motors/company",
                ],
            ),
            (
                "Todd Thomson left Citigroup. Thomson said so.",
                &[
                    "Todd Thomson=Todd Thomson/person",
                    "Citigroup=Citigroup/company",
                    "Thomson=Todd Thomson/person",
                ],
            ),
            (
                "The Senate met. Senate Democrats in the U.S. left the Senate.",
                &[
                    "Senate=Senate/government",
                    "Senate Democrats=Democratic Party/party",
                    "Senate=Senate/government",
                ],
            ),
            (
                "The European Commission met. The EC said so.",
                &[
                    "European Commission=European Commission/intergovernmental",
                    "EC=European Commission/intergovernmental",
                ],
            ),
            (
                "Continental Airlines rose in Houston. Continental said so.",
                &[
                    "Continental Airlines=Continental Airlines/company",
                    "Continental=Continental Airlines/company",
                ],
            ),
            ("King Abdullah of Saudi Arabia spoke.", &["Abdullah=King Abdullah/person"]),
            ("King Abdullah of Jordan spoke.", &["Abdullah=King Abdullah II/person"]),
        ]);
    }

    #[test]
    fn governments_parties_and_groups_of_states_are_found_by_their_short_names() {
        check(&[
            ("The U.S. government sued.", &["U.S. government=U.S. government/government"]),
            ("Japan's government said so.", &["Japan's government=Japanese government/government"]),
            (
                "The South Korean government left Seoul.",
                &["South Korean government=South Korean government/government"],
            ),
            ("The U.S. central bank met.", &["U.S. central bank=Federal Reserve/government"]),
            ("Leaders of the G20 met.", &["G20=G20/intergovernmental"]),
            ("It is rated A2 by them.", &[]),
            ("Republicans in the U.S. left.", &["Republicans=Republican Party/party"]),
            ("The Tories lost.", &["Tories=Conservative Party/party"]),
            (
                "The United States Department of Justice, the DOJ, said so.",
                &[
                    "United States Department of Justice=Justice Department/government",
                    "DOJ=Justice Department/government",
                ],
            ),
            ("The Dallas Fed said so.", &["Dallas Fed=Dallas Fed/government"]),
        ]);
    }

    #[test]
    fn trade_storms_and_prices_are_nobody() {
        check(&[
            ("U.S. gold futures fell, British gas prices rose and American airlines cut jobs.", &[]),
            ("Hurricane Sandy hit New York. Sandy killed 10. Tropical Storm Isaac grew.", &[]),
            ("EMEA sales rose, REIT prices and ETFs fell; the VIX rose, IFRS and TALF.", &[]),
            ("London Brent fell. The Dow Jones industrial average rose.", &[]),
            ("Muslims met at the Academy Awards.", &[]),
        ]);
    }

    #[test]
    fn names_are_cut_where_they_begin_and_end() {
        check(&[
            (
                "Kim Jong-il met Ban Ki-moon.",
                &["Kim Jong-il=Kim Jong-il/person", "Ban Ki-moon=Ban Ki-moon/person"],
            ),
            ("The Barack Obama-led team left.", &["Barack Obama=Barack Obama/person"]),
            ("Retailer Home Depot Inc. rose.", &["Home Depot Inc.=Home Depot/company"]),
            ("Besides Bank of America, others left.", &["Bank of America=Bank of America/company"]),
            (
                "Harvard Professor Lawrence Katz said so.",
                &["Harvard=Harvard University/organisation", "Lawrence Katz=Lawrence Katz/person"],
            ),
            ("Alan Mulally of Ford said so.", &["Alan Mulally=Alan Mulally/person", "Ford=Ford/company"]),
            ("Amazon.com Inc rose.", &["Amazon.com Inc=Amazon/company"]),
        ]);
    }

    #[test]
    fn a_head_is_parted_from_the_firm() {
        use crate::extract::name::{NameClass, NameSpan};

        let source =
            "Ford Chief Executive Alan Mulally met Martin Luther King and Vice President Dick Cheney.";
        let text = Text::new(source);
        let span = |name: &str, words: usize| {
            let start = source.find(name).unwrap();
            let first = text.tokens.iter().position(|token| token.start as usize == start).unwrap();
            let span = crate::span::Span::new(start, start + name.len());
            NameSpan { span, first, last: first + words, class: NameClass::Person, score: 1.0 }
        };
        let found = vec![
            span("Ford Chief Executive Alan Mulally", 5),
            span("Martin Luther King", 3),
            span("Vice President Dick Cheney", 4),
        ];
        let mut names = vec![found];
        let tagger = Tagger::embedded().unwrap();
        let scene = Scene {
            authority: Authority::embedded().unwrap(),
            lexicon: tagger.lexicon(),
            year: None,
            source: None,
        };
        claim(&[&text], &mut names, &scene);
        finish(&[&text], &mut names, &scene, Gazetteer::embedded().unwrap());
        let shown: Vec<&str> = names[0].iter().map(|name| name.span.of(source)).collect();
        assert_eq!(shown, ["Ford", "Alan Mulally", "Martin Luther King", "Vice President Dick Cheney"]);
    }

    #[test]
    fn plain_words_are_no_actors() {
        let cases = [
            "Earlier in the day it rained. Officials said so. Attack details were not given.",
            "Two of them left. However, nothing happened. Yesterday was quiet.",
            "Mr. President",
            "Prime Minister. Foreign Minister! President? Senator",
            "Monday, April 6: Wall Street fell.",
            "",
            "1 2 3 4-5 6:7",
        ];
        for source in cases {
            assert_eq!(actors(source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn bad_input_gives_no_panic_and_no_endless_names() {
        let long = format!("Mr {} spoke.", "Abcdef ".repeat(400));
        let many: Vec<String> = (0..600).map(|at| format!("Anna Berg{at}, ")).collect();
        let many = many.concat();
        let hidden = "Ang\u{200b}ela Mer\u{0301}kel met Joe\u{200d} Biden in Берлин.";
        for source in [long.as_str(), many.as_str(), hidden, "\u{feff}", "’s ’s ’s", "al-al-al-Al-"] {
            assert!(actors(source).iter().all(|actor| actor.len() < 600), "{source}");
        }
    }

    proptest::proptest! {
        #[test]
        fn linking_never_panics_and_spans_fit(source in "([A-Z][a-z]{0,6}|\\PC{0,3}|al-|of|the|Mr\\.| |\\.|\n){0,60}") {
            let found = actors(&source);
            proptest::prop_assert_eq!(&found, &actors(&source));
        }
    }
}
