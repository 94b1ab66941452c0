use std::io;
use std::net::{IpAddr, ToSocketAddrs};

/// Turns names into addresses. It may block.
pub trait Resolve: Send + Sync {
    /// The addresses of a name, best first.
    ///
    /// # Errors
    /// When there are none, or nobody can be asked.
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// What the operating system says.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        // With a dot at its end a name is whole, and no search domain turns it into another one.
        let whole = if name.contains('.') { format!("{name}.") } else { name.to_owned() };
        Ok((whole.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect())
    }
}
