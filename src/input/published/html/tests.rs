//! Pages, and the day of publication that each gives.

use super::*;
use crate::calendar;
use crate::input::published::choose::choose;
use dom_query::Document;
use proptest::prelude::*;

fn chosen(html: &str) -> Option<String> {
    let page = Page::new(&Document::from(html));
    choose(&candidates(&page, None, &Reading::default()), None).published.map(|published| published.shown())
}

#[test]
fn pages_say_their_date_in_many_ways() {
    let cases = [
        "<meta property='article:published_time' content='2021-06-28T14:05:00+02:00'><p>x",
        "<meta name='parsely-pub-date' content='2021-06-28'>",
        "<meta name='sailthru.date' content='2021-06-28 14:05:00'>",
        "<meta name='DC.date.issued' content='2021-06-28'>",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-06-28\"}</script>",
        "<h1>A headline of some length</h1><time datetime='2021-06-28T14:05'>yesterday</time>",
        "<h1>A headline of some length</h1><span class='entry-date'>June 28, 2021</span>",
        "<h1>A headline of some length</h1><p>Published <b>28 June 2021</b>, 14:05</p>",
        "<h1>A headline of some length</h1><p>28.06.2021</p><p>Long text</p>",
        "<p>World | 28 June 2021 | Jane Doe</p><h1>A headline of some length</h1>",
        "<html lang='de'><h1>Eine Schlagzeile</h1><p>Veröffentlicht am 28. Juni 2021</p>",
        "<h1>A headline</h1><abbr class='published' title='2021-06-28T14:05:00'>last week</abbr>",
        "<link rel='canonical' href='https://example.org/2021/06/28/story'><p>x",
        "<script>var page = {\"publishedAt\": \"2021-06-28T14:05:00Z\"}</script>",
        "<meta itemprop='datePublished' content='2021-06-28'>",
    ];
    for html in cases {
        assert_eq!(chosen(html).as_deref(), Some("2021-06-28"), "{html}");
    }
}

#[test]
fn the_article_is_told_from_what_stands_around_it() {
    let html = "<h1>A headline of some length</h1><p>28 June 2021</p><p>Text.</p>
        <div class='related'><time datetime='2021-07-01'></time><time datetime='2021-07-02'></time></div>
        <div class='comments'><p>Posted on July 3, 2021</p></div><footer>Updated July 4, 2021</footer>";
    assert_eq!(chosen(html).as_deref(), Some("2021-06-28"));
    let updated = "<h1>A headline</h1><p>Updated July 4, 2021</p><p>Published June 28, 2021</p>";
    assert_eq!(chosen(updated).as_deref(), Some("2021-06-28"));
    let british = "<html lang='en-GB'><h1>A headline of some length</h1><time>04/06/2021</time>";
    assert_eq!(chosen(british).as_deref(), Some("2021-06-04"));
}

#[test]
fn a_later_page_of_a_thread_is_of_its_first_post() {
    let post = |day: &str| format!("<dl><dd>{day}, 14:17</dd></dl><p>What I think of the bridge.</p>");
    let page = |title: &str, days: [&str; 2]| {
        let opened = "{\"@type\":\"DiscussionForumPosting\",\"datePublished\":\"2021-06-01T10:00:00+02:00\"}";
        format!(
            "<html lang='de'><title>{title}</title><script type='application/ld+json'>{opened}</script>
            <h1>Was wird aus der alten Brücke?</h1>{}",
            days.map(post).join("")
        )
    };
    let cases = [
        ("Was wird aus der alten Brücke? - Seite 34", ["28.06.2021", "29.06.2021"], "2021-06-28"),
        ("Was wird aus der alten Brücke?", ["28.06.2021", "29.06.2021"], "2021-06-01"),
        // The thread's own day stands above its posts.
        (
            "Was wird aus der alten Brücke? - Seite 2",
            ["01.06.2021, 10:00</dd><dd>28.06.2021", "29.06.2021"],
            "2021-06-28",
        ),
        // Not in the order of posts: dates of something else.
        ("Was wird aus der alten Brücke? - Seite 2", ["28.06.2021", "02.03.2019"], "2021-06-01"),
    ];
    for (title, days, expected) in cases {
        assert_eq!(chosen(&page(title, days)).as_deref(), Some(expected), "{title}");
    }
}

