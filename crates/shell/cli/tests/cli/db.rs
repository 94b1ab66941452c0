//! The advisories of a machine: fetched, kept and looked at.

mod update;
