// Pictures: what TikTok takes, and the upload.
import { ApiProblem, Unreachable, type ProblemBody } from './problem';
import type { MediaUploaded } from './types';

/** TikTok API for Business portal, read 2026-11: JPG or PNG, at most 3 MB. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png'];
export const PICTURE_MAX_BYTES = 3 * 1024 * 1024;

/** Multipart field `file`; the browser writes the boundary itself, hence plain fetch. */
export async function uploadPicture(file: File, signal?: AbortSignal): Promise<MediaUploaded> {
	const form = new FormData();
	form.set('file', file);
	let response: Response;
	try {
		response = await fetch('/api/v1/media', { method: 'POST', body: form, credentials: 'same-origin', signal });
	} catch (cause) {
		throw new Unreachable(cause);
	}
	const body: unknown = await response.json().catch(() => ({}));
	if (!response.ok) throw new ApiProblem(response.status, body as ProblemBody);
	return body as MediaUploaded;
}