const HEADLINE: &str = "<title>A headline of some length</title><h1>A headline of some length</h1>";

#[test]
fn attributes_and_boxes_hold_dates_whatever_they_are_called() {
    let cases = [
        "<relative-time datetime='2021-06-28T14:05:00Z'>3 days ago</relative-time>",
        "<div data-published='2021-06-28T14:05:00Z'>3 days ago</div>",
        "<div data-publish-date='2021-06-28'></div>",
        "<abbr data-utime='1624889100'>3 days ago</abbr>",
        "<span class='timeago' title='2021-06-28T14:05:00Z'>3 days ago</span>",
        "<ul><li>28</li><li>Jun</li><li>2021</li></ul>",
        "<div><div>Jun 28</div><div>2021</div></div>",
        "<div><div>28</div><div>Jun 2021</div></div>",
        "<link rel='canonical' href='https://example.org/2021/06/story'><p>28</p><p>Jun</p>",
    ];
    for html in cases {
        assert_eq!(chosen(&format!("{HEADLINE}{html}")).as_deref(), Some("2021-06-28"), "{html}");
    }
    let other_month = "<link rel='canonical' href='https://example.org/2021/05/story'><p>28</p><p>Jun</p>";
    assert_eq!(chosen(&format!("{HEADLINE}{other_month}")).as_deref(), Some("2021-05"));
}

#[test]
fn a_change_is_told_by_the_words_before_it() {
    let cases = [
        "<p>Updated <time datetime='2021-07-03'>3 July 2021</time></p><p>28 June 2021</p>",
        "<div class='meta'>Last updated: July 3, 2021 | Posted: June 28, 2021</div>",
        "<p>Updated: <span class='date'>3.7.2021</span></p><p>Created: <span class='date'>28.6.2021</span></p>",
        "<time datetime='2021-07-03'>Last updated 3 July 2021</time><p>28 June 2021</p>",
        "<span class='article-date-update'>3 July 2021</span><span class='article-date'>28 June 2021</span>",
        "<dl><dt>Last updated</dt><dd>3 July 2021</dd><dt>Published</dt><dd>28 June 2021</dd></dl>",
        "<footer class='entry-footer'><time>28.6.2021</time></footer><aside><time>3.7.2021</time> <time>4.7.2021</time></aside>",
        "<div class='more-options__published'>28 June 2021</div><aside><time>3.7.2021</time> <time>4.7.2021</time></aside>",
    ];
    for html in cases {
        assert_eq!(chosen(&format!("{HEADLINE}{html}")).as_deref(), Some("2021-06-28"), "{html}");
    }
}

#[test]
fn days_of_other_things_on_the_page_are_passed_over() {
    let far = "<p>Words of an article that goes on and on.</p>".repeat(40);
    let cases = [
        "<ol class='comment-list'><li class='comment'><time datetime='2021-07-03'>July 3</time></li></ol>",
        "<div class='related'><time datetime='2021-07-03'>July 3</time></div>",
        "<div itemscope itemtype='https://schema.org/Comment'><meta itemprop='dateCreated' content='2021-07-03'></div>",
        "<aside><span class='date'>3 July 2021</span> A <span class='date'>4 July 2021</span> B</aside>",
        "<div class='date'>3 July 2021, 13:15 - 19:00</div>",
        "<div class='date'>3 July 2021 – 5 July 2021</div>",
        "<p>When: 3 July 2021</p>",
        "<table><tr><th>Opened</th><td>3 July 2021</td></tr></table>",
        "<dl><dt>Date of birth</dt><dd>3 July 2021</dd></dl>",
        &format!("{far}<p>3 July 2021</p>"),
        &format!("{far}<p>The report on the bridge was published on 3 July 2021 by them.</p>"),
        "<p>A text.</p><table><tr><td>First</td><td>seen</td></tr></table>",
    ];
    for html in cases {
        assert_eq!(chosen(&format!("{HEADLINE}{html}")), None, "{html}");
    }
    let story = |day: i32| format!("<div><time datetime='2021-07-0{day}'></time><a>Another story</a></div>");
    let list: String = (1..6).map(story).collect();
    let after_list = format!("{list}{HEADLINE}<time datetime='2021-06-28'></time>");
    assert_eq!(chosen(&after_list).as_deref(), Some("2021-06-28"));
}

