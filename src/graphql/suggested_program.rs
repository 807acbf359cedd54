//! The type `SuggestedProgram`: a program as it is suggested to one person, and the person's answers.

use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::{
    Context, Enum, ID, InputObject, MergedObject, Object, OneofObject, Result, SimpleObject,
};

use super::at_once::{AtOnce, Rows, Writer};
use super::connection::{Connection, Listed, selects, selects_beyond, selects_total};
use super::cx;
use super::id;
use super::platform::Platform;
use super::program::{Program, platform_of};
use super::scalar::DateTime;
use super::suggestion::{
    DismissReason, OrderDirection, SuggestionAnswer, SuggestionOutcome, SuggestionState, UserError,
    instant, states,
};
use super::suggestion_list::Counts;
use super::user::User;
use crate::answer::{State, States};
use crate::clock::{self, Timestamp};
use crate::domain::directory;
use crate::domain::suggested_program::{
    self as domain, Saying, SuggestedProgramField, SuggestedProgramKey, SuggestedProgramQuery, Way,
};
use crate::domain::suggestion::Outcome;
use crate::error::{Error, Problem, ProblemCode};
use crate::page::{ConnectionArguments, Ordering};

/// A suggested program, as a list, a look-up or an answer gives it.
#[derive(Clone)]
pub(super) struct SuggestedProgram {
    row: Arc<domain::SuggestedProgram>,
    /// The platform, where it is at hand.
    platform: Option<Arc<directory::Platform>>,
    may_answer: bool,
    /// The instant of the request.
    now: Timestamp,
    /// Its id in cursors of the list.
    row_id: i64,
}

impl SuggestedProgram {
    pub(super) fn new(ctx: &Context<'_>, row: domain::SuggestedProgram) -> Result<Self> {
        Ok(Self {
            may_answer: domain::may_answer(cx(ctx)?, &row.key),
            row_id: row.key.program_id,
            row: Arc::new(row),
            platform: None,
            now: clock::now(),
        })
    }

    fn user(&self) -> Option<User> {
        self.row.user.clone().map(User)
    }

    fn is_overdue(&self) -> bool {
        let due = self.row.due_at.is_some_and(|due| due < self.now.0);
        due && self.row.state == State::Pending
    }

    fn ways(&self) -> Option<Vec<SuggestionWay>> {
        let ways = self.row.ways.as_ref()?;
        Some(ways.iter().cloned().map(SuggestionWay).collect())
    }

    fn permissions(&self) -> SuggestedProgramPermissions {
        SuggestedProgramPermissions {
            answer: self.may_answer,
        }
    }
}

impl Listed for SuggestedProgram {
    fn row_id(&self) -> i64 {
        self.row_id
    }
}

impl AtOnce for SuggestedProgram {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        let row = &self.row;
        match field {
            "id" => to.plain_text(&id::suggested_program(&row.key)),
            "platform" => to.object(&Platform(Arc::clone(self.platform.as_ref()?)))?,
            "program" => to.object(&Program(Arc::clone(&row.program)))?,
            "user" => to.object(&self.user()?)?,
            "state" => to.choice(SuggestionState::from(row.state)),
            "answer" => to.nullable(row.answer.clone().map(SuggestionAnswer).as_ref())?,
            "ways" => to.list(&self.ways()?)?,
            "suggestedAt" => to.instant(row.suggested_at),
            "dueAt" => to.nullable_instant(row.due_at),
            "overdue" => to.bool(self.is_overdue()),
            "viewerCan" => to.object(&self.permissions())?,
            _ => return None,
        }
        Some(())
    }
}

/// A program as it is suggested to one person on one platform: each program once, whatever the number of
/// suggestions that lead to it. It is there as long as at least one of them is open.
#[Object]
impl SuggestedProgram {
    /// The global id. It is made of the platform, the program and the user, and stays the same for ever.
    pub(super) async fn id(&self) -> ID {
        id::suggested_program(&self.row.key)
    }

