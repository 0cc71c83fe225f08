import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { openApiDocument } from "../../core/http/openapi.ts";
import type { Answer } from "./gateway.ts";

/** A part of the contract, followed by name. */
type Part = Readonly<Record<string, unknown>>;

/** The published contract, as callers with a validator of their own would hold us to it. */
export class Contract {
  readonly document: Part = JSON.parse(JSON.stringify(openApiDocument()));
  readonly #ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
  });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor() {
    this.#ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    this.#ajv.addFormat("json-pointer", /^(\/([^/~]|~[01])*)*$/);
    // What is no schema in there is nobody's business but the document's own validator.
    this.#ajv.addSchema({ $id: "contract", components: this.document["components"] });
    for (const word of ["components"]) this.#ajv.addVocabulary([word]);
  }

  /** What is wrong with a value, by the schema of this name. */
  problems(schema: string, value: unknown): readonly string[] {
    const known = this.#validators.get(schema);
    const validate = known ??
      this.#ajv.compile({ $ref: `contract#/components/schemas/${schema}` });
    if (known === undefined) this.#validators.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }

  /** What an answer has that the contract does not know. */
  judge(method: string, path: string, answer: Answer): readonly string[] {
    const operation = this.#operation(method, path);
    if (operation === undefined) {
      return answer.status < 400 || answer.text === "" ? [] : this.problems("Error", answer.body);
    }
    const responses = part(operation, "responses");
    const found = responses[String(answer.status)];
    if (found === undefined) return [`${method} ${path} answers ${answer.status}: not described`];
    if (method === "HEAD") return answer.text === "" ? [] : ["HEAD has a body"];
    const response = this.#followed(found);
    return [...this.#judgeBody(response, answer), ...judgeHeaders(response, answer)];
  }

  /** The paths of the contract with their methods. */
  operations(): readonly string[] {
    return Object.entries(part(this.document, "paths")).flatMap(([path, item]) =>
      Object.keys(isPart(item) ? item : {}).map((method) => `${method.toUpperCase()} ${path}`)
    );
  }

  #judgeBody(response: Part, answer: Answer): readonly string[] {
    const [type = "", media] = Object.entries(part(response, "content"))[0] ?? [];
    const told = answer.headers.get("content-type") ?? "";
    if (!told.startsWith(type)) return [`content-type is ${told}, described as ${type}`];
    if (!isPart(media) || !isPart(media["schema"])) return ["there is no schema"];
    const { const: constant, anyOf = [media["schema"]] } = media["schema"];
    if (constant !== undefined) return answer.text === constant ? [] : [`body is ${answer.text}`];
    const judged = (Array.isArray(anyOf) ? anyOf : []).map((one: unknown) => {
      const name = isPart(one) && typeof one["$ref"] === "string"
        ? one["$ref"].split("/").at(-1)
        : "";
      return name ? this.problems(name, answer.body) : [];
    });
    return judged.some((problems) => problems.length === 0) ? [] : judged.flat();
  }

  #operation(method: string, path: string): Part | undefined {
    const [pathname = ""] = path.split("?");
    for (const [template, item] of Object.entries(part(this.document, "paths"))) {
      const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`);
      if (!pattern.test(pathname) || !isPart(item)) continue;
      const found = item[method === "HEAD" ? "get" : method.toLowerCase()];
      // A method that is not described is answered like any wrong one.
      const any = Object.values(item)[0];
      if (isPart(found)) return found;
      if (isPart(any)) return { responses: { "405": part(any, "responses")["405"] } };
    }
    return undefined;
  }

  #followed(value: unknown): Part {
    if (!isPart(value)) return {};
    const { $ref } = value;
    if (typeof $ref !== "string") return value;
    const steps = $ref.replace(/^#\//, "").split("/");
    return steps.reduce<Part>((at, step) => part(at, step), this.document);
  }
}

function judgeHeaders(response: Part, answer: Answer): readonly string[] {
  const headers = part(response, "headers");
  const missing: string[] = [];
  for (const name of ["Allow", "Retry-After"]) {
    const described = headers[name] !== undefined;
    if (described !== answer.headers.has(name)) missing.push(`${name}: described is ${described}`);
  }
  return missing;
}

function part(of: Part, name: string): Part {
  const value = of[name];
  return isPart(value) ? value : {};
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

let contract: Contract | undefined;

/** The contract, read once. */
export function publishedContract(): Contract {
  contract ??= new Contract();
  return contract;
}
