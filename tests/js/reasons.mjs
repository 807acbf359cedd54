// Where the service answers otherwise than graphql-js, and why.
const oneOf =
  'A variable in an input object of which exactly one field is given has to be non-null by the ' +
  'specification (IsVariableUsageAllowed). graphql-js 16.15 overlooks it where the input object ' +
  'itself stands at a non-null place.';

const size = 'Ids of the service have at most 64 bits, and JSON numbers beyond that lose digits.';

export const reasons = {
  'mutation ($id: ID) { programSuggestionDelete(input: {suggestion: {id: $id}}) { deletedId } }':
    oneOf,
  'mutation ($id: ID = "x") { programSuggestionDelete(input: {suggestion: {id: $id}}) { deletedId } }':
    oneOf,
  'query ($ids: [ID!]!) { nodes(ids: $ids) { id } } {"ids":[1e+30]}': size,
};
