mod bun;
mod hostile;
mod manifest;
mod npm;
mod pnpm;
mod yarn;
