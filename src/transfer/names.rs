//! What can only be decided looking at all lines of a type at once: who ends up with which username,
//! and whether the parents of departments make a tree.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::db::directory_write::KeyOnPlatform;

/// A line that gives a user a name.
#[derive(Debug)]
pub(super) struct Naming {
    pub(super) user: i64,
    /// Folded.
    pub(super) username: String,
}

/// Which of these lines would give a user a name that is another's in the end, with the id of that
/// other. `stored` holds the folded usernames in the database of all users and names concerned.
///
/// A user has the name that their last good line says, or else the stored one. A name goes to the
/// user who has it already, or else to the first line that asks for it; names can be passed on within
/// one call.
pub(super) fn taken_usernames(
    lines: &[Naming],
    stored: &HashMap<i64, String>,
) -> BTreeMap<usize, i64> {
    let mut taken = BTreeMap::new();
    // The lines of each user that are still good, the last on top.
    let mut good: HashMap<i64, Vec<usize>> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        good.entry(line.user).or_default().push(index);
    }
    let mut holders: HashMap<String, BTreeSet<i64>> = HashMap::new();
    for (user, lines_of_user) in &good {
        if let Some(last) = lines_of_user.last() {
            let name = lines[*last].username.clone();
            holders.entry(name).or_default().insert(*user);
        }
    }
    for (user, name) in stored {
        if !good.contains_key(user) {
            holders.entry(name.clone()).or_default().insert(*user);
        }
    }
    let mut open: Vec<String> = holders
        .iter()
        .filter(|(_, users)| users.len() > 1)
        .map(|(name, _)| name.clone())
        .collect();
    open.sort_unstable();
    while let Some(name) = open.pop() {
        let users = holders.remove(&name).unwrap_or_default();
        let first_line = |user: &i64| good.get(user).and_then(|lines| lines.last()).copied();
        let Some(winner) = users
            .iter()
            .min_by_key(|user| (stored.get(user) != Some(&name), first_line(user)))
            .copied()
        else {
            continue;
        };
        holders.insert(name, BTreeSet::from([winner]));
        for user in users {
            if user == winner {
                continue;
            }
            let lines_of_user = good.entry(user).or_default();
            if let Some(line) = lines_of_user.pop() {
                taken.insert(line, winner);
            }
            let before = match lines_of_user.last() {
                Some(line) => Some(lines[*line].username.clone()),
                None => stored.get(&user).cloned(),
            };
            if let Some(before) = before {
                holders.entry(before.clone()).or_default().insert(user);
                open.push(before);
            }
        }
    }
    taken
}

/// A line that places a department.
#[derive(Debug)]
pub(super) struct Placing {
    pub(super) department: KeyOnPlatform,
    /// `None`: stays where it is.
    pub(super) parent: Option<Option<String>>,
}

/// What is wrong with a parent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// There is no such department on this platform.
    UnknownParent,
    /// The departments on the way round, the first one again at the end.
    Cycle(Vec<String>),
}

