//! Pages of the studio that somebody leaves while they are made: nothing breaks for it, and the
//! next page comes whole.

use crate::{race::Race, studio::Studio};

const LEFT: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_left_half_way_breaks_nothing() {
    let race = Race::new();
    let server = race.site.serve().await;
    let mut studio = Studio::open(&race, &server).await;
    let event = format!("/events/{}", race.event);
    let below = ["", "/roster", "/timing", "/displays"];
    let pages = below.map(|below| format!("{event}{below}"));
    for round in 0..LEFT {
        // Some before the first byte, some within the page.
        for page in &pages {
            studio.browser.leaves(page, round * 400).await;
        }
    }
    for page in &pages {
        let whole = studio.browser.open(page).await;
        whole.is_yes();
        let is_whole = whole.body.contains("</main>") && whole.body.ends_with("</script>");
        assert!(is_whole, "{page}: {}", whole.body);
    }
    let log = server.log();
    let panic = log.lines().find(|line| line.contains("panicked"));
    assert_eq!(panic, None);
}
