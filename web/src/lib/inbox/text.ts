// A message in one line of plain words: for quotes and for screen readers.
import type { Message } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';
import { contentOf } from './content';

export function plainText(message: Message): string {
	const content = contentOf(message);
	switch (content.kind) {
		case 'text':
			return content.text;
		case 'image':
			return m.type_image();
		case 'video':
			return m.type_video();
		case 'shared_post':
			return m.type_shared_post();
		case 'sticker':
			return m.type_sticker();
		case 'emoji':
			return m.type_emoji();
		case 'template':
			return content.title || m.type_template();
		case 'unsupported':
			return m.type_unsupported();
	}
}
