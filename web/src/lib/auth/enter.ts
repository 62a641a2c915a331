// After signing in: to where one was going, if that is a path of this site.

export function nextPath(params: URLSearchParams): string {
	const next = params.get('next') ?? '/';
	return /^\/(?![/\\])/.test(next) ? next : '/';
}

/** A full load: whatever an earlier session left in memory is gone. */
export function enter(path: string): void {
	location.replace(path);
}
