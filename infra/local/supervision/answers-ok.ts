const timeoutMs = 2_000;

/** Whether an address answers with a status of success; rejects when nobody answers in 2 s. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  return response.ok;
}
