mod locks;
mod manifests;
mod requirements;
