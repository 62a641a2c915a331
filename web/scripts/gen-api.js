// Writes src/lib/api/schema.d.ts from the gateway's OpenAPI document.
// `npm run gen:api` reads docs/generated/openapi.json; another file may be named as the first argument.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const source = process.argv[2]
	? resolve(process.argv[2])
	: fileURLToPath(new URL('../../docs/generated/openapi.json', import.meta.url));
const target = fileURLToPath(new URL('../src/lib/api/schema.d.ts', import.meta.url));

const ast = await openapiTS(JSON.parse(await readFile(source, 'utf8')));
const banner = '// Generated from docs/generated/openapi.json by `npm run gen:api`. Do not edit.\n\n';
await writeFile(target, banner + astToString(ast));
