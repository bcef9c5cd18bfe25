//! The shell over real sockets, against a server of a few lines.

use super::{SimArgs, SimReport, run};
use std::collections::HashSet;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// Asks for everything, takes the lines of reads until the connection ends or so many have come,
/// and gives the keys of their reads.
async fn take(stream: TcpStream, lines_max: usize, keys: &mut HashSet<String>) -> usize {
    let mut stream = BufReader::new(stream);
    let (mut lines, mut line) = (0, Vec::new());
    while lines < lines_max {
        line.clear();
        if stream.read_until(b'\n', &mut line).await.unwrap() == 0 || !line.ends_with(b"\n") {
            break;
        }
        let text = String::from_utf8(line.clone()).unwrap();
        let fields: Vec<&str> = text.trim_end().split('~').collect();
        match fields[..] {
            [_, _, "CTP01"] => {
                let opening = b"Test~1~2\r\ntime-format=iso\r\nguntimes=true\r\nstart\r\n";
                stream.get_mut().write_all(opening).await.unwrap();
            }
            ["CT01_33", _, location, tag, time, _, reader, antenna] => {
                lines += 1;
                keys.insert([location, tag, time, reader, antenna].join("~"));
            }
            _ => panic!("the device said {text:?}"),
        }
    }
    lines
}

/// Runs the simulator against a server that lets go of the first connections after so many lines.
async fn simulate(words: &[&str], let_go_after: &[usize]) -> (SimReport, HashSet<String>, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let words = ["--to", &address, "--reconnect", "0.01"]
        .into_iter()
        .chain(words.iter().copied());
    let args = SimArgs::from_words(words).unwrap();
    let simulator = tokio::spawn(run(args));
    let (mut keys, mut lines) = (HashSet::new(), 0);
    for lines_max in let_go_after.iter().copied().chain([usize::MAX]) {
        let (stream, _) = listener.accept().await.unwrap();
        lines += take(stream, lines_max, &mut keys).await;
    }
    (simulator.await.unwrap().unwrap(), keys, lines)
}

#[tokio::test]
async fn the_whole_race_arrives() {
    let words = ["--runners", "300", "--speed", "0", "--stamp", "recorded"];
    let (report, keys, lines) = simulate(&words, &[]).await;
    assert!(report.complete);
    assert_eq!(report.reconnects, 0);
    assert_eq!(report.sent, lines as u64);
    assert_eq!(report.sent, report.scripted as u64);
    assert_eq!(report.distinct, keys.len() as u64);
    for bib in 1..=300 {
        assert!(
            keys.iter()
                .any(|key| key.starts_with(&format!("START~{bib}~"))),
            "{bib}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_dialled_again() {
    let words = [
        "--runners",
        "500",
        "--speed",
        "0",
        "--stamp",
        "recorded",
        "--bare-lf",
    ];
    let (report, keys, lines) = simulate(&words, &[40, 0, 300]).await;
    assert!(report.complete);
    assert_eq!(report.reconnects, 3);
    assert!(report.repeated > 0 && lines > keys.len());
    assert_eq!(report.distinct, keys.len() as u64);
}

/// Everything fits into the socket's buffers before the server has read a line of it.
#[tokio::test]
async fn what_was_written_and_never_read_is_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let words = ["--to", &address, "--runners", "5", "--speed", "0"];
    let words = words.into_iter().chain(["--reconnect", "0.01"]);
    let simulator = tokio::spawn(run(SimArgs::from_words(words).unwrap()));

    let (first, _) = listener.accept().await.unwrap();
    let mut first = BufReader::new(first);
    first
        .get_mut()
        .write_all(b"Test~1~1\r\ntime-format=iso\r\nstart\r\n")
        .await
        .unwrap();
    // Until the simulator has said that nothing more comes: then it is all written.
    let mut peeked = vec![0; 1024 * 1024];
    loop {
        let before = first.get_ref().peek(&mut peeked).await.unwrap();
        first.get_ref().readable().await.unwrap();
        let ready = first
            .get_ref()
            .ready(tokio::io::Interest::READABLE)
            .await
            .unwrap();
        if ready.is_read_closed() && before > 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    drop(first);

    let mut keys = HashSet::new();
    let (second, _) = listener.accept().await.unwrap();
    take(second, usize::MAX, &mut keys).await;
    let report = simulator.await.unwrap().unwrap();
    assert_eq!((report.reconnects, report.distinct), (1, keys.len() as u64));
}

#[tokio::test]
async fn a_rewind_sends_every_read_twice() {
    let words = [
        "--runners",
        "50",
        "--speed",
        "0",
        "--rewind",
        "--partial",
        "0.01",
    ];
    let (report, keys, lines) = simulate(&words, &[]).await;
    assert_eq!(lines, 2 * report.scripted);
    assert_eq!(report.repeated, report.scripted as u64);
    assert_eq!(report.distinct, keys.len() as u64);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let words = ["--to", &address, "--attempts", "2", "--reconnect", "0"];
    let error = run(SimArgs::from_words(words).unwrap())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("gave up after 2 attempts: 127.0.0.1:"),
        "{error}"
    );
    assert!(error.contains("--to"), "{error}");
}

#[tokio::test]
async fn a_roster_is_written_without_a_server_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    let path = path.to_str().unwrap();
    let words = [
        "--runners",
        "80",
        "--points",
        "START,3K,FINISH",
        "--dry-run",
    ];
    let words = words.into_iter().chain(["--roster-out", path]);
    let made = run(SimArgs::from_words(words).unwrap()).await.unwrap();
    assert_eq!((made.sent, made.complete), (0, false));
    let back = run(SimArgs::from_words(["--csv", path, "--dry-run"]).unwrap())
        .await
        .unwrap();
    assert_eq!(back.points, ["START", "3K", "FINISH"]);
    assert_eq!(back.runners + back.rejected_rows, 80);
    assert_eq!(serde_json::to_value(&back).unwrap()["stamp"], "now");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let check = async |words: &[&str], part: &str| {
        let error = match SimArgs::from_words(words) {
            Ok(args) => format!("{:#}", run(args).await.unwrap_err()),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(part), "{words:?}: {error}");
    };
    check(
        &["--duplicates", "1.5"],
        "--duplicates is a share from 0 to 1",
    )
    .await;
    check(&["--speed", "-1"], "--speed").await;
    check(&["--speed", "NaN"], "--speed is from 0").await;
    check(&["--points", "A B"], "cannot be a location").await;
    check(
        &["--csv", "no-such-file.csv"],
        "no-such-file.csv cannot be opened",
    )
    .await;
    check(&["--csv", "a.csv", "--runners", "5"], "cannot be used with").await;
    check(&["--timezone", "Europe/Berlim"], "Europe/Berlin").await;
    check(&["--start-at", "09:00:00"], "--stamp recorded").await;
    check(
        &["--stamp", "recorded", "--start-at", "soon"],
        "\"soon\" is no time",
    )
    .await;
    check(&["--format", "roman"], "normal, iso, unix, msecs").await;
    check(&["--runners", "900000"], "at most 500000").await;
}
