/**
 * Stands in the bundles for `mnemonist/lru-cache`, 7 KB that the DynamoDB client brings for endpoint discovery, which is off: one
 * table has one endpoint.
 */
class EndpointMap extends Map<string, unknown> {
  constructor(_capacity: number) {
    super();
  }

  peek(key: string): unknown {
    return this.get(key);
  }
}

export { EndpointMap as default };
