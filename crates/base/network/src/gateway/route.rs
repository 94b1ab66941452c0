use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connection::Context;
use super::head::find;
use super::host::{Host, Place, is_public};
use super::record::Record;
use super::stop::Stop;

/// Most addresses of a name that are tried.
const MOST_ADDRESSES: usize = 8;

/// An open way to a place.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) stream: TcpStream,
    /// What of the server came already.
    pub(super) early: Vec<u8>,
    /// For plain HTTP through another proxy: what its `Proxy-Authorization` says, if anything.
    pub(super) proxy: Option<Option<Vec<u8>>>,
}

/// The next proxy.
#[derive(Debug)]
struct Next {
    place: Place,
    authorization: Option<Vec<u8>>,
}

/// Opens the way for a tunnel.
pub(super) async fn tunnel(context: &Context, place: &Place, record: &mut Record) -> Result<Way, Stop> {
    let next = next(&context.proxies, "https", place)?;
    let Some(next) = reach(context, place, next, record).await? else {
        return direct(context, place, record).await;
    };
    let mut stream = to_proxy(context, &next, record).await?;
    let mut request = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n").into_bytes();
    authorize(&mut request, next.authorization.as_deref());
    request.extend_from_slice(b"\r\n");
    let asked = async {
        stream.write_all(&request).await.ok()?;
        answer(&mut stream).await
    };
    let silent = || Stop::failed(504, format!("the proxy {} does not answer", next.place));
    let answered = timeout(context.limits.connect, asked).await.map_err(|_| silent())?;
    match answered {
        Some((status, early)) if (200..300).contains(&status) => Ok(Way { stream, early, proxy: None }),
        Some((status, _)) => {
            Err(Stop::failed(502, format!("the proxy {} answers {status} for {place}", next.place)))
        }
        None => Err(silent()),
    }
}

/// Opens the way for a request over plain HTTP.
pub(super) async fn plain(context: &Context, place: &Place, record: &mut Record) -> Result<Way, Stop> {
    let next = next(&context.proxies, "http", place)?;
    let Some(next) = reach(context, place, next, record).await? else {
        return direct(context, place, record).await;
    };
    let stream = to_proxy(context, &next, record).await?;
    Ok(Way { stream, early: Vec::new(), proxy: Some(next.authorization) })
}

pub(super) fn authorize(request: &mut Vec<u8>, authorization: Option<&[u8]>) {
    if let Some(value) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(value);
        request.extend_from_slice(b"\r\n");
    }
}

fn next(proxies: &Matcher, scheme: &str, place: &Place) -> Result<Option<Next>, Stop> {
    let Ok(target) = format!("{scheme}://{place}/").parse::<http::Uri>() else { return Ok(None) };
    let Some(found) = proxies.intercept(&target) else { return Ok(None) };
    let uri = found.uri();
    let place = uri.authority().filter(|_| uri.scheme_str() == Some("http")).and_then(|authority| {
        let host = Host::parse(authority.host())?;
        Some(Place { host, port: authority.port_u16().unwrap_or(80) })
    });
    let place = place.ok_or_else(|| {
        Stop::failed(502, "the proxy of Andon's own environment is not of the form http://host:port")
    })?;
    Ok(Some(Next { place, authorization: found.basic_auth().map(|value| value.as_bytes().to_vec()) }))
}

/// Through the next proxy a name goes as it is, since this machine may not be able to resolve it. Where it can, what it
/// finds still has to be public.
async fn reach(
    context: &Context,
    place: &Place,
    next: Option<Next>,
    record: &mut Record,
) -> Result<Option<Next>, Stop> {
    let Some(next) = next else { return Ok(None) };
    if let Ok(addresses) = addresses(context, &place.host).await {
        permitted(context, place, &addresses)?;
    }
    record.connection.through_proxy = true;
    Ok(Some(next))
}

async fn to_proxy(context: &Context, next: &Next, record: &mut Record) -> Result<TcpStream, Stop> {
    let found = addresses(context, &next.place.host).await?;
    open(context, &found, &next.place, record).await
}

/// Resolves once and connects to what was found.
async fn direct(context: &Context, place: &Place, record: &mut Record) -> Result<Way, Stop> {
    let found = addresses(context, &place.host).await?;
    let permitted = permitted(context, place, &found)?;
    let stream = open(context, &permitted, place, record).await?;
    Ok(Way { stream, early: Vec::new(), proxy: None })
}

async fn addresses(context: &Context, host: &Host) -> Result<Vec<IpAddr>, Stop> {
    let name = match host {
        Host::Address(address) => return Ok(vec![*address]),
        Host::Name(name) => name.clone(),
    };
    let resolver = Arc::clone(&context.resolver);
    let asked = name.clone();
    let asking = tokio::task::spawn_blocking(move || resolver.resolve(&asked));
    match timeout(context.limits.connect, asking).await {
        Ok(Ok(Ok(found))) if !found.is_empty() => Ok(found),
        Ok(Ok(Err(error))) => Err(Stop::failed(502, format!("{name} has no address: {error}"))),
        Ok(_) => Err(Stop::failed(502, format!("{name} has no address"))),
        Err(_) => Err(Stop::failed(504, format!("no answer to what the address of {name} is"))),
    }
}

/// The addresses that may be reached: public ones, and those that the allow-list names as such.
fn permitted(context: &Context, place: &Place, found: &[IpAddr]) -> Result<Vec<IpAddr>, Stop> {
    let named = |address: IpAddr| context.rules.allow.names_address(address, place.port);
    let usable = |address: &&IpAddr| is_public(**address) || named(**address);
    let usable: Vec<IpAddr> = found.iter().filter(usable).copied().collect();
    match found.first() {
        Some(address) if usable.is_empty() => {
            let literal = Place { host: Host::Address(address.to_canonical()), port: place.port };
            let leads = if place.host == literal.host {
                format!("{} is no public address", literal.host)
            } else {
                format!("{} leads to {}, which is no public address", place.host, literal.host)
            };
            Err(Stop::refused(
                403,
                format!("{leads}; if that is meant, add \"{literal}\" under `network:` in andon.yaml too"),
            ))
        }
        _ => Ok(usable),
    }
}

async fn open(
    context: &Context,
    addresses: &[IpAddr],
    place: &Place,
    record: &mut Record,
) -> Result<TcpStream, Stop> {
    let mut last = Stop::failed(502, format!("{place} cannot be reached"));
    for address in addresses.iter().take(MOST_ADDRESSES) {
        let connecting = TcpStream::connect(SocketAddr::new(*address, place.port));
        match timeout(context.limits.connect, connecting).await {
            Ok(Ok(stream)) => {
                record.connection.address = Some(*address);
                // Small writes are the client's own choice.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = Stop::failed(502, format!("{place} cannot be reached: {error}")),
            Err(_) => last = Stop::failed(504, format!("{place} does not answer")),
        }
    }
    Err(last)
}

/// The status of a proxy's answer to CONNECT, and what came after its head.
async fn answer(stream: &mut TcpStream) -> Option<(u16, Vec<u8>)> {
    use tokio::io::AsyncReadExt;
    const LONGEST: usize = 16 << 10;
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let early = bytes.split_off(end + 4);
            let line = std::str::from_utf8(bytes.get(..end)?).ok()?;
            let status = line.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
            return Some((status, early));
        }
        let mut part = [0; 2048];
        let length = stream.read(&mut part).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(part.get(..length)?);
        if bytes.len() > LONGEST {
            return None;
        }
    }
}
