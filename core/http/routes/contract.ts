import type { Route } from "../route.ts";

/** `GET /openapi.json` and `/openapi.yaml`: the published contract. */
export function contractRoutes(): readonly Route[] {
  return [
    { path: "/openapi.json", methods: { GET: () => sendContract("json") } },
    { path: "/openapi.yaml", methods: { GET: () => sendContract("yaml") } },
  ];
}

const TYPES = { json: "application/json; charset=utf-8", yaml: "application/yaml; charset=utf-8" };

/** Few ever ask for it: it is made when somebody does. */
async function sendContract(format: "json" | "yaml"): Promise<Response> {
  const { openApiJson, openApiYaml } = await import("../openapi.ts");
  const text = format === "json" ? openApiJson() : await openApiYaml();
  return new Response(text, { headers: { "content-type": TYPES[format] } });
}
