//! The client's end of a WebSocket (RFC 6455) as far as a load needs it: the opening, whole frames
//! out of bytes, masked frames in. Knows no socket.

/// The request that opens it. The key is any sixteen bytes; nobody checks the answer to it here.
pub fn opening(host: &str, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
}

/// The length of the answer to the opening, once it is whole: `Err` where it is no upgrade.
pub fn opened(bytes: &[u8]) -> Result<Option<usize>, String> {
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    if bytes.starts_with(b"HTTP/1.1 101 ") {
        Ok(Some(end + 4))
    } else {
        let head = String::from_utf8_lossy(&bytes[..end]);
        Err(head.lines().next().unwrap_or_default().to_owned())
    }
}

pub struct Frame<'a> {
    /// Text, binary, close, ping: the low half of the first byte.
    pub opcode: u8,
    /// Ends its message.
    pub is_last: bool,
    pub payload: &'a [u8],
    /// Bytes it took.
    pub length: usize,
}

pub const CONTINUATION: u8 = 0;
pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CLOSE: u8 = 8;

/// In the first byte of the frame that ends a message.
const LAST: u8 = 0x80;

/// The first frame, once it is whole. A server masks nothing.
pub fn frame(bytes: &[u8]) -> Option<Frame<'_>> {
    let (&[first, second], rest) = bytes.split_first_chunk::<2>()?;
    let (payload_len, rest) = match second & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (u64::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk::<8>()?;
            (u64::from_be_bytes(*length), rest)
        }
        short => (u64::from(short), rest),
    };
    let payload = rest.get(..usize::try_from(payload_len).ok()?)?;
    let length = bytes.len() - rest.len() + payload.len();
    Some(Frame {
        opcode: first & 0x0f,
        is_last: first & LAST != 0,
        payload,
        length,
    })
}

/// A frame from a client. Its mask is four zeros, which is one like any other.
pub fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    let mut bytes = header(opcode, payload.len());
    bytes[1] |= MASKED;
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(payload);
    bytes
}

/// The beginning of an unmasked frame.
pub fn header(opcode: u8, payload_len: usize) -> Vec<u8> {
    let mut bytes = vec![LAST | opcode];
    match (u8::try_from(payload_len), u16::try_from(payload_len)) {
        (Ok(short @ ..126), _) => bytes.push(short),
        (_, Ok(medium)) => {
            bytes.push(126);
            bytes.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            bytes.push(127);
            bytes.extend_from_slice(&(payload_len as u64).to_be_bytes());
        }
    }
    bytes
}

pub fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_taken_once_it_is_whole() {
        for payload_len in [0, 5, 125, 126, 65_535, 65_536] {
            let mut bytes = header(TEXT, payload_len);
            bytes.resize(bytes.len() + payload_len, b'x');
            let whole = bytes.len();
            bytes.push(b'y');
            for cut in [0, 1, whole - 1] {
                assert!(
                    frame(&bytes[..cut.min(whole - 1)]).is_none(),
                    "{payload_len} {cut}"
                );
            }
            let found = frame(&bytes).unwrap();
            assert_eq!((found.opcode, found.payload.len()), (TEXT, payload_len));
            assert_eq!(found.length, whole);
        }
    }

    #[test]
    fn an_answer_that_is_no_upgrade_says_what_it_was() {
        assert_eq!(opened(b"HTTP/1.1 101 Switching"), Ok(None));
        assert_eq!(opened(b"HTTP/1.1 101 X\r\n\r\nrest"), Ok(Some(18)));
        assert_eq!(
            opened(b"HTTP/1.1 404 Gone\r\n\r\n"),
            Err("HTTP/1.1 404 Gone".to_owned())
        );
    }
}
