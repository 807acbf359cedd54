//! What a caller may do. Deny is the default: there is one match, and nothing but its arms makes a
//! [`Permit`] or a [`Sight`].

use std::fmt;
use std::marker::PhantomData;

use super::viewer::{PlatformFacts, Viewer};
use crate::error::{Error, Result};

/// Something a caller may ask to do on one platform. The markers are [`List`], [`Manage`] and [`Webhooks`].
pub trait Action: Copy + fmt::Debug + Send + Sync + 'static {
    const KIND: ActionKind;
}

/// The actions as values, for the match in [`permit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    List,
    Manage,
    Webhooks,
}

#[derive(Debug, Clone, Copy)]
pub struct List;

/// Create, update and delete.
#[derive(Debug, Clone, Copy)]
pub struct Manage;

/// See and change the endpoints of webhooks, which are told everything.
#[derive(Debug, Clone, Copy)]
pub struct Webhooks;

impl Action for List {
    const KIND: ActionKind = ActionKind::List;
}

impl Action for Manage {
    const KIND: ActionKind = ActionKind::Manage;
}

impl Action for Webhooks {
    const KIND: ActionKind = ActionKind::Webhooks;
}

/// The proof that a caller may do `A` on one platform, and to which part of it.
///
/// Reading and writing tenant data takes one; only [`permit`] makes one. A permit for one action is no
/// permit for another:
///
/// ```compile_fail
/// fn write(permit: &waymark::auth::Permit<waymark::auth::Manage>) {}
/// fn read(permit: &waymark::auth::Permit<waymark::auth::List>) {
///     write(permit);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Permit<A> {
    platform: PlatformFacts,
    departments: Option<Vec<i64>>,
    actor: Option<i64>,
    action: PhantomData<A>,
}

impl<A: Action> Permit<A> {
    /// The platform it holds for, and no other.
    pub fn platform(&self) -> &PlatformFacts {
        &self.platform
    }

    /// `None`: the whole platform. Otherwise the departments whose groups and users it covers.
    pub fn departments(&self) -> Option<&[i64]> {
        self.departments.as_deref()
    }

    /// The person who acts; none for a key that is bound to nobody.
    pub fn actor(&self) -> Option<i64> {
        self.actor
    }
}

/// The proof that a caller may see what is suggested to one person on one platform.
#[derive(Debug, Clone)]
pub struct PersonPermit {
    platform: PlatformFacts,
    user_id: i64,
}

impl PersonPermit {
    pub fn platform(&self) -> &PlatformFacts {
        &self.platform
    }

    pub fn user_id(&self) -> i64 {
        self.user_id
    }
}

impl Permit<Manage> {
    /// Who may change suggestions may list the same ones: the two actions share their arms in [`permit`].
    pub fn to_list(&self) -> Permit<List> {
        Permit {
            platform: self.platform.clone(),
            departments: self.departments.clone(),
            actor: self.actor,
            action: PhantomData,
        }
    }
}

/// The proof that somebody may follow what happens on a platform. What of it they see is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Watch {
    platform_id: i64,
}

impl Watch {
    pub fn platform_id(self) -> i64 {
        self.platform_id
    }
}

impl PersonPermit {
    /// To learn of what concerns the person.
    pub fn watch(&self) -> Watch {
        Watch {
            platform_id: self.platform.id,
        }
    }
}

impl Permit<List> {
    /// To follow what happens on the platform.
    pub fn watch(&self) -> Watch {
        Watch {
            platform_id: self.platform.id,
        }
    }

    /// For a user whom this permit covers: one that was looked up with it.
    pub fn person(&self, user_id: i64) -> PersonPermit {
        PersonPermit {
            platform: self.platform.clone(),
            user_id,
        }
    }
}

/// May this caller see and answer what is suggested to themselves on this platform? Only its active members,
/// with a token or a key that is bound to them.
pub fn oneself(viewer: &Viewer, platform: &PlatformFacts) -> Option<PersonPermit> {
    let user = viewer.user.as_ref()?;
    let member = viewer
        .standings
        .iter()
        .any(|standing| standing.platform.id == platform.id && standing.member);
    let within_key = viewer
        .key
        .as_ref()
        .is_none_or(|key| key.platform_id == platform.id);
    (member && within_key).then(|| PersonPermit {
        platform: platform.clone(),
        user_id: user.id,
    })
}

/// How much of a platform a caller commands.
enum Tier<'v> {
    Platform,
    Departments(&'v [i64]),
    Nothing,
}

