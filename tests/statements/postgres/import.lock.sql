LOCK TABLE platforms,
programs,
users,
memberships,
departments,
department_members,
user_groups,
group_members IN SHARE ROW EXCLUSIVE MODE;

LOCK TABLE program_suggestions,
program_group_suggestions,
suggestion_answers IN EXCLUSIVE MODE;
