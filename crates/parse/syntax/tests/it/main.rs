//! What source code and patterns become.

mod script;