/// The one decision about a caller and a platform.
fn tier(viewer: &Viewer, platform_id: i64) -> Tier<'_> {
    // A key never leaves its platform, whoever it is bound to.
    if viewer
        .key
        .as_ref()
        .is_some_and(|key| key.platform_id != platform_id)
    {
        return Tier::Nothing;
    }
    if viewer.is_dm_admin() {
        return Tier::Platform;
    }
    let standing = viewer
        .standings
        .iter()
        .find(|standing| standing.platform.id == platform_id);
    match standing {
        Some(standing) if standing.admin => Tier::Platform,
        Some(standing) if !standing.departments.is_empty() => {
            Tier::Departments(&standing.departments)
        }
        _ => Tier::Nothing,
    }
}

/// May this caller act on this platform's suggestions, and on which of them?
///
/// `department_mode` is the switch a department admin must set; it neither narrows nor widens what a
/// higher tier sees.
///
/// # Errors
/// [`Error::Unauthenticated`] without credentials, else [`Error::Forbidden`].
pub fn permit<A: Action>(
    viewer: &Viewer,
    platform: &PlatformFacts,
    department_mode: bool,
) -> Result<Permit<A>> {
    use ActionKind::{List, Manage, Webhooks};
    if viewer.is_anonymous() {
        return Err(unauthenticated());
    }
    let departments = match (A::KIND, tier(viewer, platform.id), department_mode) {
        (List | Manage | Webhooks, Tier::Platform, _) => None,
        (List | Manage, Tier::Departments(departments), true) => Some(departments.to_vec()),
        (List | Manage, Tier::Departments(_), false) => {
            return Err(Error::Forbidden(
                "You administer departments of this platform, not the platform: set departmentMode to true to work within them.".to_owned(),
            ));
        }
        (List | Manage, Tier::Nothing, _) | (Webhooks, Tier::Departments(_) | Tier::Nothing, _) => {
            return Err(forbidden());
        }
    };
    Ok(Permit {
        platform: platform.clone(),
        departments,
        actor: viewer.user.as_ref().map(|user| user.id),
        action: PhantomData,
    })
}

/// Whether this caller may change all suggestions of this platform.
pub fn manages_whole(viewer: &Viewer, platform_id: i64) -> bool {
    matches!(tier(viewer, platform_id), Tier::Platform)
}

/// Whether this caller may change suggestions of this platform, with department mode where that is needed.
pub fn manages(viewer: &Viewer, platform_id: i64) -> bool {
    !matches!(tier(viewer, platform_id), Tier::Nothing)
}

/// Who sees any suggestions at all, on any platform: the guard in front of every list and mutation.
///
/// # Errors
/// [`Error::Unauthenticated`] without credentials, [`Error::Forbidden`] for a learner.
pub fn administrator(viewer: &Viewer) -> Result<()> {
    authenticated(viewer)?;
    let somewhere = viewer
        .standings
        .iter()
        .any(|standing| standing.admin || !standing.departments.is_empty());
    if viewer.is_dm_admin() || somewhere {
        Ok(())
    } else {
        Err(forbidden())
    }
}

/// Whether the caller is known.
///
/// # Errors
/// [`Error::Unauthenticated`] without credentials.
pub fn authenticated(viewer: &Viewer) -> Result<()> {
    if viewer.is_anonymous() {
        Err(unauthenticated())
    } else {
        Ok(())
    }
}

fn unauthenticated() -> Error {
    Error::Unauthenticated("no credentials".to_owned())
}

/// The same words whether the platform is unknown or merely closed to the caller.
pub fn forbidden() -> Error {
    Error::Forbidden("You do not have permission to do this on this platform.".to_owned())
}

/// Which suggestions to single users a caller may look at, on all platforms at once. Only [`reach`]
/// makes one.
#[derive(Debug, Clone)]
pub struct Reach {
    whole: Option<Vec<i64>>,
    own: Vec<i64>,
    user: Option<i64>,
}

impl Reach {
    /// The platforms on which the suggestions to every user are seen; `None`: all platforms.
    pub fn whole(&self) -> Option<&[i64]> {
        self.whole.as_deref()
    }

    /// The platforms on which callers see the visible suggestions to themselves, and no others.
    pub fn own(&self) -> &[i64] {
        &self.own
    }

    pub fn user(&self) -> Option<i64> {
        self.user
    }

    /// Whether anybody but the caller is in reach.
    pub fn administers(&self) -> bool {
        self.whole.as_ref().is_none_or(|whole| !whole.is_empty())
    }

    /// Whether a platform is in reach at all.
    pub fn covers(&self, platform_id: i64) -> bool {
        self.whole
            .as_ref()
            .is_none_or(|whole| whole.contains(&platform_id))
            || self.own.contains(&platform_id)
    }
}

