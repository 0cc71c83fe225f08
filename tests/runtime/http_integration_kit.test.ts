import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { NomosProcess } from "../support/nomos_process.ts";
import { TempFolder } from "../support/temp_folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(`${ROOT}docs/http-integration-kit.md`, "utf8");

/** Commands of the page and what they are said to print. */
interface Example {
  readonly name: string;
  readonly code: string;
  readonly prints: string;
}

function examplesOf(mark: "run" | "program"): readonly Example[] {
  const pattern = new RegExp(
    `<!-- ${mark}: ([\\w.]+) -->\n\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\`\n\n\`\`\`text\n([\\s\\S]*?)\`\`\``,
    "g",
  );
  return [...PAGE.matchAll(pattern)].map(([, name = "", code = "", prints = ""]) => {
    return { name, code, prints };
  });
}

/** What is printed, with `…` for anything on the line. */
function patternOf(prints: string): RegExp {
  const escaped = prints.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("…", ".*")}$`);
}

/** A gateway on a copy of the examples, which may write what it likes there. */
async function gatewayOn(folder: TempFolder, example: string): Promise<NomosProcess> {
  cpSync(`${ROOT}examples`, folder.at("examples"), { recursive: true });
  const config = folder.at(`examples/${example}/config.json`);
  return await NomosProcess.serve(config, { NOMOS_GATEWAY_LISTEN: "127.0.0.1:0" });
}

function runIn(
  folder: TempFolder,
  nomos: NomosProcess,
  command: readonly string[],
): Promise<string> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    execFile(program, args, {
      cwd: folder.path,
      env: { ...process.env, NOMOS: nomos.url },
      timeout: 30_000,
    }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

describe("the page about signing requests", () => {
  const SEPARATOR = "=== next ===";

  it("has its commands and programs where they are looked for", () => {
    const runs = examplesOf("run");
    expect(runs).toHaveLength(PAGE.split("<!-- run: ").length - 1);
    expect(runs.length).toBeGreaterThan(10);
    expect(examplesOf("program").map(({ name }) => name)).toEqual([
      "nomos_client.py",
      "nomos_client.ts",
    ]);
  });

  it.each(["quickstart", "payments"])("shows what its commands print: %s", async (session) => {
    using folder = new TempFolder();
    await using nomos = await gatewayOn(folder, session);
    const examples = examplesOf("run").filter(({ name }) => name === session);
    const script = examples.map(({ code }) => `${code}\necho\necho '${SEPARATOR}'\n`).join("");
    const stdout = await runIn(folder, nomos, ["bash", "-c", `set -eu\n${script}`]);
    const printed = stdout.split(`${SEPARATOR}\n`).map((text) => text.trim());
    expect(printed).toHaveLength(examples.length + 1);
    for (const [i, { prints }] of examples.entries()) {
      expect(printed[i]).toMatch(patternOf(prints));
    }
  });

  it.each(examplesOf("program"))(
    "shows a program that works: $name",
    async ({ name, code, prints }) => {
      using folder = new TempFolder();
      await using nomos = await gatewayOn(folder, "quickstart");
      folder.write(name, code);
      const command = name.endsWith(".py")
        ? ["python3", name]
        : [process.execPath, "run", "-A", "--quiet", "--no-config", name];
      expect((await runIn(folder, nomos, command)).trim()).toMatch(patternOf(prints));
    },
  );

  it("shows a TypeScript program that the compiler takes", async () => {
    using folder = new TempFolder();
    await using nomos = await gatewayOn(folder, "quickstart");
    const [, typescript] = examplesOf("program");
    folder.write("nomos_client.ts", typescript?.code ?? "");
    await runIn(folder, nomos, [
      process.execPath,
      "check",
      "--quiet",
      "--no-config",
      "nomos_client.ts",
    ]);
  });
});
