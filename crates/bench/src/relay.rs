//! The baseline of mat to screen: a process that does nothing but carry bytes.
//!
//! One line in on a TCP socket, one prebuilt WebSocket frame out to each socket of its turn; no
//! protocol, no journal, no rundown, no runtime. What is slower than this is ours.

use crate::client::wire;
use anyhow::Context;
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
};

/// Prints its address, takes screens under `/<turn>/<of>`, then one feed, and ends with it.
pub fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", serde_json::to_string(&listener.local_addr()?)?);
    let mut screens: HashMap<u32, Vec<TcpStream>> = HashMap::new();
    let mut of = 1;
    loop {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        if let Some(length) = first.strip_prefix("FEED ") {
            let length = length.trim().parse()?;
            return feed(reader, length, &mut screens, of);
        }
        let turn;
        (turn, of) = path(&first).with_context(|| format!("{first:?} names no turn"))?;
        let mut line = first;
        while !line.trim().is_empty() {
            line.clear();
            reader.read_line(&mut line)?;
        }
        let mut stream = reader.into_inner();
        stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")?;
        screens.entry(turn).or_default().push(stream);
    }
}

/// `GET /3/100 HTTP/1.1`.
fn path(request: &str) -> Option<(u32, u32)> {
    let (turn, of) = request
        .strip_prefix("GET /")?
        .split_once(' ')?
        .0
        .split_once('/')?;
    Some((turn.parse().ok()?, of.parse().ok()?))
}

/// Lines of a read's number and its bib.
fn feed(
    mut lines: BufReader<TcpStream>,
    frame_len: usize,
    screens: &mut HashMap<u32, Vec<TcpStream>>,
    of: u32,
) -> anyhow::Result<()> {
    let mut payload = vec![0; frame_len];
    lines.read_exact(&mut payload)?;
    let bib = crate::client::newest_bib(&payload).context("the board shows nobody")?;
    let mut frame = wire::header(wire::TEXT, frame_len);
    let bib = frame.len() + bib.start..frame.len() + bib.end;
    frame.extend_from_slice(&payload);
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        let (read, text) = line
            .trim()
            .split_once(' ')
            .context("a line is a read and a bib")?;
        frame[bib.clone()].copy_from_slice(text.as_bytes());
        let turn = read.parse::<u32>()? % of;
        for screen in screens.entry(turn).or_default() {
            screen.write_all(&frame)?;
        }
        line.clear();
    }
    Ok(())
}