/// Which of these lines cannot place their department, in the order in which that comes out: a line
/// that fails may be the parent that another one needs. `stored` holds the departments in the
/// database with their parents' keys.
pub(super) fn misplaced_departments(
    lines: &[Placing],
    stored: &HashMap<KeyOnPlatform, Option<String>>,
) -> Vec<(usize, Misplaced)> {
    let mut misplaced: Vec<(usize, Misplaced)> = Vec::new();
    let mut good: BTreeSet<usize> = (0..lines.len()).collect();
    loop {
        // Each department's parent, and the line that says so.
        let mut parents: HashMap<&KeyOnPlatform, (Option<&str>, Option<usize>)> = stored
            .iter()
            .map(|(department, parent)| (department, (parent.as_deref(), None)))
            .collect();
        for index in &good {
            let line = &lines[*index];
            let place = parents.entry(&line.department).or_default();
            if let Some(parent) = &line.parent {
                *place = (parent.as_deref(), Some(*index));
            }
        }
        let sibling = |department: &KeyOnPlatform, key: &str| KeyOnPlatform {
            platform_id: department.platform_id,
            key: key.to_owned(),
        };

        let mut found: Vec<(usize, Misplaced)> = good
            .iter()
            .filter(|index| {
                let line = &lines[**index];
                let parent = line.parent.as_ref().and_then(Option::as_deref);
                parent.is_some_and(|key| !parents.contains_key(&sibling(&line.department, key)))
            })
            .map(|index| (*index, Misplaced::UnknownParent))
            .collect();
        if found.is_empty() {
            // Follow every department upwards, each at most once.
            let mut seen: HashMap<KeyOnPlatform, usize> = HashMap::new();
            let mut order: Vec<&KeyOnPlatform> = parents.keys().copied().collect();
            order.sort_unstable_by(|a, b| (a.platform_id, &a.key).cmp(&(b.platform_id, &b.key)));
            for (walk, start) in order.into_iter().enumerate() {
                let mut way: Vec<KeyOnPlatform> = Vec::new();
                let mut next = Some(start.clone());
                while let Some(department) = next {
                    match seen.get(&department) {
                        None => {}
                        Some(other) if *other == walk => {
                            let from = way.iter().position(|on_way| *on_way == department);
                            let round = &way[from.unwrap_or(0)..];
                            let names = || round.iter().map(|on_way| on_way.key.clone());
                            let named: Vec<String> = names().chain(names().take(1)).collect();
                            for on_way in round {
                                if let Some((_, Some(line))) = parents.get(on_way) {
                                    found.push((*line, Misplaced::Cycle(named.clone())));
                                }
                            }
                            break;
                        }
                        Some(_) => break,
                    }
                    seen.insert(department.clone(), walk);
                    next = parents
                        .get(&department)
                        .and_then(|(parent, _)| *parent)
                        .map(|key| sibling(&department, key));
                    way.push(department);
                }
            }
        }
        if found.is_empty() {
            return misplaced;
        }
        for (index, _) in &found {
            good.remove(index);
        }
        misplaced.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(lines: &[(i64, &str)]) -> Vec<Naming> {
        lines
            .iter()
            .map(|(user, username)| Naming {
                user: *user,
                username: (*username).to_owned(),
            })
            .collect()
    }

    fn taken(lines: &[(i64, &str)], stored: &[(i64, &str)]) -> Vec<(usize, i64)> {
        let stored = stored
            .iter()
            .map(|(id, name)| (*id, (*name).to_owned()))
            .collect();
        taken_usernames(&naming(lines), &stored)
            .into_iter()
            .collect()
    }

    #[test]
    fn a_username_goes_to_one_user() {
        assert_eq!(taken(&[(1, "a"), (2, "b"), (1, "a")], &[]), []);
        // The first line wins.
        assert_eq!(taken(&[(2, "a"), (1, "a")], &[]), [(1, 2)]);
        // Who has the name already wins.
        assert_eq!(taken(&[(2, "a"), (1, "a")], &[(1, "a")]), [(0, 1)]);
        assert_eq!(taken(&[(2, "a")], &[(1, "a")]), [(0, 1)]);
    }

    #[test]
    fn usernames_can_be_passed_on() {
        let stored = [(1, "a"), (2, "b")];
        assert_eq!(taken(&[(1, "b"), (2, "a")], &stored), []);
        assert_eq!(taken(&[(2, "a"), (1, "c")], &stored), []);
        // An earlier line of the same user does not keep the name.
        assert_eq!(taken(&[(1, "x"), (1, "y"), (2, "x")], &[]), []);
    }

    #[test]
    fn a_name_that_could_not_be_given_up_stays_taken() {
        // 1 cannot become `c`, so it stays `a`, so 2 cannot become `a`, so 3 cannot become `b`.
        let stored = [(1, "a"), (2, "b"), (3, "x"), (9, "c")];
        assert_eq!(
            taken(&[(3, "b"), (2, "a"), (1, "c")], &stored),
            [(0, 2), (1, 1), (2, 9)]
        );
        // The last line fails, so the one before it holds.
        assert_eq!(
            taken(&[(1, "n"), (1, "c"), (2, "n")], &stored),
            [(1, 9), (2, 1)]
        );
    }

    fn department(key: &str) -> KeyOnPlatform {
        KeyOnPlatform {
            platform_id: 1,
            key: key.to_owned(),
        }
    }

    fn misplaced(
        lines: &[(&str, Option<&str>)],
        stored: &[(&str, Option<&str>)],
    ) -> Vec<(usize, String)> {
        let lines: Vec<Placing> = lines
            .iter()
            .map(|(key, parent)| Placing {
                department: department(key),
                parent: Some(parent.map(str::to_owned)),
            })
            .collect();
        let stored = stored
            .iter()
            .map(|(key, parent)| (department(key), parent.map(str::to_owned)))
            .collect();
        misplaced_departments(&lines, &stored)
            .into_iter()
            .map(|(index, what)| match what {
                Misplaced::UnknownParent => (index, "unknown".to_owned()),
                Misplaced::Cycle(way) => (index, way.join(" > ")),
            })
            .collect()
    }

    #[test]
    fn parents_may_come_in_any_order() {
        let lines = [("c", Some("b")), ("b", Some("a")), ("a", None)];
        assert_eq!(misplaced(&lines, &[]), []);
        // Turning a tree round is no cycle.
        let lines = [("a", Some("b")), ("b", None)];
        assert_eq!(misplaced(&lines, &[("a", None), ("b", Some("a"))]), []);
    }

    #[test]
    fn a_parent_that_is_not_there_takes_its_children_along() {
        let lines = [("c", Some("b")), ("b", Some("a")), ("d", None)];
        assert_eq!(
            misplaced(&lines, &[]),
            [(1, "unknown".to_owned()), (0, "unknown".to_owned())]
        );
        // What is stored stays there, whatever becomes of its line.
        assert_eq!(
            misplaced(&lines, &[("b", None)]),
            [(1, "unknown".to_owned())]
        );
    }

    #[test]
    fn a_cycle_fails_every_line_on_it() {
        let lines = [
            ("a", Some("b")),
            ("b", Some("c")),
            ("c", Some("a")),
            ("d", Some("d")),
            ("e", Some("f")),
        ];
        assert_eq!(
            misplaced(&lines, &[("f", None)]),
            [
                (0, "a > b > c > a".to_owned()),
                (1, "a > b > c > a".to_owned()),
                (2, "a > b > c > a".to_owned()),
                (3, "d > d".to_owned()),
            ]
        );
        // Closing a circle through what is stored.
        assert_eq!(
            misplaced(
                &[("a", Some("c"))],
                &[("a", None), ("b", Some("a")), ("c", Some("b"))]
            ),
            [(0, "a > c > b > a".to_owned())]
        );
    }
}
