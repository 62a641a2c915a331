// Pictures chosen for a reply: uploaded as soon as they are chosen, sent by their media id.
import { PICTURE_MAX_BYTES, PICTURE_TYPES, uploadPicture } from '$lib/api/media';
import { isSignedOut } from '$lib/api/problem';
import { reason } from '$lib/i18n/problems';
import { m } from '$lib/paraglide/messages';

export interface Attachment {
	id: number;
	name: string;
	/** Object URL of the file, for the thumbnail. */
	preview: string;
	mediaId: string | null;
}

export class Attachments {
	items = $state<Attachment[]>([]);
	/** What was refused and why; cleared by the next choice. */
	error = $state<string | null>(null);
	#next = 1;
	readonly #uploads = new Map<number, AbortController>();

	get uploading(): boolean {
		return this.items.some((a) => a.mediaId === null);
	}

	add(files: Iterable<File>): void {
		this.error = null;
		for (const file of files) {
			if (!PICTURE_TYPES.includes(file.type)) this.error = m.cp_picture_type({ name: file.name });
			else if (file.size > PICTURE_MAX_BYTES) this.error = m.cp_picture_size({ name: file.name });
			else void this.#upload(file);
		}
	}

	async #upload(file: File): Promise<void> {
		const id = this.#next++;
		const abort = new AbortController();
		this.#uploads.set(id, abort);
		this.items.push({ id, name: file.name, preview: URL.createObjectURL(file), mediaId: null });
		try {
			const media = await uploadPicture(file, abort.signal);
			const item = this.items.find((a) => a.id === id);
			if (item) item.mediaId = media.id;
		} catch (error) {
			if (abort.signal.aborted) return;
			this.remove(id);
			if (!isSignedOut(error)) this.error = m.cp_picture_failed({ name: file.name, reason: reason(error) });
		} finally {
			this.#uploads.delete(id);
		}
	}

	remove(id: number): void {
		this.#uploads.get(id)?.abort();
		const gone = this.items.find((a) => a.id === id);
		if (gone) URL.revokeObjectURL(gone.preview);
		this.items = this.items.filter((a) => a.id !== id);
	}

	/** Hands the pictures over to be sent; their previews stay alive for the bubbles. */
	take(): { mediaId: string; preview: string }[] {
		const taken = this.items.flatMap((a) => (a.mediaId ? [{ mediaId: a.mediaId, preview: a.preview }] : []));
		this.items = [];
		this.error = null;
		return taken;
	}
}

const perConversation = new Map<string, Attachments>();

/** Kept per conversation, so that looking elsewhere loses nothing. */
export function attachmentsOf(conversationId: string): Attachments {
	const known = perConversation.get(conversationId);
	if (known) return known;
	const fresh = new Attachments();
	perConversation.set(conversationId, fresh);
	return fresh;
}
