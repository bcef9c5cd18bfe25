//! The data folder: two servers in one, and what commands leave in it.

use crate::{
    backups::{elsewhere, names_in},
    race::Race,
    site::Site,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_one_data_folder_is_refused() {
    let race = Race::new();
    let server = race.site.serve().await;
    let any = "127.0.0.1:0";
    let refused = race
        .site
        .fails(&["serve", "--http-addr", any, "--timing-addr", any]);
    assert!(
        refused.starts_with("another server works in the data folder"),
        "{refused}"
    );
    assert!(refused.contains("process "), "{refused}");
    // The first goes on, and commands work beside it.
    server.says_ready().await;
    race.site
        .ok(&["partner", "create", "--name", "Beech Timing"]);

    // However it ended, the folder is free afterwards.
    server.kill();
    let server = race.site.serve().await;
    server.says_ready().await;
}
/// A database is one file once nobody works on it: whoever copies that copies all.
#[test]
fn a_command_leaves_nothing_beside_the_database() {
    let site = Site::new();
    let data = site.database().parent().unwrap().to_owned();
    let is_one_file = |words: &str| assert_eq!(names_in(&data), ["gantry.sqlite"], "{words}");
    site.ok(&["migrate"]);
    is_one_file("migrate");
    let race = Race::on(site);
    is_one_file("partner, event and stream create, roster import");
    race.display(&["FINISH"]);
    is_one_file("display create");
    race.count("reads");
    is_one_file("stream list");
    race.export();
    is_one_file("export");
    race.site.ok(&["backup", &elsewhere(&race, "saturday.zip")]);
    is_one_file("backup");
    let taken = ["partner", "create", "--name", "Alder Timing"];
    race.site.fails(&taken);
    is_one_file("a command that fails");
    let map = ["point", "map", "--stream", &race.stream];
    let more = ["--location", "FINISH", "--point", "Finish"];
    race.site.ok(&[&map[..], &more].concat());
    is_one_file("point map");
}
