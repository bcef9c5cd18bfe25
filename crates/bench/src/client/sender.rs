//! Who sends the reads of a round, at a steady pace: timing devices, a NATS publisher, or a line
//! to the relay.

use super::{Round, device::Device, screens};
use crate::limits;
use anyhow::Context;
use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

pub enum Sender {
    /// Read `n` is of location `n` of all, in turn.
    Devices {
        devices: Vec<Device>,
        places: Vec<(usize, String)>,
    },
    Publisher {
        stream: TcpStream,
        frame: Vec<u8>,
    },
    Feed {
        stream: TcpStream,
    },
}

impl Sender {
    pub fn devices(timing: SocketAddr, locations: &[Vec<String>]) -> anyhow::Result<Self> {
        let mut devices = Vec::new();
        let mut places = Vec::new();
        for (index, locations) in locations.iter().enumerate() {
            devices.push(Device::connect(timing, locations)?);
            places.extend(locations.iter().map(|location| (index, location.clone())));
        }
        Ok(Self::Devices { devices, places })
    }

    pub fn publisher(tcp: SocketAddr, frame: Vec<u8>) -> anyhow::Result<Self> {
        screens::newest_bib(&frame).context("no screen has got a frame yet")?;
        let mut stream = TcpStream::connect(tcp)?;
        stream.set_nodelay(true)?;
        stream.write_all(b"CONNECT {\"verbose\":false}\r\nPING\r\n")?;
        // It answers INFO and then PONG; after that it says nothing for minutes.
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        while lines.next().context("nats-server hung up")?? != "PONG" {}
        Ok(Self::Publisher { stream, frame })
    }

    /// The relay is told the board once, and then only whose turn it is.
    pub fn feed(relay: SocketAddr, frame: &[u8]) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(relay)?;
        stream.set_nodelay(true)?;
        stream.write_all(format!("FEED {}\n", frame.len()).as_bytes())?;
        stream.write_all(frame)?;
        Ok(Self::Feed { stream })
    }

    /// Sends every read at its time. One that is late is sent at once.
    pub fn send(&mut self, round: &Round, interval: Duration) -> anyhow::Result<()> {
        let mut due = Instant::now();
        if let Self::Devices { devices, .. } = self {
            for device in devices {
                device.answer()?;
            }
        }
        for read in round.reads() {
            if let Some(wait) = due.checked_duration_since(Instant::now()) {
                std::thread::sleep(wait);
            }
            self.send_one(round, read, due)?;
            due += interval;
        }
        Ok(())
    }

    fn send_one(&mut self, round: &Round, read: u32, due: Instant) -> anyhow::Result<()> {
        let bib = limits::FIRST_BIB + read;
        match self {
            Self::Devices { devices, places } => {
                let (device, location) = &places[read as usize % places.len()];
                // The time it was due, not now: no two reads of one place have the same time.
                let line = devices[*device].line(location, bib, due);
                round.sends(read);
                devices[*device].write(&line)
            }
            Self::Publisher { stream, frame } => {
                let place = screens::newest_bib(frame).context("it was there before")?;
                frame[place].copy_from_slice(bib.to_string().as_bytes());
                let mut message = format!("PUB board {}\r\n", frame.len()).into_bytes();
                message.extend_from_slice(frame);
                message.extend_from_slice(b"\r\n");
                round.sends(read);
                Ok(stream.write_all(&message)?)
            }
            Self::Feed { stream } => {
                let line = format!("{read:07} {bib}\n");
                round.sends(read);
                Ok(stream.write_all(line.as_bytes())?)
            }
        }
    }
}
