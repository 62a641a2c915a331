import { describe, expect, it } from 'vitest';
import { reasons } from '../src/lib/i18n/reasons';

const files = import.meta.glob<string>('../../crates/gateway/src/**/*.rs', { query: '?raw', import: 'default', eager: true });
const source = Object.values(files).join('\n').replaceAll(/\\\n\s*/g, '');

describe('reasons', () => {
	it.each(Object.keys(reasons))('the gateway says: %s', (sentence) => {
		expect(source.includes(`"${sentence}"`)).toBe(true);
	});
});