    /// The platform that suggests.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        match &self.platform {
            Some(platform) => Ok(Platform(Arc::clone(platform))),
            None => platform_of(ctx, self.row.key.platform_id).await,
        }
    }

    /// The program.
    async fn program(&self) -> Program {
        Program(Arc::clone(&self.row.program))
    }

    /// The person it is suggested to.
    #[graphql(name = "user")]
    async fn person(&self) -> Result<User> {
        Ok(self.user().ok_or_else(unread)?)
    }

    /// The person's answer, or the stored `accepted` of the suggestion to the person where there is none.
    async fn state(&self) -> SuggestionState {
        self.row.state.into()
    }

    /// What the person answered; null while they have not, also where `state` is `ACCEPTED` because an
    /// administrator recorded it.
    async fn answer(&self) -> Option<SuggestionAnswer> {
        self.row.answer.clone().map(SuggestionAnswer)
    }

    /// Why the person sees the program: the suggestions to the person and to their groups that are open now, the
    /// oldest first.
    #[graphql(name = "ways")]
    async fn open_ways(&self) -> Result<Rows<SuggestionWay>> {
        Ok(Rows(self.ways().ok_or_else(unread)?))
    }

    /// When the oldest open way was made.
    async fn suggested_at(&self) -> DateTime {
        DateTime(Timestamp(self.row.suggested_at))
    }

    /// The earliest due date of the open ways; null where none has one.
    async fn due_at(&self) -> Option<DateTime> {
        instant(self.row.due_at)
    }

    /// Whether the due date has passed without an answer.
    async fn overdue(&self) -> bool {
        self.is_overdue()
    }

    /// What you may do, so that your interface shows no button that fails.
    async fn viewer_can(&self) -> SuggestedProgramPermissions {
        self.permissions()
    }
}

fn unread() -> Error {
    Error::internal("a selected field of a suggested program was not read")
}

/// What you may do to a suggested program.
#[derive(SimpleObject)]
pub(super) struct SuggestedProgramPermissions {
    /// Accept it, dismiss it, and take the answer back: only the person it is suggested to may.
    answer: bool,
}

impl AtOnce for SuggestedProgramPermissions {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "answer" => to.bool(self.answer),
            _ => return None,
        }
        Some(())
    }
}

/// Why a person sees a program.
#[derive(Clone)]
pub(super) struct SuggestionWay(Way);

/// Why a person sees a program: a suggestion to the person, or to a group of theirs.
#[Object]
impl SuggestionWay {
    /// Whether it was suggested to the person; false if to a group.
    async fn direct(&self) -> bool {
        self.0.direct
    }

    /// The name of the group; null where `direct`.
    async fn group_name(&self) -> Option<&str> {
        self.0.group_name.as_deref()
    }

    /// The name of who suggested; null where a platform key did.
    async fn suggested_by_name(&self) -> Option<&str> {
        self.0.suggested_by_name.as_deref()
    }

    /// What the person is told.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// When it was suggested first.
    async fn since(&self) -> DateTime {
        DateTime(Timestamp(self.0.since))
    }

    /// When the person is to have answered.
    async fn due_at(&self) -> Option<DateTime> {
        instant(self.0.due_at)
    }
}

impl AtOnce for SuggestionWay {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        let way = &self.0;
        match field {
            "direct" => to.bool(way.direct),
            "groupName" => to.nullable_text(way.group_name.as_deref()),
            "suggestedByName" => to.nullable_text(way.suggested_by_name.as_deref()),
            "message" => to.nullable_text(way.message.as_deref()),
            "since" => to.instant(way.since),
            "dueAt" => to.nullable_instant(way.due_at),
            _ => return None,
        }
        Some(())
    }
}

/// A page of a list of suggested programs, by cursor.
#[derive(MergedObject)]
pub(super) struct SuggestedProgramConnection(Connection<SuggestedProgram>, Counts);

/// What a list of suggested programs may be ordered by. Rows that are equal in it follow in order of the
/// programs' ids, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum SuggestedProgramOrderField {
    /// When the oldest open way was made.
    SuggestedAt,
    /// The program's name.
    ProgramName,
    /// The earliest due date; programs without one come last, in both directions.
    DueAt,
}

/// The order of a list of suggested programs.
#[derive(Debug, Clone, Copy, InputObject)]
#[graphql(name = "SuggestedProgramOrder")]
pub(super) struct OrderInput {
    /// By what.
    field: SuggestedProgramOrderField,
    /// In which direction.
    #[graphql(default_with = "OrderDirection::Asc")]
    direction: OrderDirection,
}

/// The order that the list has unless another is asked for.
impl Default for OrderInput {
    fn default() -> Self {
        Self {
            field: SuggestedProgramOrderField::SuggestedAt,
            direction: OrderDirection::Desc,
        }
    }
}

