//! Role guards: the first look at the caller, before a resolver runs. They only turn away; what a
//! caller may see and do on a platform is decided by the domain, and the data layer starts from that.

use async_graphql::{Context, Guard, Result};

use super::cx;
use crate::auth::policy;

/// Somebody, whoever it is.
pub(super) struct Authenticated;

impl Guard for Authenticated {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        Ok(policy::authenticated(&cx(ctx)?.viewer)?)
    }
}

/// Somebody who administers something, somewhere.
pub(super) struct Administrator;

impl Guard for Administrator {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        Ok(policy::administrator(&cx(ctx)?.viewer)?)
    }
}
