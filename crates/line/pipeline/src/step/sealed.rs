use std::ffi::OsString;
use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use andon_config::SealLevel;
use andon_sandbox::seal::{self, Ending, Level, Limits, Network, Output, Seal, SecretFile};

use super::launch::{Finish, Finished, Launch, Order, Reach, Running, Stop};
use crate::Failure;

/// Starts commands sealed, at the tightest level that this machine has.
///
/// The program that uses it has to call [`andon_sandbox::seal::main_if_asked`] first thing in its `main`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SealedLaunch {
    /// Bounds on what each command uses up.
    pub limits: Limits,
}

impl Launch for SealedLaunch {
    fn launch(&self, order: &Order) -> Result<Box<dyn Running>, Failure> {
        let mut wanted = Seal::new(&order.workspace);
        wanted.least = match order.least {
            SealLevel::None => Level::None,
            SealLevel::Restricted => Level::Restricted,
            SealLevel::Full => Level::Full,
        };
        wanted.outputs =
            order.outputs.iter().map(|(path, folder)| Output { path: path.clone(), file: !folder }).collect();
        // What is not there cannot be shown; the plan says that it need not be.
        wanted.read = order.reads.iter().filter(|path| path.exists()).cloned().collect();
        let text = |text: &String| OsString::from(text);
        wanted.environment =
            order.environment.iter().map(|(name, value)| (text(name), text(value))).collect();
        wanted.network = match order.reach {
            Reach::Nothing => Network::None,
            Reach::Gateway(port) => Network::Listener { port },
            Reach::Everything => Network::Host,
        };
        let secret =
            |secret: &super::Secret| SecretFile { name: secret.name.clone(), bytes: secret.value.clone() };
        wanted.secrets = order.secrets.iter().map(secret).collect();
        // Who asks for no seal gets none: the step may build seals of its own.
        if wanted.least == Level::None {
            wanted.wanted = Level::None;
        }
        wanted.limits = self.limits;
        let arguments: Vec<OsString> = order.arguments.iter().map(text).collect();
        let sealed = seal::spawn(&wanted, order.program.as_ref(), &arguments);
        sealed
            .map(|sealed| Box::new(Process(sealed)) as Box<dyn Running>)
            .map_err(|error| Failure(error.to_string()))
    }
}

struct Process(seal::Sealed);

impl Running for Process {
    fn level(&self) -> SealLevel {
        match self.0.level {
            Level::None => SealLevel::None,
            Level::Restricted => SealLevel::Restricted,
            Level::Full => SealLevel::Full,
        }
    }

    fn remarks(&self) -> &[String] {
        &self.0.remarks
    }

    fn streams(&mut self) -> Option<(Box<dyn Read + Send>, Box<dyn Read + Send>)> {
        Some((Box::new(self.0.stdout.take()?), Box::new(self.0.stderr.take()?)))
    }

    fn listener(&mut self) -> Option<TcpListener> {
        self.0.listener.take()
    }

    fn stopper(&self) -> Box<dyn Stop> {
        Box::new(Stopper(self.0.stopper()))
    }

    fn wait(&mut self) -> Finished {
        let report = self.0.wait();
        let ending = match report.ending {
            Ending::Exited(code) => Finish::Exited(code),
            Ending::Killed(signal) => Finish::Killed(signal),
            limit @ (Ending::OutOfMemory | Ending::TooManyProcesses(_)) => {
                Finish::OverLimit(limit.to_string())
            }
            other => Finish::Failed(other.to_string()),
        };
        Finished { ending, cpu: report.cpu, peak_memory: report.peak_memory }
    }
}

struct Stopper(seal::Stopper);

impl Stop for Stopper {
    fn terminate(&self, grace: Duration) {
        self.0.terminate(grace);
    }

    fn kill(&self) {
        self.0.kill();
    }
}
