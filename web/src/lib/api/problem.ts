// Errors of the API as values. `ApiProblem` is an answer of the gateway (problem+json);
// `Unreachable` is the absence of one, after which nothing may be said about the outcome.

/** Fields every problem has; extras (closedAt, limit, length …) stay beside them. */
export interface ProblemBody {
	type?: string;
	title?: string;
	status?: number;
	detail?: string;
	[extra: string]: unknown;
}

export class ApiProblem extends Error {
	/** Last part of the problem type, for example `window-closed`. */
	readonly slug: string;
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	readonly extras: ProblemBody;

	constructor(status: number, body: ProblemBody) {
		super(body.title ?? `HTTP ${status}`);
		this.name = 'ApiProblem';
		this.status = status;
		this.slug = body.type?.split('/').pop() || `http-${status}`;
		this.title = body.title ?? `HTTP ${status}`;
		this.detail = body.detail ?? '';
		this.extras = body;
	}
}

export class Unreachable extends Error {
	constructor(cause: unknown) {
		super('The gateway did not answer', { cause });
		this.name = 'Unreachable';
	}
}

/** True when the session is gone and the sign-in page must be shown. */
export function isSignedOut(error: unknown): boolean {
	return error instanceof ApiProblem && error.status === 401;
}
