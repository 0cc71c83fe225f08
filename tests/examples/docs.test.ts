import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md")).map((path) => `docs/${path.replaceAll("\\", "/")}`),
].sort();

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The text without its code blocks. */
function proseOf(page: string): string {
  return textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** What headings are called in links, as GitHub does it. */
function anchorsOf(page: string): Set<string> {
  const headings = [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text);
  return new Set(
    headings.map((text) =>
      text.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-")
    ),
  );
}

function blocksOf(page: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...textOf(page).matchAll(pattern)].map(([, block = ""]) => block);
}

describe("the documentation", () => {
  it.each(PAGES)("%s links to what there is", (page) => {
    const broken = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link)
      .filter((link) => !/^(?:https?|mailto):/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path).replaceAll("\\", "/");
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(PAGES)("%s names example files that there are", (page) => {
    const named = [...textOf(page).matchAll(/\bexamples\/[\w./-]*\w/g)].map(([path]) => path);
    expect(named.filter((path) => !/nomos-[a-z]+\.db$/.test(path) && !existsSync(join(ROOT, path))))
      .toEqual([]);
  });

  it.each(PAGES)("%s shows JSON and YAML that can be read", (page) => {
    for (const block of blocksOf(page, "json")) {
      // A part of a document stands without its braces.
      const whole = /^\s*[{[]/.test(block) ? block : `{${block}}`;
      expect(() => JSON.parse(whole), block).not.toThrow();
    }
    for (const block of blocksOf(page, "yaml")) expect(() => parse(block), block).not.toThrow();
  });
});
