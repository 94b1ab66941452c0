//! Commands as plain processes in a group of their own, with the seal's manners but without its walls.

use std::io::Read;
use std::net::TcpListener;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use andon_config::SealLevel;

use crate::Failure;
use crate::step::environment::GATEWAY_PORT;
use crate::step::launch::{Finish, Finished, Launch, Order, Reach, Running, Stop};

#[derive(Default)]
pub(super) struct Plain {
    /// What was asked for last.
    pub(super) order: Mutex<Option<Order>>,
}

struct Process {
    child: Child,
    listener: Option<TcpListener>,
    ended: Arc<AtomicBool>,
    _private: tempfile::TempDir,
}

impl Launch for Plain {
    fn launch(&self, order: &Order) -> Result<Box<dyn Running>, Failure> {
        *self.order.lock().unwrap() = Some(order.clone());
        let private = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = private.path().join(name);
            std::fs::create_dir(&path).unwrap();
            path
        };
        let listener =
            matches!(order.reach, Reach::Gateway(_)).then(|| TcpListener::bind("127.0.0.1:0").unwrap());
        let port = listener.as_ref().map_or(0, |listener| listener.local_addr().unwrap().port());
        let mut command = Command::new(&order.program);
        command.args(&order.arguments).current_dir(&order.workspace).env_clear().process_group(0);
        for (name, value) in &order.environment {
            command.env(name, value.replace(&GATEWAY_PORT.to_string(), &port.to_string()));
        }
        command.env("HOME", folder("home")).env("TMPDIR", folder("tmp"));
        if !order.secrets.is_empty() {
            let secrets = folder("secrets");
            for secret in &order.secrets {
                std::fs::write(secrets.join(&secret.name), &secret.value).unwrap();
            }
            command.env("ANDON_SECRETS", secrets);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| Failure(format!("{}: {error}", order.program)))?;
        Ok(Box::new(Process { child, listener, ended: Arc::default(), _private: private }))
    }
}

impl Running for Process {
    fn level(&self) -> SealLevel {
        SealLevel::None
    }

    fn remarks(&self) -> &[String] {
        &[]
    }

    fn streams(&mut self) -> Option<(Box<dyn Read + Send>, Box<dyn Read + Send>)> {
        Some((Box::new(self.child.stdout.take()?), Box::new(self.child.stderr.take()?)))
    }

    fn listener(&mut self) -> Option<TcpListener> {
        self.listener.take()
    }

    fn stopper(&self) -> Box<dyn Stop> {
        Box::new(Group { id: self.child.id(), ended: Arc::clone(&self.ended) })
    }

    fn wait(&mut self) -> Finished {
        let status = self.child.wait().unwrap();
        self.ended.store(true, Ordering::SeqCst);
        signal("KILL", self.child.id());
        let ending = match (status.code(), status.signal()) {
            (Some(code), _) => Finish::Exited(code),
            (None, signal) => Finish::Killed(signal.unwrap_or(0)),
        };
        Finished { ending, cpu: Duration::ZERO, peak_memory: 0 }
    }
}

struct Group {
    id: u32,
    ended: Arc<AtomicBool>,
}

impl Stop for Group {
    fn terminate(&self, grace: Duration) {
        signal("TERM", self.id);
        let (id, ended) = (self.id, Arc::clone(&self.ended));
        std::thread::spawn(move || {
            std::thread::sleep(grace);
            if !ended.load(Ordering::SeqCst) {
                signal("KILL", id);
            }
        });
    }

    fn kill(&self) {
        signal("KILL", self.id);
    }
}

/// To a whole group; whether there was one.
pub(super) fn signal(name: &str, group: u32) -> bool {
    let kill = Command::new("/bin/kill")
        .args(["-s", name, "--", &format!("-{group}")])
        .stderr(Stdio::null())
        .status();
    kill.is_ok_and(|status| status.success())
}
