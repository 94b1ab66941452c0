mod osv;
mod properties;
mod standard;
