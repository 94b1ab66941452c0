mod repositories;
mod staging;
mod trees;
