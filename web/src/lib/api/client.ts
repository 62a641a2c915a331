// The one HTTP client. Typed by schema.d.ts; every call goes through `answer`, which turns
// refusals into ApiProblem and silence into Unreachable. Only files of this folder use it.
import createClient from 'openapi-fetch';
import { ApiProblem, Unreachable, type ProblemBody } from './problem';
import type { paths } from './schema';

export const http = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });

type Answer<T> = { data?: T; error?: unknown; response: Response };

let signedOut: () => void = () => {};

/** Called once by the shell: what happens when any call finds the session gone. */
export function onSignedOut(handler: () => void): void {
	signedOut = handler;
}

/** Awaits a call and returns its data, or throws ApiProblem / Unreachable. */
export async function answer<T>(call: Promise<Answer<T>>, quiet = false): Promise<T> {
	let result: Answer<T>;
	try {
		result = await call;
	} catch (cause) {
		throw new Unreachable(cause);
	}
	if (result.response.ok) return result.data as T;
	const body = result.error && typeof result.error === 'object' ? (result.error as ProblemBody) : {};
	// A proxy in front answers for a gateway that is down: that is silence, not a refusal. The gateway's own 502 speaks of TikTok.
	const told = body.type?.endsWith('/provider-unavailable');
	if ([502, 504].includes(result.response.status) && !told) throw new Unreachable(result.response.status);
	const problem = new ApiProblem(result.response.status, body);
	if (problem.status === 401 && !quiet) signedOut();
	throw problem;
}
