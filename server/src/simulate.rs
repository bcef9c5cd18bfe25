//! `gantry sim`: a controller that dials the timing port and sends a race.
//!
//! The race, the controller and everything that can go wrong with them are the `sim` crate's; here
//! are the files, the clock and the socket. It knows nothing of the server it talks to.

mod args;
mod link;
mod plan;
mod report;

pub use args::SimArgs;
pub use report::SimReport;

use anyhow::bail;
use link::{Ended, Link};
use plan::Plan;
use sim::Device;
use std::time::Duration;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

/// A dialled address that says nothing for so long is down.
const CONNECT_MS_MAX: u64 = 10_000;

/// Sends the race until all of it is sent, the duration is over, somebody presses Ctrl-C, or the
/// server cannot be reached any more, which is an error.
pub async fn run(args: SimArgs) -> anyhow::Result<SimReport> {
    args.check()?;
    let planned = args.clone();
    let plan = tokio::task::spawn_blocking(move || Plan::new(&planned)).await??;
    if !args.dry_run {
        plan.announce(&args);
    }
    let mut sender = Sender::new(&args, &plan);
    let finished = if args.dry_run {
        Ok(false)
    } else {
        tokio::select! {
            finished = sender.send() => finished,
            _ = tokio::signal::ctrl_c() => Ok(false),
        }
    };
    let mut report = SimReport::new(&plan, &args, &sender);
    match finished {
        Ok(complete) => {
            report.complete = complete;
            Ok(report)
        }
        Err(error) => {
            if report.connections > 0 {
                tracing::warn!("sent until then: {report}");
            }
            Err(error)
        }
    }
}

/// What lasts longer than a connection.
struct Sender<'a> {
    args: &'a SimArgs,
    plan: &'a Plan,
    began: Instant,
    /// When to stop, done or not.
    until: Option<Instant>,
    /// Switched on by the first connection.
    device: Option<Device>,
    rewound: bool,
    bytes_sent: u64,
    failed_dials: u64,
}

impl<'a> Sender<'a> {
    fn new(args: &'a SimArgs, plan: &'a Plan) -> Self {
        let began = Instant::now();
        Self {
            args,
            plan,
            began,
            until: args
                .duration
                .map(|seconds| began + Duration::from_secs_f64(seconds)),
            device: None,
            rewound: false,
            bytes_sent: 0,
            failed_dials: 0,
        }
    }

    /// Dials, sends, and dials again as the genuine client does. Gives whether all was sent.
    async fn send(&mut self) -> anyhow::Result<bool> {
        let mut in_vain = 0;
        loop {
            let why = match dial(&self.args.to).await {
                Ok(stream) => match Link::new(self, stream)?.run().await {
                    Ended::Done => return Ok(true),
                    Ended::TimeOver => return Ok(false),
                    Ended::Broken { why, was_asked } => {
                        in_vain = if was_asked { 0 } else { in_vain };
                        why
                    }
                },
                Err(why) => {
                    self.failed_dials += 1;
                    why
                }
            };
            in_vain += 1;
            let Self {
                args:
                    SimArgs {
                        to,
                        attempts,
                        reconnect,
                        ..
                    },
                ..
            } = *self;
            if in_vain >= *attempts {
                bail!(
                    "gave up after {in_vain} attempts: {why}; start the server (gantry serve), or \
                     name its timing address with --to"
                );
            }
            tracing::warn!("{why}; dialling {to} again in {reconnect} s");
            let pause = Duration::from_secs_f64(*reconnect);
            if self
                .until
                .is_some_and(|until| Instant::now() + pause >= until)
            {
                return Ok(false);
            }
            sleep(pause).await;
        }
    }
}

async fn dial(address: &str) -> Result<TcpStream, String> {
    let connecting = TcpStream::connect(address);
    let connected = timeout(Duration::from_millis(CONNECT_MS_MAX), connecting).await;
    // Segments are to leave as they were cut.
    match connected
        .map(|stream| stream.and_then(|stream| stream.set_nodelay(true).map(|()| stream)))
    {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!("{address} cannot be reached: {error}")),
        Err(_) => Err(format!("{address} does not answer")),
    }
}

#[cfg(test)]
mod tests;
