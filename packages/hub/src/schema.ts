import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
export function buildSchema(): GraphQLSchema {
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { a: { type: GraphQLString } } }) });
}
