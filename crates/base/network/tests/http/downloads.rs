use std::path::Path;
use std::time::Duration;

use andon_network::{Client, Download, Downloaded, Fetched, NetworkError, Page, Request, Settings};
use andon_system::MemorySystem;

use crate::support::server::{Fault, Server};
use crate::{client, settings};

/// Enough that cutting it in the middle is progress, and different everywhere.
fn content(seed: u8) -> Vec<u8> {
    (0..400_000_u32).map(|index| (index / 7) as u8 ^ (index % 251) as u8 ^ seed).collect()
}

fn download(client: &Client, url: &str, to: &Path) -> Result<Downloaded, NetworkError> {
    client.download(&plain(url, to))
}

fn plain<'a>(url: &'a str, to: &'a Path) -> Download<'a> {
    Download { request: Request::new(url), to, limit: 1 << 20, size: None, sha256: None, progress: None }
}

fn fetched(downloaded: Result<Downloaded, NetworkError>) -> Fetched {
    match downloaded {
        Ok(Downloaded::Fetched(fetched)) => fetched,
        other => panic!("{other:?}"),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_broken_download_goes_on_where_it_broke() {
    let check = |faults: &[Fault], ranges: &[&str]| {
        let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
        server.put("a", content(0));
        server.fail("a", faults);
        let to = folder.path().join("a");
        let done = fetched(download(&client(&[]), &server.url("a"), &to));
        assert_eq!(std::fs::read(&to).unwrap(), content(0), "{faults:?}");
        assert_eq!((done.bytes, done.resumed_from), (400_000, 0));
        assert_eq!(names(folder.path()), ["a"]);
        let seen: Vec<_> = server.seen().iter().map(|seen| seen.header("range").to_owned()).collect();
        assert_eq!(seen, ranges, "{faults:?}");
    };
    check(&[], &[""]);
    check(&[Fault::Cut(100_000), Fault::Stall(100_000)], &["", "bytes=100000-", "bytes=200000-"]);
    check(&[Fault::Cut(100_000), Fault::NoRange], &["", "bytes=100000-"]);
    let again = "bytes=100000-";
    check(&[Fault::Cut(100_000), Fault::Status(503, "")], &["", again, again]);
    check(&[Fault::Hangup, Fault::Cut(0)], &["", "", ""]);
}

#[test]
fn a_later_run_goes_on_unless_the_content_changed() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let (impatient, url, to) = (client(&[]), server.url("a"), folder.path().join("a"));
    let interrupt = || {
        server.fail("a", &[Fault::Cut(1000), Fault::Cut(1000), Fault::Cut(1000)]);
        let error = download(&impatient, &url, &to).unwrap_err();
        assert!(error.to_string().contains("broke after"), "{error}");
        assert!(!to.exists());
        assert_eq!(names(folder.path()), ["a.part", "a.part.json"]);
    };
    server.put("a", content(0));
    interrupt();
    assert_eq!(fetched(download(&impatient, &url, &to)).resumed_from, 3000);
    assert_eq!(std::fs::read(&to).unwrap(), content(0));
    std::fs::remove_file(&to).unwrap();

    interrupt();
    server.put("a", content(1));
    assert_eq!(fetched(download(&impatient, &url, &to)).resumed_from, 0);
    assert_eq!(std::fs::read(&to).unwrap(), content(1));
    std::fs::remove_file(&to).unwrap();

    interrupt();
    server.put("a", "short");
    assert_eq!(fetched(download(&impatient, &url, &to)).bytes, 5);
    std::fs::remove_file(&to).unwrap();

    // A part without a note, or of another address, is not believed.
    std::fs::write(folder.path().join("a.part"), "rubbish").unwrap();
    assert_eq!(fetched(download(&impatient, &url, &to)).resumed_from, 0);
    assert_eq!(std::fs::read(&to).unwrap(), b"short");
}

#[test]
fn a_digest_decides_what_is_kept() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let (client, url, to) = (client(&[]), server.url("a"), folder.path().join("a"));
    server.put("a", content(0));
    let digest = fetched(download(&client, &url, &to)).sha256;
    std::fs::remove_file(&to).unwrap();
    let pinned =
        || client.download(&Download { sha256: Some(&digest), size: Some(400_000), ..plain(&url, &to) });

    // The content changes between two pieces: it is fetched again as a whole.
    server.fail("a", &[Fault::Cut(100_000)]);
    assert_eq!(fetched(pinned()).sha256, digest);
    server.put("a", content(1));
    std::fs::remove_file(&to).unwrap();
    let error = pinned().unwrap_err().to_string();
    assert!(error.contains(&format!("expected sha256:{digest}, got sha256:")), "{error}");
    assert!(!to.exists());

    // What a crash left whole, but not renamed, is not fetched again.
    let part = folder.path().join("a.part");
    server.put("a", content(0));
    let error = client.download(&Download { sha256: Some(&digest), size: Some(9), ..plain(&url, &to) });
    assert!(error.unwrap_err().to_string().contains("expected 9 bytes, got 400000 bytes"));
    fetched(pinned());
    std::fs::rename(&to, &part).unwrap();
    server.seen();
    assert_eq!(std::fs::read(&part).unwrap().len(), 400_000);
}

