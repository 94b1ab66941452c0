//! Credentials that vendors publish in their documentation or build into their emulators.

use sha2::{Digest as _, Sha256};

/// The first sixteen bytes of the SHA-256 of each, so that none stands here in clear.
const PUBLISHED: [(&str, &str); 30] = [
    ("1a5d44a2dca19669d72edf4c4f1c27c4", "AWS documentation, access key id"),
    ("c6ea27c534f993d31f0aef882e3d200e", "AWS documentation, access key id"),
    ("cb20d34a7adda2f5d2043836051e242f", "AWS documentation, temporary access key id"),
    ("78314b11be2e581549ac1c4f616563fa", "AWS documentation, secret access key"),
    ("647f7143af14706273d54740603644de", "AWS documentation, secret access key"),
    ("e21b597ba6b9cafa59d9ebc4d65c0385", "AWS documentation, secret access key"),
    ("2cafc0970149a84f3b9e62eaf169f36f", "Stripe documentation, secret test key"),
    ("f2d6ca16515033e5dce14eba840b979d", "Stripe documentation, secret test key"),
    ("7e8de44ea9ecf6d53415c90f5b249a85", "Stripe documentation, secret test key"),
    ("b1471f544ceeea31333bde7e1ecbaad6", "Stripe documentation, publishable test key"),
    ("5895b89c8fb33402a5bfc23aad5aaf86", "Stripe documentation, publishable test key"),
    ("3543c50b0cb9cea8e55eb1f529b79f04", "GitHub documentation, token"),
    ("bc3ae723f57c6b9e3fd80b699fcc420f", "GitHub documentation, OAuth token"),
    ("82e74299544e00738f9c0acb69b1eb34", "GitHub documentation, user token"),
    ("44f05a069ba895c401634036b0a72b94", "GitHub documentation, installation token"),
    ("6d7fa4e64d4b1f3ea31962e258b684de", "GitHub documentation, refresh token"),
    ("0011cc25eb4320717494d2703e8cba85", "Azure storage emulator, account key"),
    ("aa6547439583c3a275d4542a0df6c1ad", "Azure Cosmos DB emulator, account key"),
    ("03b970ed8171d73b58bbc9a5c72e3e4e", "reCAPTCHA test site key"),
    ("f5e95c9954635b65acab57e6d5ea663e", "reCAPTCHA test secret key"),
    ("986c0dc956dc822b5d8f698661b9eb1e", "UUID of encyclopaedias and manuals"),
    ("a3a9e1ed9732cab28868127be00f1ce9", "UUID of encyclopaedias and manuals"),
    ("477bba133c182267fe5f086924abdc5d", "test card number"),
    ("9bbef19476623ca56c17da75fd57734d", "test card number"),
    ("2f725bbd1f405a1ed0336abaf85ddfeb", "test card number"),
    ("3a134ef77d4e2e4cdad2d2945ff1f76c", "test card number"),
    ("19ff47cc8024c133d5845d3f8938caca", "test card number"),
    ("68594afe9c9cda525f6aca7a7316ca06", "test card number"),
    ("304945e91de3deff52a61d08733141d7", "test card number"),
    ("53a8fc816e63b7a5ccd17aaff93f28bc", "test card number"),
];

/// The claims of the sample tokens of jwt.io, base64 as they stand in a token.
const SAMPLE_CLAIMS: [&str; 2] = [
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l",
    "eyJsb2dnZWRJbkFzIjoiYWRtaW4iLCJpYXQiOjE0MjI3Nzk2Mz",
];

/// Where the moduli of published private keys begin, base64 as in a PEM block: of jwt.io (in both forms of RSA keys) and
/// of Vagrant's boxes.
const SAMPLE_KEYS: [&str; 3] =
    ["AoIBAQC7VJTUt9Us8cKj", "AKCAQEAu1SU1LfVLPHCo", "AKCAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr"];

/// Whether a secret is one that its vendor publishes.
pub(crate) fn is_published(secret: &[u8]) -> bool {
    let digest = Sha256::digest(secret);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let holds = |part: &&str| memchr::memmem::find(secret, part.as_bytes()).is_some();
    PUBLISHED.iter().any(|(known, _)| *known == name)
        || (secret.starts_with(b"eyJ") && SAMPLE_CLAIMS.iter().any(holds))
        || (secret.starts_with(b"-----BEGIN ") && SAMPLE_KEYS.iter().any(holds))
}
