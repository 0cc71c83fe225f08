import { describe, expect, it } from "vitest";
import { MAX_PREVIEW_BYTES, previewOf } from "../../../../core/approvals/mod.ts";
import { encodeUtf8 } from "../../../../core/encoding/mod.ts";
import { asIs, factsOf, json } from "./support.ts";

/** A stand-in for the redactor: hides a known secret, and everything behind a header's name. */
function redact(text: string): string {
  return text.replaceAll("s3cret", "[REDACTED]").replace(/authorization: .*/gi, "[REDACTED]");
}

function preview(type: string, params: unknown, resource = "file://workspace/a"): string[] {
  const facts = factsOf({ type, resource, params: json(JSON.stringify(params)) });
  return previewOf(facts, redact).split("\n");
}

describe("the preview of an action", () => {
  it("shows a command argument by argument", () => {
    const params = { argv: ["sh", "-c", 'echo "s3cret"\nrm -rf /'], cwd: "src", stdin: "y\n" };
    expect(preview("process.exec", params)).toEqual([
      "process.exec file://workspace/a",
      "argv:",
      '  "sh"',
      '  "-c"',
      '  "echo \\"[REDACTED]\\"\\nrm -rf /"',
      "cwd: src",
      "stdin (2 characters):",
      "  | y",
      "  | ",
    ]);
  });

  it("does not let a redacted argument hide the ones behind it", () => {
    const params = { argv: ["curl", "-H", "Authorization: x", "--upload-file", "/etc/passwd"] };
    expect(preview("process.exec", params)).toContain('  "/etc/passwd"');
  });

  it("shows a patch as it is", () => {
    const patch = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+\ts3cret\n";
    expect(preview("repo.apply_patch", { patch })).toEqual([
      "repo.apply_patch file://workspace/a",
      `patch (${patch.length} characters):`,
      "  | --- a/x",
      "  | +++ b/x",
      "  | @@ -1 +1 @@",
      "  | -a",
      "  | +\t[REDACTED]",
      "  | ",
    ]);
  });

  it("shows a request with its headers and body", () => {
    const params = {
      method: "POST",
      headers: { "X-A": "1", Authorization: "Bearer s3cret" },
      query: "q=1",
      body: "hi",
    };
    expect(preview("net.http_request", params, "url://example.com/x")).toEqual([
      "net.http_request url://example.com/x",
      "method: POST",
      "scheme: https",
      "query: q=1",
      "  X-A: 1",
      "  [REDACTED]",
      "body (2 characters):",
      "  | hi",
    ]);
  });

  it("shows what is written, and tool arguments and other params member by member", () => {
    expect(preview("fs.write", { content: "a\nb", encoding: "utf8" })).toEqual([
      "fs.write file://workspace/a",
      "encoding: utf8",
      "content (3 characters):",
      "  | a",
      "  | b",
    ]);
    expect(preview("payments.refund", { amount: 5, to: { iban: "s3cret" }, tags: ["x", null] }))
      .toEqual([
        "payments.refund file://workspace/a",
        "params:",
        "  {",
        '    "amount": 5',
        '    "to": {',
        '      "iban": "[REDACTED]"',
        "    }",
        '    "tags": [',
        '      "x"',
        "      null",
        "    ]",
        "  }",
      ]);
    const call = { upstream_server: "shop", upstream_tool: "refund", tool_arguments: { id: 1 } };
    expect(preview("mcp.call", call, "mcp://shop/refund")).toEqual([
      "mcp.call mcp://shop/refund",
      "upstream server: shop",
      "tool: refund",
      "arguments:",
      "  {",
      '    "id": 1',
      "  }",
    ]);
  });

  it("shows numbers with the digits they were sent with", () => {
    const params = json('{"amount":1.50,"big":9007199254740993}');
    expect(previewOf(factsOf({ params }), asIs)).toContain(
      '"amount": 1.50\n    "big": 9007199254740993',
    );
  });

  it("lets no content forge a line or hide behind invisible characters", () => {
    const lines = preview("fs.write", { content: "x\nargv:\u202e\u001b[2K\r\u2028" });
    expect(lines).toEqual([
      "fs.write file://workspace/a",
      "content (14 characters):",
      "  | x",
      "  | argv:\\u{202e}\\u{1b}[2K\\u{d}\\u{2028}",
    ]);
    expect(preview("a.b", { "x\n  }": "\u0007" })).toContain('    "x\\n  }": "\\u{7}"');
  });

  it("is bounded, and says how much it leaves out", () => {
    const text = previewOf(
      factsOf({ type: "fs.write", params: json(JSON.stringify({ content: "é".repeat(40_000) })) }),
      asIs,
    );
    expect(encodeUtf8(text).length).toBeLessThan(MAX_PREVIEW_BYTES + 64);
    expect(text).toMatch(/\n\[\d+ more characters\]$/);
  });

  it("redacts before it cuts", () => {
    const content = `${"x".repeat(MAX_PREVIEW_BYTES - 60)}s3cret`;
    const params = json(JSON.stringify({ content }));
    expect(previewOf(factsOf({ type: "fs.write", params }), redact)).not.toContain("s3cr");
  });

  it("shows members of unexpected types rather than nothing", () => {
    expect(preview("fs.write", { content: [1, 2] })).toContain("  |   [     1     2   ]");
  });
});