impl From<OrderInput> for domain::SuggestedProgramOrder {
    fn from(order: OrderInput) -> Self {
        Self {
            field: match order.field {
                SuggestedProgramOrderField::SuggestedAt => SuggestedProgramField::SuggestedAt,
                SuggestedProgramOrderField::ProgramName => SuggestedProgramField::ProgramName,
                SuggestedProgramOrderField::DueAt => SuggestedProgramField::DueAt,
            },
            descending: order.direction == OrderDirection::Desc,
        }
    }
}

/// What a list of suggested programs reads, from its arguments and what is selected.
pub(super) fn read_query(
    ctx: &Context<'_>,
    of_states: Option<Vec<SuggestionState>>,
    query: Option<&str>,
    arguments: &ConnectionArguments,
    ordering: &Ordering,
    dates_are_of_ways: bool,
) -> Result<SuggestedProgramQuery> {
    let of_ways = ["ways", "suggestedAt", "dueAt", "overdue"];
    let of_ways = if dates_are_of_ways {
        &of_ways[..]
    } else {
        &of_ways[..1]
    };
    Ok(SuggestedProgramQuery {
        states: of_states.map_or(States::ALL, states),
        search: directory::search_text(query)?,
        window: arguments.window(ordering)?,
        total: selects_total(ctx),
        state_counts: super::connection::selects_state_counts(ctx),
        beyond: selects_beyond(ctx),
        ways: of_ways.iter().any(|field| selects(ctx, field)),
    })
}

/// A page of the suggested programs of one person.
pub(super) async fn list(
    ctx: &Context<'_>,
    platform: &crate::domain::PlatformRef,
    user: Option<super::suggestion::UserRef>,
    order: domain::SuggestedProgramOrder,
    query: &SuggestedProgramQuery,
) -> Result<SuggestedProgramConnection> {
    let user = user.map(|user| user.name()).transpose();
    let user = user.map_err(|problem| match problem.code {
        ProblemCode::Invalid => Error::InvalidId(problem.message),
        _ => Error::bad_input("user", problem.message),
    })?;
    let now = clock::now();
    let listed = domain::list(cx(ctx)?, platform, user.as_ref(), order, query, now);
    let (permit, slice) = Box::pin(listed).await?;
    let platform = Arc::new(permit.platform().clone());
    let counts = Counts(slice.state_counts);
    let cx = cx(ctx)?;
    let rows = Connection::new(order.ordering(), slice, |row| SuggestedProgram {
        may_answer: domain::may_answer(cx, &row.key),
        row_id: row.key.program_id,
        row: Arc::new(row),
        platform: Some(Arc::clone(&platform)),
        now,
    });
    Ok(SuggestedProgramConnection(rows, counts))
}

/// A page of the suggested programs of the members of a group suggestion.
pub(super) fn members(
    ctx: &Context<'_>,
    slice: crate::page::Slice<Arc<domain::SuggestedProgram>>,
) -> Result<SuggestedProgramConnection> {
    let cx = cx(ctx)?;
    let now = clock::now();
    let counts = Counts(slice.state_counts);
    let rows = Connection::new(domain::MEMBERS_ORDERING, slice, |row| SuggestedProgram {
        may_answer: domain::may_answer(cx, &row.key),
        row_id: row.key.user_id,
        row,
        platform: None,
        now,
    });
    Ok(SuggestedProgramConnection(rows, counts))
}

/// Names a suggested program in one of two ways.
#[derive(Debug, OneofObject)]
pub(super) enum SuggestedProgramRef {
    /// The global id.
    Id(ID),
    /// The platform and the program: it is the caller's own.
    Key(SuggestedProgramKeyInput),
}

/// Names a suggested program of the caller.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestedProgramKey")]
pub(super) struct SuggestedProgramKeyInput {
    /// The platform's key.
    platform_key: String,
    /// The program's key.
    program_key: String,
}

impl SuggestedProgramRef {
    fn read(self) -> Result<domain::SuggestedProgramRef, Problem> {
        match self {
            Self::Id(id) => id::read_suggested_program(&id)
                .map(domain::SuggestedProgramRef::Id)
                .ok_or_else(|| {
                    Problem::new(
                        ProblemCode::Invalid,
                        &["suggestedProgram", "id"],
                        "This is not the id of a SuggestedProgram: pass on an `id` exactly as it was given, or use `key`.",
                    )
                }),
            Self::Key(key) => Ok(domain::SuggestedProgramRef::Key {
                platform_key: key.platform_key,
                program_key: key.program_key,
            }),
        }
    }
}

