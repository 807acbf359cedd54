// Where the service answers otherwise than graphql-js, and why.
const oneOf =
  'A variable in an input object of which exactly one field is given has to be non-null by the ' +
  'specification (IsVariableUsageAllowed). graphql-js 16.15 overlooks it where the input object ' +
  'itself stands at a non-null place.';

export const reasons = {
  'mutation ($id: ID) { programSuggestionDelete(input: {suggestion: {id: $id}}) { deletedId } }':
    oneOf,
  'mutation ($id: ID = "x") { programSuggestionDelete(input: {suggestion: {id: $id}}) { deletedId } }':
    oneOf,
};
