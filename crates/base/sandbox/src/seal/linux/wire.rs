//! What the caller's process and the process that watches over the command say to each other, over a pair of sockets:
//! four bytes of length, then the message. Both ends are the same binary, so there is no version to care about.

use std::ffi::{OsStr, OsString};
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::seal::{Ending, Level, Limits, Network, Obstacle, SecretFile};

/// What to run and how: all paths of folders are absolute and free of symbolic links.
#[derive(Serialize, Deserialize)]
pub(super) struct Spec {
    pub(super) level: Level,
    pub(super) workspace: Text,
    pub(super) outputs: Vec<(Text, bool)>,
    pub(super) read: Vec<Text>,
    pub(super) environment: Vec<(Text, Text)>,
    pub(super) network: Network,
    pub(super) secrets: Vec<SecretFile>,
    pub(super) limits: Limits,
    pub(super) working_folder: Text,
    /// `None` only tries whether the level is possible.
    pub(super) program: Option<Text>,
    pub(super) arguments: Vec<Text>,
    /// Private folders on the host, below level `full`.
    pub(super) scratch: Option<HostFolders>,
}

/// Private folders on the host.
#[derive(Serialize, Deserialize)]
pub(super) struct HostFolders {
    pub(super) temporary: Text,
    pub(super) secrets: Option<Text>,
}

/// From the watcher to the caller.
#[derive(Serialize, Deserialize)]
pub(super) enum Message {
    /// The listening socket of the command's network comes with this message.
    Listener,
    /// Everything is sealed; the command starts now.
    Ready { remarks: Vec<String> },
    /// This level is not possible here.
    Impossible(Obstacle),
    /// What was asked for is wrong.
    Wrong(String),
    /// Something that should work did not.
    Failed(String),
    /// The program could not be executed.
    NotStarted(Ending),
    /// It is over, and nothing of it is left.
    Ended { ending: Ending, cpu_micros: u64, peak_memory: u64 },
}

/// From the caller to the watcher. To hang up means: end everything at once.
#[derive(Serialize, Deserialize)]
pub(super) enum Order {
    /// Send SIGTERM to everything, and end it after so long.
    Terminate { grace_millis: u64 },
}

/// A path or text of the operating system, which need not be UTF-8.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Text(Vec<u8>);

impl Text {
    pub(super) fn path(&self) -> &Path {
        Path::new(self.text())
    }

    pub(super) fn text(&self) -> &OsStr {
        OsStr::from_bytes(&self.0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&OsStr> for Text {
    fn from(text: &OsStr) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<OsString> for Text {
    fn from(text: OsString) -> Self {
        Self(text.into_vec())
    }
}

impl From<PathBuf> for Text {
    fn from(path: PathBuf) -> Self {
        path.into_os_string().into()
    }
}

/// Sends a message.
pub(super) fn send(mut socket: &UnixStream, message: &impl Serialize) -> io::Result<()> {
    socket.write_all(&frame(message)?)
}

/// Sends a message, and a file with it.
pub(super) fn send_with(
    socket: &UnixStream,
    message: &impl Serialize,
    file: BorrowedFd<'_>,
) -> io::Result<()> {
    let frame = frame(message)?;
    let files = [file.as_raw_fd()];
    let ancillary = [ControlMessage::ScmRights(&files)];
    let sent =
        sendmsg::<()>(socket.as_raw_fd(), &[IoSlice::new(&frame)], &ancillary, MsgFlags::empty(), None)?;
    let mut socket = socket;
    socket.write_all(frame.get(sent..).unwrap_or_default())
}

/// Receives a message; `None` when the other end has hung up.
pub(super) fn receive<T: DeserializeOwned>(socket: &UnixStream) -> io::Result<Option<T>> {
    Ok(receive_with(socket)?.map(|(message, _)| message))
}

/// Receives a message and the file that came with it, if one did.
pub(super) fn receive_with<T: DeserializeOwned>(
    mut socket: &UnixStream,
) -> io::Result<Option<(T, Option<OwnedFd>)>> {
    let mut length = [0; 4];
    let (got, file) = receive_start(socket, &mut length)?;
    if got == 0 {
        return Ok(None);
    }
    socket.read_exact(length.get_mut(got..).unwrap_or_default())?;
    let mut body = vec![0; usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX)];
    socket.read_exact(&mut body)?;
    let message =
        postcard::from_bytes(&body).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(Some((message, file)))
}

fn receive_start(socket: &UnixStream, buffer: &mut [u8]) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut space = nix::cmsg_space!([std::os::fd::RawFd; 1]);
    let mut slices = [IoSliceMut::new(buffer)];
    let received = loop {
        let flags = MsgFlags::MSG_CMSG_CLOEXEC;
        match recvmsg::<()>(socket.as_raw_fd(), &mut slices, Some(&mut space), flags) {
            Err(nix::errno::Errno::EINTR) => {}
            outcome => break outcome?,
        }
    };
    let mut file = None;
    for message in received.cmsgs()? {
        if let ControlMessageOwned::ScmRights(files) = message {
            file = files.first().map(|file| super::system::own(*file));
        }
    }
    Ok((received.bytes, file))
}

fn frame(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let body = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    Ok([length.to_le_bytes().as_slice(), &body].concat())
}
