mod order;
mod properties;
mod requirement;
mod schemes;