/// Whose suggestions this caller may look at, user by user; only on these platforms if some are
/// given. Departments play no part here.
pub fn reach(viewer: &Viewer, only: Option<&[i64]>) -> Reach {
    let mut reach = Reach {
        whole: Some(Vec::new()),
        own: Vec::new(),
        user: viewer.user.as_ref().map(|user| user.id),
    };
    if viewer.is_dm_admin() && viewer.key.is_none() {
        reach.whole = only.map(<[i64]>::to_vec);
        return reach;
    }
    let mut platforms: Vec<i64> = viewer
        .standings
        .iter()
        .map(|standing| standing.platform.id)
        .chain(viewer.key.as_ref().map(|key| key.platform_id))
        .filter(|id| only.is_none_or(|only| only.contains(id)))
        .collect();
    platforms.sort_unstable();
    platforms.dedup();
    let (whole, own) = platforms
        .into_iter()
        .partition(|id| matches!(tier(viewer, *id), Tier::Platform));
    reach.whole = Some(whole);
    reach.own = own;
    reach
}

/// What a caller may look at by id and through nested fields, on all platforms at once: for a
/// department admin, what lies in the scope of department mode.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    everything: bool,
    platforms: Vec<i64>,
    department_platforms: Vec<i64>,
    own_platforms: Vec<i64>,
    departments: Vec<i64>,
    user: Option<i64>,
}

impl Sight {
    pub fn everything(&self) -> bool {
        self.everything
    }

    pub fn platforms(&self) -> &[i64] {
        &self.platforms
    }

    /// Platforms of which departments are seen.
    pub fn department_platforms(&self) -> &[i64] {
        &self.department_platforms
    }

    /// Departments whose groups and users are seen.
    pub fn departments(&self) -> &[i64] {
        &self.departments
    }

    /// Platforms on which callers see what is suggested to themselves: those they are active members of.
    pub fn own_platforms(&self) -> &[i64] {
        &self.own_platforms
    }

    /// The caller, who is always in sight.
    pub fn user(&self) -> Option<i64> {
        self.user
    }

    /// Whether a platform itself is seen.
    pub fn sees_platform(&self, platform_id: i64) -> bool {
        self.sees_lists_of(platform_id) || self.own_platforms.contains(&platform_id)
    }

    /// Whether what a platform consists of is seen, to choose from.
    pub fn sees_lists_of(&self, platform_id: i64) -> bool {
        self.everything
            || self.platforms.contains(&platform_id)
            || self.department_platforms.contains(&platform_id)
    }

    /// Whether all of a platform is seen.
    pub fn sees_all_of(&self, platform_id: i64) -> bool {
        self.everything || self.platforms.contains(&platform_id)
    }

    /// Whether a department is seen.
    pub fn sees_department(&self, platform_id: i64, department_id: i64) -> bool {
        self.sees_all_of(platform_id) || self.departments.contains(&department_id)
    }

    /// The platforms whose programs are seen, unless that is every platform.
    pub fn program_platforms(&self) -> Vec<i64> {
        let mut all = self.platforms.clone();
        all.extend_from_slice(&self.department_platforms);
        all
    }
}

/// What an endpoint of webhooks is told: the whole platform, as its admin sees it.
pub fn endpoint_sight(platform: &PlatformFacts) -> Sight {
    Sight {
        platforms: vec![platform.id],
        ..Sight::default()
    }
}

