use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::head::{Parsed, Request, request_head};
use super::record::{Log, Record};
use super::resolve::Resolve;
use super::stop::Stop;
use super::{Limits, Rules, plain, tunnel};

/// What all connections share.
pub(super) struct Context {
    pub(super) rules: Rules,
    pub(super) limits: Limits,
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) proxies: Matcher,
    pub(super) log: Arc<Log>,
}

/// A fatal alert, access_denied (RFC 8446, section 6): clearer for a client than a connection that just ends.
const DENIED: [u8; 7] = [21, 3, 3, 0, 2, 2, 49];

/// Serves one connection, which is one request.
pub(super) async fn serve(context: Arc<Context>, mut client: TcpStream) {
    let mut record = context.log.begin();
    let Err(stop) = handle(&context, &mut client, &mut record).await else { return };
    let answer = stop.answer();
    record.connection.outcome = stop.outcome;
    drop(record);
    let answer = answer.as_ref().map_or(&DENIED[..], |answer| answer.as_bytes());
    // Whether the client takes it does not matter.
    let _ = timeout(context.limits.head, farewell(&mut client, answer)).await;
}

async fn handle(context: &Context, client: &mut TcpStream, record: &mut Record) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    let reading = async {
        loop {
            match request_head(&bytes) {
                Parsed::Complete(head, length) => return Ok((head, bytes.split_off(length))),
                Parsed::Refused(status, why) => return Err(Stop::refused(status, why)),
                Parsed::Incomplete => {}
            }
            if !more(client, &mut bytes).await {
                return Err(Stop::refused(400, "the connection ended before its request did"));
            }
        }
    };
    let late = |_| Stop::refused(408, "the request did not come in time");
    let (head, early) = timeout(context.limits.head, reading).await.map_err(late)??;
    record.place(&head.place);
    match head.request {
        Request::Tunnel => tunnel::serve(context, client, early, &head.place, record).await,
        Request::Forward { method, path, fields, body } => {
            let request = plain::Plain { place: head.place, method, path, fields, body };
            plain::serve(context, client, early, &request, record).await
        }
    }
}

/// Reads some more; whether there was any.
pub(super) async fn more(from: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    let mut part = [0; 4096];
    match from.read(&mut part).await {
        Ok(length @ 1..) => {
            bytes.extend_from_slice(part.get(..length).unwrap_or_default());
            true
        }
        _ => false,
    }
}

/// Says why, and takes what still comes for a moment: else the kernel answers it with a reset, and the client may
/// never see what was said.
async fn farewell(client: &mut TcpStream, answer: &[u8]) -> std::io::Result<()> {
    const MOST: usize = 1 << 20;
    const MOMENT: Duration = Duration::from_secs(1);
    client.write_all(answer).await?;
    client.shutdown().await?;
    let drain = async {
        let mut part = [0; 4096];
        let mut taken = 0;
        while taken < MOST {
            match client.read(&mut part).await {
                Ok(length @ 1..) => taken += length,
                _ => break,
            }
        }
    };
    let _ = timeout(MOMENT, drain).await;
    Ok(())
}
