//! The dashboard is embedded from `web/build`. Without it the gateway builds all the same and says how to build it.

fn main() {
    let build = std::path::Path::new("../../web/build");
    // An empty folder: a debug build reads it at run time, so a dashboard that is built later is found without a rebuild.
    if let Err(error) = std::fs::create_dir_all(build) {
        println!("cargo:warning=web/build can't be made: {error}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", build.display());
}