/// What this caller may look at.
pub fn sight(viewer: &Viewer) -> Sight {
    let mut sight = Sight {
        everything: viewer.is_dm_admin() && viewer.key.is_none(),
        user: viewer.user.as_ref().map(|user| user.id),
        ..Sight::default()
    };
    let members = viewer.standings.iter().filter(|standing| standing.member);
    sight.own_platforms = members.map(|standing| standing.platform.id).collect();
    // A key of a DM admin commands its one platform, with or without a standing there.
    let key_platform = viewer.key.as_ref().map(|key| key.platform_id);
    let platforms = viewer
        .standings
        .iter()
        .map(|standing| standing.platform.id)
        .chain(key_platform);
    for platform_id in platforms {
        match tier(viewer, platform_id) {
            Tier::Platform if !sight.platforms.contains(&platform_id) => {
                sight.platforms.push(platform_id);
            }
            Tier::Departments(departments) => {
                sight.department_platforms.push(platform_id);
                sight.departments.extend_from_slice(departments);
            }
            Tier::Platform | Tier::Nothing => {}
        }
    }
    sight
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{KeyIdentity, Standing, UserIdentity};

    const HERE: i64 = 1;
    const ELSEWHERE: i64 = 2;

    fn platform(id: i64) -> PlatformFacts {
        PlatformFacts {
            id,
            key: format!("platform-{id}"),
            org: "org".to_owned(),
            name: "Platform".to_owned(),
        }
    }

    fn standing(platform_id: i64, admin: bool, departments: &[i64]) -> Standing {
        Standing {
            platform: platform(platform_id),
            admin,
            member: true,
            departments: departments.to_vec(),
        }
    }

    fn viewer(dm_admin: bool, key: Option<i64>, standings: Vec<Standing>) -> Viewer {
        Viewer {
            user: Some(UserIdentity {
                id: 7,
                username: "ann".to_owned(),
                dm_admin,
            }),
            key: key.map(|platform_id| KeyIdentity { id: 9, platform_id }),
            standings,
            expires: None,
        }
    }

    /// What a caller gets on the platform `HERE`: the departments of the permit, or the refusal.
    fn decision<A: Action>(viewer: &Viewer, department_mode: bool) -> String {
        match permit::<A>(viewer, &platform(HERE), department_mode) {
            Ok(permit) => {
                assert_eq!(permit.platform().id, HERE);
                assert_eq!(permit.actor(), viewer.user.as_ref().map(|user| user.id));
                match permit.departments() {
                    None => "whole".to_owned(),
                    Some(departments) => format!("{departments:?}"),
                }
            }
            Err(Error::Unauthenticated(_)) => "unauthenticated".to_owned(),
            Err(Error::Forbidden(_)) => "forbidden".to_owned(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn each_caller_gets_the_part_of_a_platform_that_the_contract_gives() {
        let unbound = Viewer {
            user: None,
            ..viewer(false, Some(HERE), vec![standing(HERE, true, &[])])
        };
        let departments = || vec![standing(HERE, false, &[3, 4])];
        let admin = || vec![standing(HERE, true, &[])];
        let both = || vec![standing(HERE, true, &[3])];
        // Caller, without department mode, with department mode, sees anything, sees everything.
        let table = [
            (Viewer::anonymous(), "unauthenticated", "unauthenticated"),
            (viewer(false, None, vec![]), "forbidden", "forbidden"),
            (
                viewer(false, None, vec![standing(HERE, false, &[])]),
                "forbidden",
                "forbidden",
            ),
            (viewer(false, None, departments()), "forbidden", "[3, 4]"),
            (
                viewer(false, None, vec![standing(ELSEWHERE, false, &[5])]),
                "forbidden",
                "forbidden",
            ),
            (viewer(false, None, admin()), "whole", "whole"),
            (viewer(false, None, both()), "whole", "whole"),
            (
                viewer(false, None, vec![standing(ELSEWHERE, true, &[])]),
                "forbidden",
                "forbidden",
            ),
            (viewer(true, None, vec![]), "whole", "whole"),
            (viewer(true, None, departments()), "whole", "whole"),
            (viewer(true, Some(HERE), vec![]), "whole", "whole"),
            (
                viewer(true, Some(ELSEWHERE), admin()),
                "forbidden",
                "forbidden",
            ),
            (
                viewer(false, Some(HERE), departments()),
                "forbidden",
                "[3, 4]",
            ),
            (
                viewer(false, Some(ELSEWHERE), departments()),
                "forbidden",
                "forbidden",
            ),
            (
                viewer(false, Some(ELSEWHERE), admin()),
                "forbidden",
                "forbidden",
            ),
            (unbound, "whole", "whole"),
        ];
        for (viewer, without, with) in table {
            // Endpoints are told of the whole platform, or not at all.
            let webhooks = match without {
                "whole" | "unauthenticated" => without,
                _ => "forbidden",
            };
            for mode in [false, true] {
                assert_eq!(decision::<Webhooks>(&viewer, mode), webhooks, "{viewer:?}");
            }
            let decisions = [
                decision::<List>(&viewer, false),
                decision::<List>(&viewer, true),
                decision::<Manage>(&viewer, false),
                decision::<Manage>(&viewer, true),
            ];
            assert_eq!(decisions, [without, with, without, with], "{viewer:?}");
            // What is seen by id is what department mode covers, and no more.
            let sight = sight(&viewer);
            assert_eq!(sight.sees_all_of(HERE), with == "whole", "{viewer:?}");
            assert_eq!(
                sight.sees_department(HERE, 3),
                with == "whole" || with.contains('3'),
                "{viewer:?}"
            );
            // Departments play no part in the list of one user's suggestions.
            assert_eq!(
                reach(&viewer, Some(&[HERE])).administers(),
                with == "whole",
                "{viewer:?}"
            );
        }
    }
}
