//! One connection: the device's segments onto the socket, the server's bytes to the device.
//!
//! While a segment waits for the socket the device is not asked for more, but the server is still
//! read: a slow server slows the reads down and loses none.

use super::Sender;
use model::MonoMs;
use sim::{Device, DeviceInput, DeviceOutput};
use std::{collections::VecDeque, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep_until, timeout_at},
};

/// After the last read the server has so long to take what is in the socket, and to hang up.
const CLOSE_MS_MAX: u64 = 30_000;
/// A connection on which nothing was asked for by then is worth a word.
const ASKED_MS_MAX: u64 = 15_000;
const PROGRESS_MS: u64 = 10_000;
/// Bytes that a slow reader takes at a time.
const SLOW_BYTES: usize = 32;
const READ_BYTES: usize = 8 * 1024;

pub(super) enum Ended {
    /// Everything asked for is sent, and the connection closed in good order.
    Done,
    /// The time for the run is over.
    TimeOver,
    Broken {
        why: String,
        /// Whether the server had asked for reads.
        was_asked: bool,
    },
}

pub(super) struct Link<'a> {
    stream: TcpStream,
    device: &'a mut Device,
    began: Instant,
    until: Option<Instant>,
    slow_reader_ms: u64,
    /// Whether everything is to be played once more.
    rewinds: bool,
    rewound: &'a mut bool,
    bytes_sent: &'a mut u64,
    queue: VecDeque<Vec<u8>>,
    /// Bytes of the first segment in the queue that are written.
    written: usize,
    hangs_up: bool,
    was_asked: bool,
}

/// What there is to do next.
enum Next {
    Received(std::io::Result<usize>),
    Written(std::io::Result<usize>),
    Timer,
    Progress,
    ReadAgain,
    TimeOver,
}

impl<'a> Link<'a> {
    /// The first one switches the controller on.
    pub(super) fn new(sender: &'a mut Sender<'_>, stream: TcpStream) -> anyhow::Result<Self> {
        let device = match &mut sender.device {
            Some(device) => device,
            none => none.insert(sender.plan.device(sender.args)?),
        };
        Ok(Self {
            stream,
            device,
            began: sender.began,
            until: sender.until,
            slow_reader_ms: sender.args.slow_reader,
            rewinds: sender.args.rewind,
            rewound: &mut sender.rewound,
            bytes_sent: &mut sender.bytes_sent,
            queue: VecDeque::new(),
            written: 0,
            hangs_up: false,
            was_asked: false,
        })
    }

    pub(super) async fn run(mut self) -> Ended {
        let ended = self.exchange().await;
        if self.device.is_connected() {
            let now = self.now();
            self.device.apply(now, DeviceInput::Disconnected);
        }
        match ended {
            // Written is not taken: a server that breaks off now has not read everything.
            Ended::Done => match self.close().await {
                Ok(()) => Ended::Done,
                Err(error) => self.broken(format!("the connection broke: {error}")),
            },
            Ended::TimeOver => {
                if let Err(error) = self.close().await {
                    tracing::debug!("the connection ended with {error}");
                }
                Ended::TimeOver
            }
            Ended::Broken { .. } => ended,
        }
    }

    fn now(&self) -> MonoMs {
        MonoMs(self.began.elapsed().as_millis() as u64)
    }

    fn tell(&mut self, input: DeviceInput<'_>) {
        let now = self.now();
        for output in self.device.apply(now, input) {
            match output {
                DeviceOutput::Send(segment) => self.queue.push_back(segment),
                DeviceOutput::Hangup => self.hangs_up = true,
            }
        }
        self.was_asked |= self.device.is_started();
    }

    fn broken(&self, why: impl Into<String>) -> Ended {
        Ended::Broken {
            why: why.into(),
            was_asked: self.was_asked,
        }
    }