/// Accepts a suggested program.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestedProgramAcceptInput")]
pub(super) struct AcceptInput {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    /// Which suggested program of yours.
    pub(super) suggested_program: SuggestedProgramRef,
}

/// Dismisses a suggested program.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestedProgramDismissInput")]
pub(super) struct DismissInput {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    /// Which suggested program of yours.
    pub(super) suggested_program: SuggestedProgramRef,
    /// Why.
    #[graphql(default_with = "DismissReason::Other")]
    pub(super) reason: DismissReason,
    /// What you want to add, at most 1,000 characters.
    pub(super) comment: Option<String>,
}

/// Takes an answer back.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestedProgramRestoreInput")]
pub(super) struct RestoreInput {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    /// Which suggested program of yours.
    pub(super) suggested_program: SuggestedProgramRef,
}

/// Which of the three answers a payload is of.
pub(super) struct Accept;
pub(super) struct Dismiss;
pub(super) struct Restore;

/// What became of an answer.
pub(super) struct AnswerPayload<A> {
    client_mutation_id: Option<String>,
    answered: Result<(Outcome, Option<SuggestedProgram>), Problem>,
    act: PhantomData<A>,
}

/// What became of an answer.
#[Object(
    concrete(name = "SuggestedProgramAcceptPayload", params(Accept)),
    concrete(name = "SuggestedProgramDismissPayload", params(Dismiss)),
    concrete(name = "SuggestedProgramRestorePayload", params(Restore))
)]
impl<A: Send + Sync> AnswerPayload<A> {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// `UPDATED`, `UNCHANGED` where it was so already, or `FAILED`.
    async fn outcome(&self) -> SuggestionOutcome {
        match &self.answered {
            Ok((outcome, _)) => (*outcome).into(),
            Err(_) => SuggestionOutcome::Failed,
        }
    }

    /// The suggested program as it is now; null if it failed, and if its last way has closed meanwhile.
    async fn suggested_program(&self) -> Option<SuggestedProgram> {
        let answered = self.answered.as_ref().ok()?;
        answered.1.clone()
    }

    /// Why it failed; otherwise empty.
    async fn user_errors(&self) -> Vec<UserError> {
        let problem = self.answered.as_ref().err();
        problem
            .map(|problem| UserError::at(&["input"], problem))
            .into_iter()
            .collect()
    }
}

/// Carries out one of the three answers.
pub(super) async fn answer<A>(
    ctx: &Context<'_>,
    client_mutation_id: Option<String>,
    which: SuggestedProgramRef,
    saying: Saying,
) -> Result<AnswerPayload<A>> {
    let answered = match which.read() {
        Ok(which) => domain::answer(cx(ctx)?, &which, &saying).await?,
        Err(problem) => Err(problem),
    };
    let answered = match answered {
        Ok((outcome, Some(row))) => Ok((outcome, Some(SuggestedProgram::new(ctx, row)?))),
        Ok((outcome, None)) => Ok((outcome, None)),
        Err(problem) => Err(problem),
    };
    Ok(AnswerPayload {
        client_mutation_id,
        answered,
        act: PhantomData,
    })
}

/// The suggested programs with these keys, as far as they are in sight.
pub(super) async fn load(
    ctx: &Context<'_>,
    keys: &[SuggestedProgramKey],
) -> Result<Vec<(SuggestedProgramKey, SuggestedProgram)>> {
    let found = domain::by_keys(cx(ctx)?, keys).await?;
    found
        .into_iter()
        .map(|row| Ok((row.key, SuggestedProgram::new(ctx, row)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::id::NodeType;

    #[test]
    fn its_id_is_read_back_and_is_no_other_type_s() {
        let key = SuggestedProgramKey {
            platform_id: 1,
            program_id: i64::MAX,
            user_id: 3,
        };
        let id = id::suggested_program(&key);
        assert_eq!(id::read_suggested_program(&id), Some(key));
        assert!(NodeType::ALL.iter().all(|kind| kind.read(&id).is_none()));
        assert_eq!(id::read_suggested_program(&NodeType::User.id(3)), None);
    }
}
