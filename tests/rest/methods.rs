//! Methods and paths.

use reqwest::Method;

use super::{BASE, refused};
use crate::support::Server;

both_engines!(methods_and_slashes, unknown_routes);

async fn methods_and_slashes(server: &Server) {
    let acme = server.key("acme");
    for (path, allowed, query) in [
        (
            "manage",
            "DELETE GET HEAD OPTIONS POST",
            "?platform_key=acme",
        ),
        (
            "manage/group",
            "DELETE GET HEAD OPTIONS POST",
            "?platform_key=acme",
        ),
        ("manage/bulk", "OPTIONS POST", ""),
        ("user", "GET HEAD OPTIONS", "?username=student1"),
    ] {
        for slash in ["", "/"] {
            let path = format!("{BASE}{path}{slash}{query}");
            let send = |method: Method| acme.send(method, &path, &[], Vec::new());
            for method in [
                "GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE",
            ] {
                let answer = send(method.parse().unwrap()).await;
                let told = answer.header("allow").map(|allow| {
                    let mut methods: Vec<&str> = allow.split(',').map(str::trim).collect();
                    methods.sort_unstable();
                    methods.join(" ")
                });
                if method == "OPTIONS" {
                    assert_eq!(answer.status, 204);
                    assert_eq!(told.as_deref(), Some(allowed), "{path}");
                } else if allowed.contains(method) {
                    assert_ne!(answer.status, 405, "{method} {path}");
                } else {
                    assert_eq!(answer.status, 405, "{method} {path}");
                    assert_eq!(told.as_deref(), Some(allowed), "{path}");
                }
            }
            if allowed.contains("GET") {
                let whole = send(Method::GET).await;
                let head = send(Method::HEAD).await;
                assert_eq!((head.status, head.text().as_str()), (whole.status, ""));
                assert_eq!(head.header("content-type"), whole.header("content-type"));
                assert_eq!(whole.status, 200, "{path}");
            }
        }
    }
}

async fn unknown_routes(server: &Server) {
    let acme = server.key("acme");
    for path in ["", "manage//", "manage/group/7", "manage/users", "User/"] {
        refused(&acme.get(&format!("{BASE}{path}")).await, 404);
    }
    refused(
        &acme.get("/api/catalog/suggestions/course/manage/").await,
        404,
    );
}
