// The custom scalars of the service, with its rules, for graphql-js.
import { valueFromASTUntyped } from 'graphql';

// RFC 3339 allows separators other than T (section 5.6), and so does the service.
const instant =
  /^(\d{4})-(\d{2})-(\d{2})[\x00-\x7f](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-](\d{2}):(\d{2}))$/;

function isInstant(value) {
  const parts = typeof value === 'string' && instant.exec(value);
  if (!parts) return false;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const [offsetHour, offsetMinute] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= days &&
    hour < 24 && minute < 60 && second < 60 && offsetHour < 24 && offsetMinute < 60
  );
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const rules = {
  DateTime: [isInstant, 'A DateTime is an RFC 3339 text.'],
  JSONObject: [isObject, 'A JSONObject is a JSON object.'],
  JSON: [() => true, 'JSON is any JSON value.'],
};

// Gives the custom scalars of a schema their rules. Fails for a scalar without one.
export function addScalars(schema) {
  for (const [name, type] of Object.entries(schema.getTypeMap())) {
    if (type.constructor.name !== 'GraphQLScalarType') continue;
    if (['Int', 'Float', 'String', 'Boolean', 'ID'].includes(name)) continue;
    const [fits, message] = rules[name] ?? [];
    if (!fits) throw new Error(`the scalar ${name} has no rule in scalars.mjs`);
    type.parseValue = (value) => {
      if (!fits(value)) throw new TypeError(message);
      return value;
    };
    // A JSON object may hold variables: an unknown one is left out.
    type.parseLiteral = (node, variables) => {
      if (node.kind === 'EnumValue') throw new TypeError(message);
      return type.parseValue(valueFromASTUntyped(node, variables));
    };
  }
}
