import { expect, it } from "vitest";
import { printedDocument } from "../../../infra/aws/tasks/printed-document.ts";

it("is put together from the pieces of a long line, with warnings around it", () => {
  const document = { mails: Array.from({ length: 3 }, (_, id) => ({ id, error: "550 {refused}" })) };
  const text = JSON.stringify(document);
  const lines = ["(node:1) Warning: before", text.slice(0, 20), text.slice(20, 50), text.slice(50), "after"];
  expect(printedDocument(lines)).toEqual(document);
  expect(printedDocument([text])).toEqual(document);
});

it("is not there where nothing or half of it was printed", () => {
  for (const lines of [[], ["no answer"], ['{"mails":[']]) expect(printedDocument(lines)).toBeUndefined();
});
