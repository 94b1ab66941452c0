//! Whether a key may sign at a time.

use super::certificate::{Certificate, Part};
use super::key::KeyPacket;
use super::signature::Signature;

/// The flag of a key that may sign data.
const MAY_SIGN: u8 = 0x02;
/// Reasons for a revocation after which older signatures stay good: superseded, no longer used, a user id gone.
const HARMLESS: [u8; 3] = [1, 3, 32];
/// A signature by a subkey that agrees to its binding.
const BACK: u8 = 0x19;

/// Whether a key may sign.
pub(super) enum Validity {
    Valid,
    /// It ended, or begins later.
    Expired(String),
    Revoked(String),
    /// It was never made for signing, or nothing binds it.
    Unusable(String),
}

impl Certificate {
    /// Whether the primary key is valid; `signs`: and may sign data itself.
    pub(super) fn primary_validity(&self, now: i64, signs: bool) -> Validity {
        if self.revocations.iter().any(|revocation| applies(revocation, now)) {
            return Validity::Revoked("the key was revoked by its owner".to_owned());
        }
        if self.primary.created > now {
            return Validity::Expired("the key was made later".to_owned());
        }
        let Some(statement) = self.statement(now) else {
            return Validity::Unusable("the key has no valid user id or statement of its own".to_owned());
        };
        if ended(&self.primary, statement, now) {
            return Validity::Expired("the key has expired".to_owned());
        }
        if signs && statement.sub.flags.is_some_and(|flags| flags & MAY_SIGN == 0) {
            return Validity::Unusable("the key is not made for signing".to_owned());
        }
        Validity::Valid
    }

    /// Whether a subkey may sign.
    pub(super) fn subkey_validity(&self, subkey: &Part<KeyPacket>, now: i64) -> Validity {
        let primary = self.primary_validity(now, false);
        if !matches!(primary, Validity::Valid) {
            return primary;
        }
        if subkey.revocations.iter().any(|revocation| applies(revocation, now)) {
            return Validity::Revoked("the subkey was revoked by its owner".to_owned());
        }
        let Some(binding) = newest(subkey.bindings.iter(), now) else {
            return Validity::Unusable("nothing binds the subkey to its key".to_owned());
        };
        if ended(&subkey.what, binding, now) {
            return Validity::Expired("the subkey has expired".to_owned());
        }
        if binding.sub.flags.is_none_or(|flags| flags & MAY_SIGN == 0) {
            return Validity::Unusable("the subkey is not made for signing".to_owned());
        }
        let back = binding.sub.embedded.as_ref().is_some_and(|back| {
            back.kind == BACK
                && back.sub.expires_at().is_none_or(|end| end > now)
                && back.holds_for_key(&subkey.what, &[&self.primary.hashed, &subkey.what.hashed])
        });
        if back {
            Validity::Valid
        } else {
            Validity::Unusable("the subkey did not agree to its binding (no back-signature)".to_owned())
        }
    }

    /// The user ids that are valid, the primary one first.
    pub(super) fn identities(&self, now: i64) -> Vec<String> {
        let mut users: Vec<(&Part<Vec<u8>>, &Signature)> =
            self.users.iter().filter_map(|user| Some((user, binding(user, now)?))).collect();
        users.sort_by_key(|(_, binding)| std::cmp::Reverse((binding.sub.is_primary, binding.sub.created)));
        users.iter().map(|(user, _)| String::from_utf8_lossy(&user.what).into_owned()).collect()
    }

    /// The newest of what the key says about itself, directly or with a user id.
    fn statement(&self, now: i64) -> Option<&Signature> {
        let of_users = self.users.iter().filter_map(|user| binding(user, now));
        newest(self.direct.iter().chain(of_users), now)
    }
}

/// The statement that makes a user id valid, if no later one takes it back.
fn binding(user: &Part<Vec<u8>>, now: i64) -> Option<&Signature> {
    let binding = newest(user.bindings.iter(), now)?;
    let revoked =
        user.revocations.iter().any(|each| applies(each, now) && each.sub.created >= binding.sub.created);
    (!revoked).then_some(binding)
}

fn newest<'s>(signatures: impl Iterator<Item = &'s Signature>, now: i64) -> Option<&'s Signature> {
    signatures
        .filter(|each| each.sub.created <= now && each.sub.expires_at().is_none_or(|end| end > now))
        .max_by_key(|each| each.sub.created)
}

fn ended(key: &KeyPacket, statement: &Signature, now: i64) -> bool {
    let seconds = statement.sub.key_expires.filter(|seconds| *seconds > 0);
    seconds.is_some_and(|seconds| key.created.saturating_add(seconds.into()) <= now)
}

/// A revocation because of a lost key is for all times; a harmless one from when it was made.
fn applies(revocation: &Signature, now: i64) -> bool {
    let harmless = revocation.sub.reason.is_some_and(|reason| HARMLESS.contains(&reason));
    !harmless || revocation.sub.created <= now
}
