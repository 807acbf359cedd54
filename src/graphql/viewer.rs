//! The type `Viewer`: who is calling.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result, SimpleObject};

use super::department::Department;
use super::platform::Platform;
use super::user::User;
use super::{cx, loader};
use crate::auth::Standing;
use crate::domain::directory;

pub(super) struct Viewer;

/// The caller, as the service knows them.
#[Object]
impl Viewer {
    /// The person; null for a platform key that is bound to nobody.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let cx = cx(ctx)?;
        let Some(user) = &cx.viewer.user else {
            return Ok(None);
        };
        let found = directory::users(cx, &[user.id]).await?;
        Ok(found.into_iter().next().map(|user| User(Arc::new(user))))
    }

    /// Whether the person may do everything on every platform. A platform key reaches only its own
    /// platform, whoever it is bound to.
    async fn is_dm_admin(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(cx(ctx)?.viewer.is_dm_admin())
    }

    /// The platforms on which the caller holds a role, in order of their keys.
    async fn platforms(&self, ctx: &Context<'_>) -> Result<Vec<ViewerPlatform>> {
        let cx = cx(ctx)?;
        let loaders = ctx.data::<loader::Loaders>()?;
        let ids = cx
            .viewer
            .standings
            .iter()
            .flat_map(|standing| &standing.departments)
            .map(|id| loader::DepartmentId(*id));
        let departments = if ctx.look_ahead().field("departments").exists() {
            loaders.load_many(ids).await?
        } else {
            Default::default()
        };
        Ok(cx
            .viewer
            .standings
            .iter()
            .map(|standing| ViewerPlatform {
                platform: Platform(Arc::new(standing.platform.clone())),
                role: PlatformRole::of(standing),
                departments: standing
                    .departments
                    .iter()
                    .filter_map(|id| departments.get(&loader::DepartmentId(*id)))
                    .map(|department| Department(Arc::clone(department)))
                    .collect(),
            })
            .collect())
    }
}

/// A platform on which the caller holds a role.
#[derive(SimpleObject)]
pub(super) struct ViewerPlatform {
    /// The platform.
    platform: Platform,
    /// The highest role that the caller holds there.
    role: PlatformRole,
    /// The departments the caller administers there, those below them included, in order of their
    /// ids.
    departments: Vec<Department>,
}

/// What somebody is on a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum PlatformRole {
    /// Manages everything of the platform. A platform key that is bound to nobody is one.
    PlatformAdmin,
    /// Manages the suggestions for users and groups of departments, with `departmentMode: true`.
    DepartmentAdmin,
    /// Is suggested to.
    Learner,
}

impl PlatformRole {
    fn of(standing: &Standing) -> Self {
        if standing.admin {
            Self::PlatformAdmin
        } else if standing.departments.is_empty() {
            Self::Learner
        } else {
            Self::DepartmentAdmin
        }
    }
}
