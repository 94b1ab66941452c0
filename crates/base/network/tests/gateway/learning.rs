use andon_network::gateway::{AllowList, Protocol, Traffic};

use crate::support::gateway::{Setup, echo, hello, start};

#[test]
fn what_was_reached_becomes_the_list() {
    // The list only opens the private addresses that this machine has; the hosts are learnt.
    let setup = Setup { allow: &["127.0.0.1:PORT"], learn: true, ..Setup::default() };
    let fixture = start(&setup, echo());
    let port = fixture.origin;
    assert_eq!(fixture.tunnel("local.example:PORT", &[&hello("local.example")]).0, "200");
    assert_eq!(fixture.tunnel("local.example:PORT", &[&hello("local.example")]).0, "200");
    let (status, rest) = fixture.tunnel("here:PORT", &[b"hi"]);
    assert_eq!((status.as_str(), rest.as_slice()), ("200", &b"hi!"[..]), "not TLS");
    assert_eq!(fixture.tunnel("a.local.example:PORT", &[&hello("local.example")]).0, "200", "another name");
    assert_eq!(fixture.tunnel("inside.example:PORT", &[]).0, "403", "private");
    assert_eq!(fixture.tunnel("unknown.example:PORT", &[]).0, "502");
    let get = format!("GET http://local.example:{port}/ HTTP/1.0\r\n\r\n");
    fixture.exchange(&[get.as_bytes()]);
    let traffic = Traffic { connections: fixture.records(), dropped: 0 };
    let expected =
        ["http://local.example:PORT", "local.example:PORT", "tcp://a.local.example:PORT", "tcp://here:PORT"];
    let entries: Vec<String> =
        traffic.allow_list().entries().iter().map(|entry| entry.replace(&port.to_string(), "PORT")).collect();
    assert_eq!(entries, expected);
    let list = AllowList::parse(&traffic.allow_list().entries()).unwrap();
    assert_eq!(list, traffic.allow_list(), "what is written is what is read");
    assert_eq!(traffic.connections[2].protocol, Some(Protocol::Tcp));
    assert_eq!(traffic.connections[3].server_name.as_deref(), Some("local.example"));
}

#[test]
fn records_survive_being_written_down() {
    let fixture = start(&Setup { learn: true, ..Setup::default() }, echo());
    fixture.tunnel("inside.example:PORT", &[]);
    let traffic = Traffic { connections: fixture.records(), dropped: 3 };
    let text = serde_json::to_string(&traffic).unwrap();
    assert!(
        text.contains("\"outcome\":{\"kind\":\"refused\",\"reason\":\"inside.example leads to"),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Traffic>(&text).unwrap(), traffic);
}
