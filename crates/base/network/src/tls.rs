use std::path::Path;

use andon_system::System;
use reqwest::Certificate;

use crate::{NetworkError, Problem};

/// The certificates of the file that `SSL_CERT_FILE` names, which are trusted besides those of the system.
pub(crate) fn extra_roots(system: &dyn System) -> Result<Vec<Certificate>, NetworkError> {
    const LIMIT: u64 = 4 << 20;
    let Some(path) = system.environment("SSL_CERT_FILE") else { return Ok(Vec::new()) };
    let path = Path::new(&path);
    let failed = |problem: String| NetworkError {
        url: path.display().to_string(),
        problem: Problem::Settings(format!("{problem}; SSL_CERT_FILE must name a file of PEM certificates")),
    };
    let pem = system.read_named(path, LIMIT).map_err(|error| failed(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&pem.bytes).map_err(|error| failed(error.to_string()))?;
    if found.is_empty() { Err(failed("no certificate in it".to_owned())) } else { Ok(found) }
}

/// Names the cryptography that the whole process uses; the first to do so wins, which is fine.
pub(crate) fn install_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What TLS complained about, when that is why a request failed.
pub(crate) fn complaint(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut current = error;
    loop {
        if let Some(complaint) = current.downcast_ref::<rustls::Error>() {
            return Some(complaint.to_string());
        }
        // What an I/O error contains is not what it calls its source.
        let wrapped = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        current = match wrapped {
            Some(inner) => inner,
            None => current.source()?,
        };
    }
}
