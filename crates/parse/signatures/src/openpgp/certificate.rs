//! A key with all that it says about itself: user ids, subkeys, ends and revocations (RFC 9580, section 10.1). What others
//! say about it is not read.

use super::key::KeyPacket;
use super::signature::Signature;

/// User ids, subkeys and statements of one key that are read.
const MOST: usize = 1000;

/// A primary key and what belongs to it. Every signature in it was checked against the primary key.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) primary: KeyPacket,
    /// Statements of the key about itself.
    pub(super) direct: Vec<Signature>,
    pub(super) revocations: Vec<Signature>,
    pub(super) users: Vec<Part<Vec<u8>>>,
    pub(super) subkeys: Vec<Part<KeyPacket>>,
    /// What the next signature belongs to.
    last: Last,
}

/// A user id or subkey with the primary key's statements about it.
#[derive(Debug, Clone)]
pub(super) struct Part<T> {
    pub(super) what: T,
    pub(super) bindings: Vec<Signature>,
    pub(super) revocations: Vec<Signature>,
}

impl<T> Part<T> {
    fn new(what: T) -> Self {
        Self { what, bindings: Vec::new(), revocations: Vec::new() }
    }
}

#[derive(Debug, Clone, Copy)]
enum Last {
    Primary,
    User,
    Subkey,
    Other,
}

impl Certificate {
    pub(super) fn new(primary: KeyPacket) -> Self {
        Self {
            primary,
            direct: Vec::new(),
            revocations: Vec::new(),
            users: Vec::new(),
            subkeys: Vec::new(),
            last: Last::Primary,
        }
    }

    pub(super) fn user(&mut self, id: &[u8]) {
        self.last = if self.users.len() < MOST { Last::User } else { Last::Other };
        if matches!(self.last, Last::User) {
            self.users.push(Part::new(id.to_vec()));
        }
    }

    pub(super) fn subkey(&mut self, key: KeyPacket) {
        self.last = if self.subkeys.len() < MOST { Last::Subkey } else { Last::Other };
        if matches!(self.last, Last::Subkey) {
            self.subkeys.push(Part::new(key));
        }
    }

    /// What follows belongs to something that is not read, such as a picture.
    pub(super) fn other(&mut self) {
        self.last = Last::Other;
    }

    /// Takes a signature to what it belongs to, if it is the primary key's own.
    pub(super) fn signature(&mut self, signature: Signature) {
        if !signature.may_be_by(&self.primary) {
            return;
        }
        let primary = &self.primary;
        let list = match (self.last, signature.kind) {
            (_, 0x1f | 0x20) => {
                if !signature.holds_for_key(primary, &[&primary.hashed]) {
                    return;
                }
                if signature.kind == 0x1f { &mut self.direct } else { &mut self.revocations }
            }
            (Last::User, 0x10..=0x13 | 0x30) => {
                let Some(user) = self.users.last_mut() else { return };
                let length = u32::try_from(user.what.len()).unwrap_or(u32::MAX).to_be_bytes();
                let head = [[0xb4].as_slice(), &length].concat();
                if !signature.holds_for_key(primary, &[&primary.hashed, &head, &user.what]) {
                    return;
                }
                if signature.kind == 0x30 { &mut user.revocations } else { &mut user.bindings }
            }
            (Last::Subkey, 0x18 | 0x28) => {
                let Some(subkey) = self.subkeys.last_mut() else { return };
                if !signature.holds_for_key(primary, &[&primary.hashed, &subkey.what.hashed]) {
                    return;
                }
                if signature.kind == 0x28 { &mut subkey.revocations } else { &mut subkey.bindings }
            }
            _ => return,
        };
        if list.len() < MOST {
            list.push(signature);
        }
    }

    /// Takes over what another copy of the same key says: an older copy does not know of a revocation.
    pub(super) fn merge(&mut self, other: Self) {
        self.direct.extend(other.direct);
        self.revocations.extend(other.revocations);
        for user in other.users {
            take(&mut self.users, user, |own, other| own == other);
        }
        for subkey in other.subkeys {
            take(&mut self.subkeys, subkey, |own, other| own.fingerprint == other.fingerprint);
        }
    }
}

fn take<T>(parts: &mut Vec<Part<T>>, part: Part<T>, same: impl Fn(&T, &T) -> bool) {
    if let Some(own) = parts.iter_mut().find(|own| same(&own.what, &part.what)) {
        own.bindings.extend(part.bindings);
        own.revocations.extend(part.revocations);
    } else if parts.len() < MOST {
        parts.push(part);
    }
}
