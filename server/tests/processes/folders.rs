//! Two servers and one data folder.

use crate::race::Race;

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
    assert!(server.readiness().await.0);
    race.site
        .ok(&["partner", "create", "--name", "Beech Timing"]);

    // However it ended, the folder is free afterwards.
    server.kill();
    let server = race.site.serve().await;
    assert!(server.readiness().await.0);
}