#[test]
fn a_server_that_hardly_sends_anything_is_given_up() {
    let trickle = [Fault::Trickle(100_000); 4];
    let check = |settings: Settings, page: &str, file: &str, attempts: usize| {
        let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
        server.put("a", content(0));
        server.fail("a", &trickle);
        let client = Client::new(&MemorySystem::new(), settings).unwrap();
        let (url, to) = (server.url("a"), folder.path().join("a"));
        let error = client.fetch(&Request::new(&url), 1 << 20).unwrap_err().to_string();
        assert!(error.contains(page), "{error}");
        assert_eq!(server.seen().len(), attempts);
        server.fail("a", &trickle);
        match (download(&client, &url, &to), file) {
            (Ok(_), "") => assert_eq!(std::fs::read(&to).unwrap(), content(0)),
            (Err(error), file) if !file.is_empty() => assert!(error.to_string().contains(file), "{error}"),
            (other, _) => panic!("{other:?}"),
        }
    };
    // Each attempt brings the file further, so that in the end it is whole.
    check(Settings { slowest: 1 << 30, ..settings() }, "is too slow: ", "", 3);
    // Any rate will do, but not for ever.
    let patient = Settings { slowest: 0, longest: Duration::from_secs(1), ..settings() };
    check(patient, "not done within 1 s", "not done within 1 s", 1);
}

#[test]
fn content_in_time_is_not_too_slow() {
    let server = Server::start();
    server.put("a", "x".repeat(20));
    server.fail("a", &[Fault::Trickle(0)]);
    let page = client(&[]).fetch(&Request::new(&server.url("a")), 100).unwrap();
    assert!(matches!(page, Page::Content { bytes, .. } if bytes.len() == 20));
}

#[test]
fn limits_and_unchanged_content() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let (client, url, to) = (client(&[]), server.url("a"), folder.path().join("a"));
    server.put("a", content(0));
    for fault in [None, Some(Fault::NoLength)] {
        server.fail("a", fault.as_slice());
        let error = client.download(&Download { limit: 399_999, ..plain(&url, &to) }).unwrap_err();
        assert!(error.to_string().contains("limit of 399999"), "{error}");
    }
    let known = fetched(download(&client, &url, &to)).validators;
    let request = Request { known: Some(&known), ..Request::new(&url) };
    assert_eq!(client.download(&Download { request, ..plain(&url, &to) }).unwrap(), Downloaded::Unchanged);
    assert_eq!(std::fs::read(&to).unwrap(), content(0));

    let nowhere = folder.path().join("none/a");
    let error = download(&client, &url, &nowhere).unwrap_err().to_string();
    assert!(error.contains("the folder does not exist"), "{error}");
}