    async fn exchange(&mut self) -> Ended {
        let mut buffer = vec![
            0;
            if self.slow_reader_ms > 0 {
                SLOW_BYTES
            } else {
                READ_BYTES
            }
        ];
        let connected = Instant::now();
        let mut progress = connected + Duration::from_millis(ASKED_MS_MAX);
        let mut reads_from = connected;
        self.tell(DeviceInput::Connected);
        loop {
            if self.queue.is_empty() {
                if self.hangs_up {
                    return self.broken(match self.device.gave_up() {
                        Some(why) => why.to_string(),
                        None => "the simulator broke the connection".to_owned(),
                    });
                }
                if self.device.is_done() {
                    if !self.rewinds || *self.rewound {
                        return Ended::Done;
                    }
                    *self.rewound = true;
                    tracing::info!("all is sent; now everything once more");
                    self.tell(DeviceInput::Rewind);
                    continue;
                }
            }
            match self.next(&mut buffer, reads_from, progress).await {
                Next::Received(Ok(0)) => return self.broken("the server closed the connection"),
                Next::Received(Ok(length)) => {
                    if self.slow_reader_ms > 0 {
                        reads_from = Instant::now() + Duration::from_millis(self.slow_reader_ms);
                    }
                    if !self.hangs_up {
                        self.tell(DeviceInput::Bytes(&buffer[..length]));
                    }
                }
                Next::Written(Ok(length)) => self.advance(length),
                Next::Received(Err(error)) | Next::Written(Err(error)) => {
                    return self.broken(format!("the connection broke: {error}"));
                }
                Next::Timer => self.tell(DeviceInput::Timer),
                Next::Progress => {
                    self.say_progress();
                    progress = Instant::now() + Duration::from_millis(PROGRESS_MS);
                }
                Next::ReadAgain => {}
                Next::TimeOver => return Ended::TimeOver,
            }
        }
    }

    async fn next(&mut self, buffer: &mut [u8], reads_from: Instant, progress: Instant) -> Next {
        let timer = if self.queue.is_empty() {
            self.device.next_timer()
        } else {
            None
        };
        let timer_at = timer.map(|at| self.began + Duration::from_millis(at.0));
        let (mut reader, mut writer) = self.stream.split();
        let now = Instant::now();
        let reads = now >= reads_from;
        tokio::select! {
            biased;
            () = at(self.until) => Next::TimeOver,
            () = sleep_until(progress) => Next::Progress,
            received = reader.read(buffer), if reads => Next::Received(received),
            () = sleep_until(reads_from), if !reads => Next::ReadAgain,
            written = write_some(&mut writer, self.queue.front(), self.written),
                if !self.queue.is_empty() => Next::Written(written),
            () = at(timer_at), if timer_at.is_some() => Next::Timer,
        }
    }

    fn advance(&mut self, length: usize) {
        *self.bytes_sent += length as u64;
        self.written += length;
        if self
            .queue
            .front()
            .is_some_and(|segment| self.written >= segment.len())
        {
            self.queue.pop_front();
            self.written = 0;
        }
    }

    fn say_progress(&self) {
        if self.was_asked {
            tracing::info!("{} lines sent", self.device.stats().read_lines);
        } else {
            tracing::warn!(
                "connected, but the server has not asked for reads; if its Timing page shows this \
                 connection as unclaimed, claim it there"
            );
        }
    }

    /// Says that nothing more comes, and waits until the server has taken everything: closing with
    /// bytes unread on either side would throw away what is on the wire.
    async fn close(&mut self) -> std::io::Result<()> {
        let until = Instant::now() + Duration::from_millis(CLOSE_MS_MAX);
        let mut buffer = [0; READ_BYTES];
        let closed = timeout_at(until, async {
            self.stream.shutdown().await?;
            while self.stream.read(&mut buffer).await? > 0 {}
            std::io::Result::Ok(())
        });
        closed.await.unwrap_or_else(|_| {
            tracing::warn!("the server did not hang up; it may not have read everything");
            Ok(())
        })
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        // Asking the timer wheel for what is past would cost a turn of it.
        Some(instant) if instant <= Instant::now() => {}
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

async fn write_some(
    writer: &mut tokio::net::tcp::WriteHalf<'_>,
    segment: Option<&Vec<u8>>,
    written: usize,
) -> std::io::Result<usize> {
    let segment = segment.map(Vec::as_slice).unwrap_or_default();
    writer
        .write(segment.get(written..).unwrap_or_default())
        .await
}
