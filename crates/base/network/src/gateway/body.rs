use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::head::Framing;

/// Longest line of a chunk's size, with what is said besides it, which is not passed on.
const LONGEST_LINE: usize = 4 << 10;
/// Most bytes of trailer fields, which are not passed on.
const LONGEST_TRAILERS: usize = 16 << 10;

/// Why a body did not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// Its sender ended too early, or was silent for too long.
    Sender,
    /// Its receiver does not take it.
    Receiver,
    /// It is not delimited as it should be.
    Malformed,
}

/// Passes a body on, and nothing that comes after it.
pub(super) struct Relay<'a, W> {
    pub(super) to: &'a mut W,
    pub(super) moved: &'a AtomicU64,
    pub(super) idle: Duration,
}

impl<W: AsyncWrite + Unpin> Relay<'_, W> {
    pub(super) async fn body(
        &mut self,
        framing: Framing,
        from: &mut (impl AsyncBufRead + Unpin),
    ) -> Result<(), Broken> {
        match framing {
            Framing::Length(length) => self.exactly(length, from).await,
            Framing::Chunked => self.chunks(from).await,
            Framing::UntilClose => self.all(from).await,
        }
    }

    async fn all(&mut self, from: &mut (impl AsyncBufRead + Unpin)) -> Result<(), Broken> {
        while self.some(u64::MAX, from).await? > 0 {}
        Ok(())
    }

    async fn exactly(
        &mut self,
        mut length: u64,
        from: &mut (impl AsyncBufRead + Unpin),
    ) -> Result<(), Broken> {
        while length > 0 {
            match self.some(length, from).await? {
                0 => return Err(Broken::Sender),
                passed => length = length.saturating_sub(passed),
            }
        }
        Ok(())
    }

    async fn chunks(&mut self, from: &mut (impl AsyncBufRead + Unpin)) -> Result<(), Broken> {
        loop {
            let line = self.line(from, LONGEST_LINE).await?;
            let length = chunk_size(&line).ok_or(Broken::Malformed)?;
            if length == 0 {
                break;
            }
            self.write(format!("{length:x}\r\n").as_bytes()).await?;
            self.exactly(length, from).await?;
            if !self.line(from, 2).await?.is_empty() {
                return Err(Broken::Malformed);
            }
            self.write(b"\r\n").await?;
        }
        let mut trailers = 0_usize;
        loop {
            let line = self.line(from, LONGEST_LINE).await?;
            trailers += line.len();
            if line.is_empty() {
                break;
            }
            if trailers > LONGEST_TRAILERS {
                return Err(Broken::Malformed);
            }
        }
        self.write(b"0\r\n\r\n").await
    }

    /// Passes on what is there, at most `most` bytes; 0 at the end.
    async fn some(&mut self, most: u64, from: &mut (impl AsyncBufRead + Unpin)) -> Result<u64, Broken> {
        let part = waited(self.idle, from.fill_buf()).await.ok_or(Broken::Sender)?;
        let length = usize::try_from(most).unwrap_or(usize::MAX).min(part.len());
        let part = part.get(..length).unwrap_or_default();
        waited(self.idle, self.to.write_all(part)).await.ok_or(Broken::Receiver)?;
        from.consume(length);
        let passed = u64::try_from(length).unwrap_or(0);
        self.moved.fetch_add(passed, Ordering::Relaxed);
        Ok(passed)
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        waited(self.idle, self.to.write_all(bytes)).await.ok_or(Broken::Receiver)?;
        self.moved.fetch_add(u64::try_from(bytes.len()).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }

    /// A line without its CR LF.
    async fn line(&self, from: &mut (impl AsyncBufRead + Unpin), longest: usize) -> Result<Vec<u8>, Broken> {
        let mut line = Vec::new();
        loop {
            let part = waited(self.idle, from.fill_buf()).await.ok_or(Broken::Sender)?;
            if part.is_empty() {
                return Err(Broken::Sender);
            }
            let end = part.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(part.len(), |end| end + 1);
            line.extend_from_slice(part.get(..length).unwrap_or_default());
            from.consume(length);
            if line.len() > longest {
                return Err(Broken::Malformed);
            }
            if end.is_some() {
                let line = line.strip_suffix(b"\r\n").ok_or(Broken::Malformed)?;
                return if line.contains(&b'\r') { Err(Broken::Malformed) } else { Ok(line.to_vec()) };
            }
        }
    }
}

/// The size in front of a chunk; what stands behind a `;` is left out.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii_end();
    let valid = (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| valid)?;
    u64::from_str_radix(text, 16).ok()
}

async fn waited<T>(idle: Duration, doing: impl Future<Output = io::Result<T>>) -> Option<T> {
    timeout(idle, doing).await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(framing: Framing, sent: &str, expected: Result<&str, Broken>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (mut to, mut from) = (Vec::new(), sent.as_bytes());
        let moved = AtomicU64::new(0);
        let mut relay = Relay { to: &mut to, moved: &moved, idle: Duration::from_secs(5) };
        let outcome = runtime.block_on(relay.body(framing, &mut from));
        assert_eq!(moved.load(Ordering::Relaxed), u64::try_from(to.len()).unwrap(), "{sent:?}");
        let text = String::from_utf8(to).unwrap();
        assert_eq!(outcome.map(|()| text.as_str()), expected, "{sent:?}");
    }

    #[test]
    fn bodies_end_where_they_end() {
        use Broken::{Malformed, Sender};
        check(Framing::Length(3), "abcGET /", Ok("abc"));
        check(Framing::Length(3), "ab", Err(Sender));
        check(Framing::UntilClose, "abc", Ok("abc"));
        check(Framing::Chunked, "3\r\nabc\r\n0\r\n\r\nGET /", Ok("3\r\nabc\r\n0\r\n\r\n"));
        check(
            Framing::Chunked,
            "A;x=\"y\"\r\n0123456789\r\n00\r\nT: x\r\n\r\n",
            Ok("a\r\n0123456789\r\n0\r\n\r\n"),
        );
        for wrong in [
            "3\nabc\r\n0\r\n\r\n",
            "3\r\nabcd\r\n0\r\n\r\n",
            "3\r\nabc\n0\r\n\r\n",
            "-1\r\n",
            "+1\r\n",
            "0x1\r\n",
            " 1\r\n",
            "\r\n",
            "1\r;\r\n",
            "1111111111111111\r\n",
            "0\r\nX: 1\n\r\n",
        ] {
            check(Framing::Chunked, wrong, Err(Malformed));
        }
        check(Framing::Chunked, &format!("1;{}\r\n", "x".repeat(5000)), Err(Malformed));
        check(Framing::Chunked, &format!("0\r\n{}\r\n", "X: 1\r\n".repeat(5000)), Err(Malformed));
        check(Framing::Chunked, "3\r\nab", Err(Sender));
    }
}
