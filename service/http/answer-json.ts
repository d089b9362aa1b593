import type { ServerResponse } from "node:http";

/** Answers `value` as JSON. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answerJsonText(response, status, JSON.stringify(value));
}

/** Answers text that is JSON already. */
export function answerJsonText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}

/** Answers that it is done or will be; there is nothing else to say. */
export function answerEmpty(response: ServerResponse, status: 202 | 204): void {
  response.statusCode = status;
  response.end();
}
