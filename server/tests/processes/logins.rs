//! Who may open the studio: the first set-up, logging in and out, and what keeps others out.

use crate::{
    browser::Browser,
    database::execute,
    server::{Ports, Server},
    site::Site,
};
use app::rpc::RpcError;
use serde_json::{Value, json};

const EMAIL: &str = "Ada@example.com";
const PASSWORD: &str = "correct horse & battery=staple";
const COOKIE: &str = "gantry_login";

const OWNER: [(&str, &str); 3] = [
    ("partner", "Alder Timing"),
    ("email", EMAIL),
    ("password", PASSWORD),
];

on_both!(
    the_first_owner_is_made_at_the_servers_own_computer_and_once,
    a_login_lasts_until_it_is_ended,
    the_shell_makes_and_rescues_people,
    no_secret_is_in_any_log,
);

fn user(site: &Site, partner: &str, email: &str, role: &str) {
    let words = [
        "user",
        "create",
        "--partner",
        partner,
        "--email",
        email,
        "--role",
        role,
    ];
    site.typed(&words, PASSWORD).unwrap();
}

/// A server with a partner and its owner, made at the shell.
async fn with_owner(site: &Site) -> Server {
    site.ok(&["partner", "create", "--name", "Alder Timing"]);
    user(site, "Alder Timing", EMAIL, "owner");
    site.serve().await
}

fn setup_code(server: &Server) -> String {
    let log = server.log();
    let (_, after) = log.rsplit_once("code=").expect("the log has a code");
    let sign = |sign: &char| sign.is_ascii_alphanumeric();
    let code = after.trim_start_matches('"').chars().take_while(sign);
    code.collect()
}

