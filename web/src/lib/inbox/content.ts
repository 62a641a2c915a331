// A message's content as one closed set of shapes. The wire says `{type, content}` with a shape per
// type; anything unexpected becomes a typed placeholder, never an empty bubble.
import type { Message, OutgoingContent } from '$lib/api/types';

export type MediaState = 'pending' | 'ready' | 'failed';

export interface MediaContent {
	url: string | null;
	state: MediaState;
	width: number | null;
	height: number | null;
	size: number | null;
}

export type Content =
	| { kind: 'text'; text: string }
	| ({ kind: 'image' } & MediaContent)
	| ({ kind: 'video' } & MediaContent)
	| { kind: 'shared_post'; embedUrl: string | null; postId: string | null }
	| { kind: 'sticker'; url: string | null }
	| { kind: 'emoji'; url: string | null }
	| { kind: 'template'; style: 'button' | 'link'; title: string; buttons: { id: string | null; title: string }[] }
	| { kind: 'unsupported'; typeName: string };

type Raw = Record<string, unknown>;

const str = (v: unknown): string | null => (typeof v === 'string' && v !== '' ? v : null);
const num = (v: unknown): number | null => (typeof v === 'number' && v > 0 ? v : null);

/** Only addresses a browser may safely open: our own paths, https, and the simulator on this machine. */
export function safeUrl(v: unknown): string | null {
	const url = str(v);
	return url && /^(https:\/\/|\/(?![/\\])|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/)/.test(url) ? url : null;
}

export function contentOf(message: Message): Content {
	return contentFrom(message.message.type as string, message.message.content);
}

function contentFrom(type: string, content: unknown): Content {
	if (type === 'text') {
		const text = typeof content === 'string' ? content : '';
		return text.trim() === '' ? { kind: 'unsupported', typeName: 'empty_text' } : { kind: 'text', text };
	}
	const raw: Raw = content && typeof content === 'object' ? (content as Raw) : {};
	switch (type) {
		case 'image':
		case 'video':
			return {
				kind: type,
				url: safeUrl(raw.url),
				state: raw.state === 'pending' || raw.state === 'failed' ? raw.state : 'ready',
				width: num(raw.width),
				height: num(raw.height),
				size: num(raw.size)
			};
		case 'shared_post':
			return { kind: 'shared_post', embedUrl: safeUrl(raw.embedUrl), postId: str(raw.postId) };
		case 'sticker':
		case 'emoji':
			return { kind: type, url: safeUrl(raw.url) };
		case 'template':
			return {
				kind: 'template',
				style: raw.style === 'link' ? 'link' : 'button',
				title: str(raw.title) ?? '',
				buttons: Array.isArray(raw.buttons) ? (raw.buttons as { id?: unknown; title?: unknown }[]).map((b) => ({ id: str(b.id), title: str(b.title) ?? '' })) : []
			};
		default:
			return { kind: 'unsupported', typeName: str(raw.typeName) ?? type };
	}
}

/** What is on its way from here, as it will look. A picture is drawn from its file instead. */
export function contentOfReply(content: OutgoingContent): Content {
	switch (content.type) {
		case 'text':
			return contentFrom('text', content.body);
		case 'shared_post':
			return contentFrom('shared_post', { postId: content.postId });
		default:
			return contentFrom(content.type, content);
	}
}
