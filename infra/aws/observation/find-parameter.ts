interface Parameter {
  readonly ParameterName?: string | undefined;
  readonly ParameterValue?: string | undefined;
}

/** A page of a parameter group, of RDS or ElastiCache. */
interface ParameterPage {
  readonly Parameters?: readonly Parameter[] | undefined;
}

/** Value of a parameter that has one; a group has more parameters than a page. */
export async function findParameter(pages: AsyncIterable<ParameterPage>, wanted: string): Promise<string | undefined> {
  for await (const { Parameters = [] } of pages) {
    const found = Parameters.find(({ ParameterName }) => ParameterName === wanted);
    if (found?.ParameterValue !== undefined) return found.ParameterValue;
  }
  return undefined;
}
