//! `/d/{code}` with a full board of hard names, from the request's bytes out to the page's bytes
//! in; beside `/healthz`, which is the same way without a page.

use crate::{
    client::{Order, Side},
    figures::Row,
    process::{Client, Gantry},
    stats,
    world::{DISPLAYED, World, roster_csv},
};
use anyhow::{Context, bail};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

const ROUNDS: usize = 500;
const BUDGET: Duration = Duration::from_millis(5);

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let arrivals = DISPLAYED.document().needs().arrivals_max;
    let world = World::new(gantry).await?;
    world.import(&roster_csv()?).await?;
    let code = world.display("FINISH").await?;
    let server = Gantry::start(gantry, world.folder.path())?;
    let mut client = Client::start()?;
    let locations = vec![vec!["FINISH".to_owned()]];
    client.order(&Order::Devices {
        timing: server.timing,
        locations,
    })?;
    let by = Side::Gantry;
    client.order(&Order::Send {
        by,
        first: 0,
        count: u32::try_from(arrivals)?,
        interval_us: 10_000,
    })?;

    let mut http = Http::connect(server.http)?;
    let page = format!("/d/{code}");
    let until = Instant::now() + Duration::from_secs(5);
    let length = loop {
        let body = http.get(&page)?;
        let text = String::from_utf8_lossy(&body);
        if text.matches(r#""bib":""#).count() == arrivals {
            break body.len();
        }
        if Instant::now() > until {
            bail!("the board does not fill");
        }
    };
    let (mut pages, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (path, times) in [(page.as_str(), &mut pages), ("/healthz", &mut plain)] {
            let started = Instant::now();
            http.get(path)?;
            times.push(started.elapsed());
        }
    }
    let (p50, p99) = (stats::median(&pages), stats::percentile(&pages, 0.99));
    let baseline = stats::median(&plain);
    let what = format!("/d/{{code}}, {arrivals} hard names, {} KB", length / 1_000);
    Ok(vec![
        Row::new("page", format!("{what}, p50"), stats::shown(p50))
            .beside(
                format!("/healthz {}", stats::shown(baseline)),
                p50.as_secs_f64() / baseline.as_secs_f64(),
            )
            .budget("< 5 ms", p50 < BUDGET),
        Row::new("page", "the same, p99", stats::shown(p99)).budget("< 5 ms", p99 < BUDGET),
    ])
}

/// One kept connection.
struct Http {
    stream: BufReader<TcpStream>,
}

impl Http {
    fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    fn get(&mut self, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200 ") {
            bail!("{path} answered {}", line.trim());
        }
        let mut length = None;
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse::<usize>()?);
            }
        }
        let mut body = vec![0; length.context("the answer has a length")?];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }
}
