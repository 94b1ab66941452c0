mod status;
mod update;

pub(crate) use status::run as status;
pub(crate) use update::run as update;
