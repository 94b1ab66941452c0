//! What each language is lowered to.

mod python;
