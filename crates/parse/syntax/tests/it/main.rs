//! What source and patterns become.

mod java;
