/** Node says on stderr where its inspector listens, and under which secret path. */
const announced = /ws:\/\/127\.0\.0\.1:\d+\/\S+/;

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

/**
 * What a process started with `--inspect=127.0.0.1:0` holds on its heap once everything that nobody needs is collected, with
 * the bytes of its buffers, in MiB. `output` is what it wrote so far.
 */
export async function liveHeapMiB(output: string): Promise<number> {
  const [url] = announced.exec(output) ?? [];
  if (url === undefined) throw new Error("the process does not say where its inspector listens");
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  try {
    await ask(socket, "HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await ask<HeapUsage>(socket, "Runtime.getHeapUsage");
    return (usedSize + backingStorageSize) / 1_048_576;
  } finally {
    socket.close();
  }
}

function ask<T>(socket: WebSocket, method: string): Promise<T> {
  return new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => resolve((JSON.parse(String(data)) as { result: T }).result), {
      once: true,
    });
    socket.send(JSON.stringify({ id: 1, method }));
  });
}
