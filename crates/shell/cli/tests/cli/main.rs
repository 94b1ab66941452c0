//! The program as its users see it: arguments, files and exit codes.

#[cfg(test)]
mod bad_input;
mod baselines;
mod code;
mod commands;
#[cfg(test)]
mod db;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod evidence;
mod gate;
#[cfg(test)]
mod image;
mod judging;
mod outputs;
mod rules;
#[cfg(test)]
mod run;
#[cfg(test)]
mod signing;
mod targets;
mod usage;
#[cfg(test)]
mod world;
