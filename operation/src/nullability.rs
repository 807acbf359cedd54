//! Error propagation by the specification: an error in a nullable field makes the field null; only an
//! error in a non-null field propagates to its parent.
//!
//! The executor stops errors from inside a nullable value, but propagates errors of the field itself (its
//! resolver, arguments or guard). This extension stops those too. It also keeps the path of an error, which
//! every level on the way up would overwrite.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
};
use async_graphql::{
    ErrorExtensionValues, PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError,
    ServerResult, Value,
};

/// The extension. [`crate::configure`] registers it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Nullability;

impl ExtensionFactory for Nullability {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Kept(Mutex::new(Vec::new())))
    }
}

/// The errors of one request that were stopped at a nullable field.
struct Kept(Mutex<Vec<ServerError>>);

type Resolved<'a> = Pin<Box<dyn Future<Output = ServerResult<Option<Value>>> + Send + 'a>>;
type Executed<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

// Written without the `async_trait` macro, which would allocate state for every field.
impl Extension for Kept {
    fn resolve<'s, 'c, 'x, 'i, 'n, 'f>(
        &'s self,
        ctx: &'c ExtensionContext<'x>,
        info: ResolveInfo<'i>,
        next: NextResolve<'n>,
    ) -> Resolved<'f>
    where
        's: 'f,
        'c: 'f,
        'x: 'f,
        'i: 'f,
        'n: 'f,
    {
        // The executor answers with a description of its own. The schema has none.
        if info.is_for_introspection && info.parent_type == "__Schema" && info.name == "description"
        {
            return Box::pin(async { Ok(Some(Value::Null)) });
        }
        let nullable = !info.return_type.ends_with('!');
        let path = info.path_node;
        let position = info.field.name.pos;
        Box::pin(async move {
            match next.run(ctx, info).await {
                Ok(value) => Ok(value),
                Err(mut error) => {
                    remember_path(&mut error, path);
                    if error.locations.is_empty() {
                        error.locations.push(position);
                    }
                    if !nullable {
                        return Err(error);
                    }
                    self.0
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(error);
                    // Not `None`: a list item needs a value.
                    Ok(Some(Value::Null))
                }
            }
        })
    }

    fn execute<'s, 'c, 'x, 'o, 'n, 'f>(
        &'s self,
        ctx: &'c ExtensionContext<'x>,
        operation_name: Option<&'o str>,
        next: NextExecute<'n>,
    ) -> Executed<'f>
    where
        's: 'f,
        'c: 'f,
        'x: 'f,
        'o: 'f,
        'n: 'f,
    {
        Box::pin(async move {
            let mut response = next.run(ctx, operation_name).await;
            let kept = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            response.errors.extend(kept);
            response.errors.iter_mut().for_each(restore_path);
            response
        })
    }
}

/// The extension that holds the path of an error while it propagates.
const ORIGIN: &str = "graphql-operation:origin";

fn remember_path(error: &mut ServerError, node: &QueryPathNode<'_>) {
    let extensions = error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get(ORIGIN).is_some() {
        return;
    }
    let path = whole_path(node).into_iter().map(|part| match part {
        PathSegment::Field(name) => Value::from(name),
        PathSegment::Index(index) => Value::from(index),
    });
    extensions.set(ORIGIN, Value::List(path.collect()));
}

fn restore_path(error: &mut ServerError) {
    let Some(extensions) = &mut error.extensions else {
        return;
    };
    if let Some(Value::List(path)) = extensions.get(ORIGIN) {
        error.path = path
            .iter()
            .filter_map(|part| match part {
                Value::String(name) => Some(PathSegment::Field(name.clone())),
                Value::Number(index) => index.as_u64()?.try_into().ok().map(PathSegment::Index),
                _ => None,
            })
            .collect();
        extensions.unset(ORIGIN);
    }
}

