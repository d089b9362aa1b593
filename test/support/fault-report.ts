import type { Reporter, TestCase, TestModule } from "vitest/node";

interface Row {
  readonly fault: number;
  readonly passed: boolean;
  readonly test: string;
  readonly figures: readonly string[];
}

/**
 * Reporter of `npm run test:faults`: at the end one line for each test that has a fault's number in its name, with the
 * figures that it annotated. A number from 1 to 25 without a test, and a run that met none, end with exit code 1.
 */
export default class FaultReport implements Reporter {
  readonly #rows: Row[] = [];

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state === "skipped" || state === "pending") return;
    const figures = test.annotations().flatMap(({ type, message }) => (type === "figure" ? [message] : []));
    const faults = [...test.fullName.matchAll(/faults? ((?:\d+(?:, | and )?)+)/g)].flatMap(
      ([, list = ""]) => list.match(/\d+/g) ?? [],
    );
    const name = test.name.replace(/ \(faults? [\d, and]+\)$|^faults? \d+: /, "");
    for (const fault of faults)
      this.#rows.push({ fault: Number(fault), passed: state === "passed", test: name, figures });
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = this.#rows.toSorted((a, b) => a.fault - b.fault);
    for (const { fault, passed, test, figures } of rows) {
      process.stdout.write(`fault ${String(fault).padStart(2)}  ${passed ? "survived" : "FAILED  "}  ${test}\n`);
      for (const figure of figures) process.stdout.write(`                    ${figure}\n`);
    }
    // A run of one file proves nothing about the others.
    if (modules.length < 2) return;
    const missing = everyFault.filter((fault) => rows.every((row) => row.fault !== fault));
    if (missing.length === 0) return;
    process.stdout.write(`no test ran for fault ${missing.join(", ")}\n`);
    process.exitCode = 1;
  }
}

const everyFault = Array.from({ length: 25 }, (_, at) => at + 1);
