//! Who is calling, and what may they do? Pure: nothing here touches the database.

pub mod policy;
pub mod viewer;

pub use policy::{Act, Permit, Sight};
pub use viewer::{KeyIdentity, PlatformFacts, Standing, UserIdentity, Viewer};