#[test]
fn the_name_of_the_site_is_no_headline() {
    let menu = "<p>Words of the menu</p>".repeat(150);
    let html = format!(
        "<title>A headline that has some length « The Example</title><h1>The Example</h1>{menu}\
         <h2>A headline that has some length</h2><p>28 June 2021 · World · 3 comments</p>"
    );
    assert_eq!(chosen(&html).as_deref(), Some("2021-06-28"));
}

#[test]
fn weak_places_count_where_nothing_else_tells() {
    let far = "<p>Words of an article that goes on and on.</p>".repeat(40);
    let title =
        "<title>A headline of some length | Example | 28.06.2021</title><h1>A headline of some length</h1>";
    let icon = format!("{HEADLINE}{far}<p><i class='fa fa-calendar'></i> 28 June 2021 / Jane / 1 answer</p>");
    let footer = format!(
        "{HEADLINE}{far}<p>This entry was posted on Monday, June 28th, 2021 at 2:05 pm and is filed under News. You \
         can follow any answers to this entry through the feed. You can leave an answer of your own here.</p>"
    );
    for html in [title, icon.as_str(), footer.as_str()] {
        assert_eq!(chosen(html).as_deref(), Some("2021-06-28"), "{html}");
    }
}

#[test]
fn a_long_headline_and_its_lead_keep_their_date() {
    let headline = "Words of a very long headline ".repeat(14);
    let lead = format!(
        "<h1>{headline}</h1><div class='detail-page__teaser-text'><p>Press release of 28 June 2021 | Berlin \
         – The minister said it.</p></div>"
    );
    assert_eq!(chosen(&lead).as_deref(), Some("2021-06-28"));
    let list = lead.replace("detail-page__teaser-text", "teaser-text");
    assert_eq!(chosen(&list), None);
    let labelled = "<h1>A headline of some length</h1><p>Published on:</p><h2>28 June 2021</h2><p>Last changed:</p><p>2 July 2021</p>";
    assert_eq!(chosen(labelled).as_deref(), Some("2021-06-28"));
}

#[test]
fn pages_without_a_date_get_none() {
    let cases = [
        "",
        "<h1>About us</h1><p>We were founded in 1998.</p><footer>© 2021</footer>",
        "<p>The war began on June 28, 1914 and ended on November 11, 1918.</p>",
        "<meta name='viewport' content='width=device-width'><meta name='date' content='0000-00-00'>",
    ];
    for html in cases {
        assert_eq!(chosen(html), None, "{html}");
    }
}

#[test]
fn candidates_keep_the_precision_they_have() {
    let page = Page::new(&Document::from("<link rel='canonical' href='https://example.org/2021/06/story'>"));
    let found = candidates(&page, None, &Reading::default());
    assert_eq!(calendar::shown(found[0].stamp.date, found[0].stamp.precision), "2021-06");
}

proptest! {
    #[test]
    fn any_page_is_read_without_panic(
        html in "(<(meta name=date content=|time datetime=|p|h1|div class=date|script|!--)[^<]{0,20}>?\\PC{0,20}){0,8}",
    ) {
        let page = Page::new(&Document::from(html.as_str()));
        let _ = candidates(&page, Some(&html), &Reading::default());
    }

    #[test]
    fn any_script_is_read_without_panic(script in "[{\\[]?\\PC{0,30}(datePublished|ublish|é)\\PC{0,30}[}\\]]?") {
        let _ = json_ld::candidates(&script, &[], &Reading::default());
        let _ = json_ld::in_script(&script, &Reading::default());
    }
}
