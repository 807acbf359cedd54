//! Who is calling, and what may they do? Pure: nothing here touches the database.

pub mod api_key;
pub mod credentials;
pub mod jwks;
pub mod jwt;
pub mod policy;
pub mod random;
pub mod viewer;
pub mod webhook_secret;

pub use credentials::Credential;
pub use jwt::{Subject, Verifier};
pub use policy::{Action, List, Manage, Permit, PersonPermit, Reach, Sight, Watch, Webhooks};
pub use viewer::{KeyIdentity, PlatformFacts, Standing, UserIdentity, Viewer};