async fn the_first_owner_is_made_at_the_servers_own_computer_and_once(site: Site) {
    let server = site.serve().await;
    let mut browser = Browser::at(&server);
    browser.open("/login").await.leads_to("/setup");
    assert_eq!(browser.whoami().await, Value::Null);
    browser
        .log_in(EMAIL, PASSWORD)
        .await
        .is_no(422, "invalid", "wrong");
    let page = browser.open("/setup").await;
    page.is_yes();
    assert!(
        page.body.contains("action=\"/rpc/set-up\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("name=\"code\""), "{}", page.body);

    for (field, value, words) in [
        ("partner", " ", "empty"),
        ("email", "ada", "no address"),
        ("password", "too short", "too short"),
        ("password", "ada@example.com", "email address"),
    ] {
        let fields = OWNER.map(|(name, right)| (name, if name == field { value } else { right }));
        let answer = browser.submit("set-up", &fields).await;
        answer.is_no(422, "invalid", words);
        assert_eq!(answer.value::<RpcError>().field(), Some(field));
    }

    let done = browser.submit("set-up", &OWNER).await;
    done.is_yes();
    let me = browser.whoami().await;
    assert_eq!(me["email"], EMAIL);
    assert_eq!(me["partner"]["name"], "Alder Timing");
    assert_eq!(me["partner"]["role"], "owner");
    assert_eq!(me["others"], json!([]));
    let partner = me["partner"]["partner"].as_str().unwrap();
    let event = ["event", "create", "--partner", partner, "--name", "Run"];
    site.id(&[&event[..], &["--date", "2026-05-31", "--timezone", "UTC"]].concat());

    browser.open("/setup").await.leads_to("/");
    browser.open("/login").await.leads_to("/");
    let mut other = Browser::at(&server);
    other.open("/setup").await.leads_to("/login");
    let again = other.submit("set-up", &OWNER).await;
    again.is_no(409, "conflict", "set up already");
    assert_eq!(other.cookie(COOKIE), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_elsewhere_the_set_up_wants_the_code_in_the_log() {
    let site = Site::new();
    let server = site.serve().await;
    server.logs("code=").await;
    let first = setup_code(&server);
    assert_eq!(first.len(), 8, "{first}");
    let mut browser = Browser::elsewhere(&server);
    let page = browser.open("/setup").await;
    assert!(page.body.contains("name=\"code\""), "{}", page.body);

    browser
        .submit("set-up", &OWNER)
        .await
        .is_no(422, "invalid", "log");
    // Another site's name that is made to lead here is not this computer.
    let mut lured = Browser::with_host(&server, "evil.example");
    lured
        .submit("set-up", &OWNER)
        .await
        .is_no(422, "invalid", "log");
    let with = |code: &str| {
        let code = code.to_owned();
        let mut fields = OWNER.map(|(name, value)| (name, value.to_owned())).to_vec();
        fields.push(("code", code));
        fields
    };
    async fn submit(browser: &mut Browser, fields: Vec<(&str, String)>) -> crate::browser::Answer {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        browser.submit("set-up", &fields).await
    }
    // A code that was tried ten times is worth nothing, and whoever tried has to wait.
    for _ in 2..10 {
        submit(&mut browser, with("22222222"))
            .await
            .is_no(422, "invalid", "log");
    }
    submit(&mut browser, with(&first))
        .await
        .is_no(503, "busy", "minutes");
    server.logs("tried too often").await;
    let second = setup_code(&server);
    assert_ne!(first, second);
    assert!(server.get("/healthz").await.0 == 200);
    let ports = server.ports;
    assert!(server.terminate().await);

    let server = site
        .serve_at(Ports {
            timing: Ports::any().timing,
            ..ports
        })
        .await;
    server.logs("code=").await;
    let mut browser = Browser::elsewhere(&server);
    submit(&mut browser, with(&second))
        .await
        .is_no(422, "invalid", "log");
    let code = setup_code(&server).to_uppercase();
    submit(&mut browser, with(&code)).await.is_yes();
    assert_eq!(browser.whoami().await["email"], EMAIL);
}

async fn a_login_lasts_until_it_is_ended(site: Site) {
    let server = with_owner(&site).await;
    let mut browser = Browser::at(&server);
    browser.open("/setup").await.leads_to("/login");
    let page = browser.open("/login").await;
    page.is_yes();
    assert!(
        page.body.contains("action=\"/rpc/log-in\""),
        "{}",
        page.body
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self' 'nonce-"), "{policy}");
    assert!(!policy.contains("'nonce-'"), "{policy}");

    let wrong = browser.log_in(EMAIL, "correct horse").await;
    let nobody = browser.log_in("bo@example.com", PASSWORD).await;
    wrong.is_no(422, "invalid", "wrong");
    assert_eq!(wrong.body, nobody.body, "nobody learns who is there");
    assert_eq!(wrong.header("set-cookie"), None);
    assert_eq!(browser.whoami().await, Value::Null);

    let done = browser.log_in(" ADA@example.com ", PASSWORD).await;
    done.is_yes();
    let token = browser.cookie(COOKIE).unwrap().to_owned();
    assert_eq!(token.len(), 64);
    let attributes = "; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000";
    let expected = format!("{COOKIE}={token}{attributes}");
    assert_eq!(done.header("set-cookie"), Some(expected.as_str()));
    assert_eq!(browser.whoami().await["email"], EMAIL);

    // Logging in again ends what this browser had, and no other browser's.
    let mut other = Browser::at(&server);
    other.log_in(EMAIL, PASSWORD).await.is_yes();
    browser.log_in(EMAIL, PASSWORD).await.is_yes();
    let second = browser.cookie(COOKIE).unwrap().to_owned();
    assert_ne!(token, second);
    let mut thief = Browser::at(&server);
    thief.keep(COOKIE, &token);
    assert_eq!(thief.whoami().await, Value::Null);
    assert_eq!(other.whoami().await["email"], EMAIL);

    browser.submit("log-out", &[]).await.is_yes();
    assert_eq!(browser.cookie(COOKIE), None);
    thief.keep(COOKIE, &second);
    assert_eq!(thief.whoami().await, Value::Null);
    thief
        .submit("log-out", &[])
        .await
        .is_no(401, "logged-out", "");
    assert_eq!(other.whoami().await["email"], EMAIL);

    // The server may start again; a login that has expired is none.
    assert!(server.terminate().await);
    let server = site.serve().await;
    let mut later = Browser::at(&server);
    later.keep(COOKIE, other.cookie(COOKIE).unwrap());
    assert_eq!(later.whoami().await["email"], EMAIL);
    execute(&site, "UPDATE login SET expires_at = 1").await;
    assert_eq!(later.whoami().await, Value::Null);
    later.open("/setup").await.leads_to("/login");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_forms_work_before_any_script_runs() {
    let site = Site::new();
    let server = site.serve().await;
    let mut browser = Browser::at(&server);
    let short = [OWNER[0], OWNER[1], ("password", "short")];
    let refused = browser.submit_plainly("/setup", "set-up", &short).await;
    let back = refused.header("location").unwrap();
    let (_, page) = back.split_once("/setup").unwrap();
    let page = browser.open(&format!("/setup{page}")).await;
    assert!(page.body.contains("It is too short; "), "{}", page.body);
    let done = browser.submit_plainly("/setup", "set-up", &OWNER).await;
    done.leads_to("/");
    assert_eq!(browser.whoami().await["email"], EMAIL);
    let out = browser.submit_plainly("/", "log-out", &[]).await;
    out.leads_to("/login");
    assert_eq!(browser.whoami().await, Value::Null);
    let again = browser.submit_plainly("/", "log-out", &[]).await;
    again.leads_to("/login");

    let wrong = [("email", EMAIL), ("password", "wrong and wrong")];
    let refused = browser.submit_plainly("/login", "log-in", &wrong).await;
    let back = refused.header("location").unwrap();
    assert!(!back.contains("wrong"), "{back}");
    let (_, error) = back.split_once("/login").unwrap();
    let path = format!("/login{error}");
    let page = browser.open(&path).await;
    let told = "The email address or the password is wrong; check both.";
    assert!(page.body.contains(told), "{}", page.body);
    // A link on another site cannot put its words on our page.
    let lured = browser
        .send("GET", &path, "sec-fetch-site: cross-site\r\n", "")
        .await;
    lured.leads_to("/login");

    let right = [("email", EMAIL), ("password", PASSWORD)];
    browser
        .submit_plainly("/login", "log-in", &right)
        .await
        .leads_to("/");
    assert_eq!(browser.whoami().await["email"], EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_can_do_nothing() {
    let site = Site::new();
    let server = with_owner(&site).await;
    let mut browser = Browser::at(&server);
    browser.log_in(EMAIL, PASSWORD).await.is_yes();
    for headers in [
        "origin: http://evil.example\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
        "",
    ] {
        let answer = browser.form("log-out", headers, &[]).await;
        answer.is_no(403, "forbidden", "page of this server");
    }
    assert_eq!(browser.whoami().await["email"], EMAIL);
    let headers = "sec-fetch-site: same-origin\r\n";
    browser.form("log-out", headers, &[]).await.is_yes();
    assert_eq!(browser.whoami().await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_tries_too_often_has_to_wait() {
    let site = Site::new();
    let server = with_owner(&site).await;
    user(&site, "Alder Timing", "bo@example.com", "viewer");
    let mut browser = Browser::at(&server);
    for _ in 0..10 {
        browser
            .log_in(EMAIL, "wrong and wrong")
            .await
            .is_no(422, "invalid", "wrong");
    }
    browser
        .log_in(EMAIL, PASSWORD)
        .await
        .is_no(503, "busy", "too many tries");
    assert_eq!(browser.whoami().await, Value::Null);
    browser.log_in("bo@example.com", PASSWORD).await.is_yes();
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_is_sent_nowhere_else() {
    let site = Site::new();
    site.ok(&["partner", "create", "--name", "Alder Timing"]);
    user(&site, "Alder Timing", EMAIL, "owner");
    let mut command = site.command();
    command.args(["--json", "serve"]);
    command.env("GANTRY_BASE_URL", "https://gantry.example");
    let server = Server::start(command, Ports::any()).await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let mut browser = Browser::with_host(&server, "gantry.example");
    let without = browser
        .form("log-in", "origin: http://gantry.example\r\n", &fields)
        .await;
    without.is_no(403, "forbidden", "");
    let done = browser
        .form("log-in", "origin: https://gantry.example\r\n", &fields)
        .await;
    done.is_yes();
    let cookie = done.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-gantry_login="), "{cookie}");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    // Beside it the same server is reached on the local network, without https.
    let mut local = Browser::at(&server);
    local.log_in(EMAIL, PASSWORD).await.is_yes();
    assert_eq!(local.whoami().await["email"], EMAIL);
}

async fn the_shell_makes_and_rescues_people(site: Site) {
    for partner in ["Alder Timing", "Birch Timing"] {
        site.ok(&["partner", "create", "--name", partner]);
    }
    let server = site.serve().await;
    let create = |partner: &str, email: &str, role: &str, input: &str| {
        let words = [
            "user",
            "create",
            "--partner",
            partner,
            "--email",
            email,
            "--role",
            role,
        ];
        site.typed(&words, input)
    };
    let refused = |answer: Result<Value, String>, words: &str| {
        let line = answer.unwrap_err();
        assert!(line.contains(words), "{line}");
        assert!(!line.contains(PASSWORD), "{line}");
    };
    let made = create(
        "Birch Timing",
        EMAIL,
        "director",
        &format!("{PASSWORD}\r\nmore\n"),
    )
    .unwrap();
    assert_eq!(made["id"].as_str().unwrap().len(), 36);
    refused(
        create("Alder Timing", "ada@EXAMPLE.com", "owner", PASSWORD),
        "taken",
    );
    refused(
        create("Cedar Timing", "bo@example.com", "owner", PASSWORD),
        "Cedar Timing",
    );
    refused(create("Alder Timing", "bo", "owner", PASSWORD), "email");
    refused(
        create("Alder Timing", "bo@example.com", "owner", ""),
        "standard input",
    );
    refused(
        create("Alder Timing", "bo@example.com", "owner", "short\n"),
        "too short",
    );
    refused(
        create(
            "Alder Timing",
            "bo@example.com",
            "owner",
            &"ab".repeat(1_000),
        ),
        "too long",
    );
    refused(
        create("Alder Timing", "bo@example.com", "boss", PASSWORD),
        "viewer, director, owner",
    );

    let mut browser = Browser::at(&server);
    browser.log_in(EMAIL, PASSWORD).await.is_yes();
    let me = browser.whoami().await;
    assert_eq!(me["partner"]["name"], "Birch Timing");
    assert_eq!(me["partner"]["role"], "director");

    // One more partner, to switch to; a partner of others does not exist for them.
    let alder = site.ok(&["partner", "create", "--name", "Dogwood Timing"]);
    let foreign = json!({ "partner": alder["id"] });
    let answer = browser.call("switch-partner", foreign).await;
    answer.is_no(404, "not-found", "no partner");
    let role = ["user", "role", "--email", EMAIL, "--partner"];
    site.ok(&[&role[..], &["Alder Timing", "--role", "viewer"]].concat());
    let me = browser.whoami().await;
    assert_eq!(me["others"][0]["name"], "Alder Timing");
    let other = json!({ "partner": me["others"][0]["partner"] });
    browser.call("switch-partner", other).await.is_yes();
    let me = browser.whoami().await;
    assert_eq!(me["partner"]["name"], "Alder Timing");
    assert_eq!(me["partner"]["role"], "viewer");
    assert_eq!(me["others"][0]["name"], "Birch Timing");
    site.ok(&[&role[..], &["Alder Timing", "--role", "owner"]].concat());
    assert_eq!(
        browser.whoami().await,
        Value::Null,
        "what they may do is another"
    );

    browser.log_in(EMAIL, PASSWORD).await.is_yes();
    let reset = |email, input| site.typed(&["user", "reset", "--email", email], input);
    refused(
        reset("bo@example.com", "another password"),
        "gantry user create",
    );
    refused(reset(EMAIL, "short"), "too short");
    assert_eq!(browser.whoami().await["email"], EMAIL);
    assert_eq!(
        reset("ada@example.com", "another password").unwrap()["id"],
        made["id"]
    );
    assert_eq!(browser.whoami().await, Value::Null);
    browser
        .log_in(EMAIL, PASSWORD)
        .await
        .is_no(422, "invalid", "wrong");
    browser.log_in(EMAIL, "another password").await.is_yes();
}

async fn no_secret_is_in_any_log(site: Site) {
    let mut command = site.command();
    command.args(["--json", "serve"]);
    command.env("GANTRY_LOG", "trace");
    let server = Server::start(command, Ports::any()).await;
    let mut browser = Browser::at(&server);
    browser.submit("set-up", &OWNER).await.is_yes();
    let first = browser.cookie(COOKIE).unwrap().to_owned();
    browser
        .log_in(EMAIL, "another wrong one")
        .await
        .is_no(422, "invalid", "");
    browser.log_in(EMAIL, PASSWORD).await.is_yes();
    let second = browser.cookie(COOKIE).unwrap().to_owned();
    browser.whoami().await;
    browser.submit("log-out", &[]).await.is_yes();
    assert!(server.get("/healthz").await.0 == 200);
    server.logs("logged in").await;
    let log = server.log();
    for secret in [
        "battery",
        "another wrong",
        &first,
        &second,
        "$argon2",
        "staple",
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_says_how_to_log_in() {
    let site = Site::new();
    let mut command = site.command();
    command.args(["--json", "demo", "--runners", "5"]);
    let server = Server::start(command, Ports::any()).await;
    let login = &server.ready["login"];
    let (email, password) = (&login["email"], &login["password"]);
    let mut browser = Browser::at(&server);
    let (email, password) = (email.as_str().unwrap(), password.as_str().unwrap());
    browser.log_in(email, password).await.is_yes();
    let me = browser.whoami().await;
    assert_eq!(me["partner"]["name"], "Demo Timing");
    assert_eq!(me["partner"]["role"], "owner");
    assert!(!server.log().contains(password));
}
