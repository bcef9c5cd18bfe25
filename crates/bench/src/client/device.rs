//! A timing device: the client's half of CTP01 over a blocking socket.

use crate::limits;
use anyhow::{Context, bail};
use model::{MonoMs, WallTime};
use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use timing::ctp01::{
    client::{ClientConfig, ClientInput, ClientOutput, ClientSession},
    record::{DeviceRead, DeviceTime},
};

pub struct Device {
    stream: TcpStream,
    session: ClientSession,
    began: Instant,
    began_cs: i64,
    sequence: u64,
}

impl Device {
    /// Connects, and answers until the server wants the reads of all locations.
    pub fn connect(timing: SocketAddr, locations: &[String]) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(timing).context("connect to the timing port")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_millis(limits::START_MS_MAX)))?;
        let began = Instant::now();
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let config = ClientConfig {
            locations: locations.to_vec(),
            ..ClientConfig::default()
        };
        let mut device = Self {
            stream,
            session: ClientSession::new(config, MonoMs(0)),
            began,
            began_cs: i64::try_from(since_epoch.as_millis() / 10)?,
            sequence: 0,
        };
        device.hear(&[])?;
        let mut buffer = [0; 4_096];
        while !locations
            .iter()
            .all(|location| device.session.is_started(location))
        {
            let length = device
                .stream
                .read(&mut buffer)
                .context("the server asks for no reads")?;
            if length == 0 {
                bail!("the server hung up before it asked for reads");
            }
            device.hear(&buffer[..length])?;
        }
        Ok(device)
    }

    /// The read's line. Its time is the device's own clock, which is right.
    pub fn line(&mut self, location: &str, bib: u32, at: Instant) -> Vec<u8> {
        let elapsed = at.saturating_duration_since(self.began);
        let elapsed_cs = i64::try_from(elapsed.as_millis() / 10).unwrap_or(i64::MAX);
        let time = DeviceTime::Dated(WallTime(self.began_cs + elapsed_cs));
        self.sequence += 1;
        let read = DeviceRead::new(self.sequence, location, &bib.to_string(), time);
        let mut line = Vec::new();
        for output in self.session.apply(self.now(), ClientInput::Reads(&[read])) {
            if let ClientOutput::Send(bytes) = output {
                line.extend(bytes);
            }
        }
        line
    }

    pub fn write(&mut self, line: &[u8]) -> anyhow::Result<()> {
        Ok(self.stream.write_all(line)?)
    }

    /// Answers what the server said meanwhile, such as its pings.
    pub fn answer(&mut self) -> anyhow::Result<()> {
        let mut buffer = [0; 4_096];
        self.stream.set_nonblocking(true)?;
        let read = self.stream.read(&mut buffer);
        self.stream.set_nonblocking(false)?;
        match read {
            Ok(0) => bail!("the server hung up on a device"),
            Ok(length) => self.hear(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error).context("a device's connection"),
        }
    }

    fn hear(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        for output in self.session.apply(self.now(), ClientInput::Bytes(bytes)) {
            match output {
                ClientOutput::Send(bytes) => self.stream.write_all(&bytes)?,
                ClientOutput::GaveUp(why) => bail!("{why}"),
                _ => {}
            }
        }
        Ok(())
    }

    fn now(&self) -> MonoMs {
        MonoMs(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}