fn whole_path(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path = Vec::new();
    let mut next = Some(node);
    while let Some(node) = next {
        path.push(match node.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        });
        next = node.parent;
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use async_graphql::{
        Context, EmptyMutation, EmptySubscription, Error, Guard, Object, Result, Schema,
        SimpleObject,
    };
    use serde_json::{Value as Json, json};

    use super::*;

    struct Never;

    impl Guard for Never {
        async fn check(&self, _: &Context<'_>) -> Result<()> {
            Err(Error::new("guarded"))
        }
    }

    struct Thing(i32);

    #[Object]
    impl Thing {
        async fn number(&self) -> Result<i32> {
            if self.0 == 2 {
                return Err(Error::new("two"));
            }
            Ok(self.0)
        }
        async fn maybe(&self) -> Result<Option<i32>> {
            Err(Error::new("no"))
        }
        #[graphql(guard = "Never")]
        async fn guarded(&self) -> Option<i32> {
            Some(self.0)
        }
        #[graphql(guard = "Never")]
        async fn guarded_hard(&self) -> i32 {
            self.0
        }
    }

    #[derive(SimpleObject)]
    struct Box_ {
        inner: Option<Thing>,
        hard: Thing,
    }

    struct Query;

    #[Object]
    impl Query {
        async fn things(&self) -> Vec<Thing> {
            vec![Thing(1), Thing(2)]
        }
        async fn maybe_things(&self) -> Vec<Option<Thing>> {
            vec![Some(Thing(1)), Some(Thing(2)), None]
        }
        async fn no_things(&self) -> Option<Vec<Thing>> {
            Some(vec![Thing(2)])
        }
        #[graphql(name = "box")]
        async fn boxed(&self) -> Option<Box_> {
            Some(Box_ {
                inner: Some(Thing(2)),
                hard: Thing(2),
            })
        }
        async fn argument(&self, n: Option<u8>) -> Option<u8> {
            n
        }
    }

    async fn run(query: &str) -> Json {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
            .extension(Nullability)
            .finish();
        let response = schema.execute(query).await;
        let mut errors: Vec<Json> = response
            .errors
            .iter()
            .map(|error| json!([error.message, error.path, error.locations.len()]))
            .collect();
        errors.sort_by_key(Json::to_string);
        json!({ "data": response.data, "errors": errors })
    }

    #[tokio::test]
    async fn a_nullable_field_stops_the_error_of_its_resolver() {
        assert_eq!(
            run("{ things { maybe } }").await,
            json!({
                "data": { "things": [{ "maybe": null }, { "maybe": null }] },
                "errors": [["no", ["things", 0, "maybe"], 1], ["no", ["things", 1, "maybe"], 1]],
            })
        );
    }

    #[tokio::test]
    async fn a_guard_is_part_of_its_field() {
        assert_eq!(
            run("{ box { inner { guarded } } }").await,
            json!({
                "data": { "box": { "inner": { "guarded": null } } },
                "errors": [["guarded", ["box", "inner", "guarded"], 1]],
            })
        );
        assert_eq!(
            run("{ box { inner { guardedHard } } }").await,
            json!({
                "data": { "box": { "inner": null } },
                "errors": [["guarded", ["box", "inner", "guardedHard"], 1]],
            })
        );
    }

    #[tokio::test]
    async fn a_non_null_field_takes_the_nearest_nullable_parent_with_it() {
        assert_eq!(
            run("{ box { hard { number } inner { maybe } } }").await,
            json!({
                "data": { "box": null },
                "errors": [["two", ["box", "hard", "number"], 1]],
            })
        );
        assert_eq!(
            run("{ things { number } }").await,
            json!({ "data": null, "errors": [["two", ["things", 1, "number"], 1]] })
        );
    }

    #[tokio::test]
    async fn in_lists_only_the_item_or_the_list_is_lost() {
        assert_eq!(
            run("{ maybeThings { number } }").await,
            json!({
                "data": { "maybeThings": [{ "number": 1 }, null, null] },
                "errors": [["two", ["maybeThings", 1, "number"], 1]],
            })
        );
        assert_eq!(
            run("{ noThings { number } }").await,
            json!({
                "data": { "noThings": null },
                "errors": [["two", ["noThings", 0, "number"], 1]],
            })
        );
    }

    #[tokio::test]
    async fn a_refused_argument_is_part_of_its_field() {
        let answer = run("{ argument(n: 300) things { maybe: __typename } }").await;
        assert_eq!(answer["data"]["argument"], Json::Null);
        assert_eq!(answer["errors"][0][1], json!(["argument"]));
    }
}
