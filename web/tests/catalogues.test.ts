import { describe, expect, it } from 'vitest';
import enCatalogue from '../messages/en.json';
import thCatalogue from '../messages/th.json';

type Catalogue = Record<string, unknown>;
const parameters = (entry: unknown) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].sort();

describe('catalogues', () => {
	const en: Catalogue = enCatalogue;
	const th: Catalogue = thCatalogue;

	it('have the same keys', () => {
		expect(Object.keys(th).sort()).toEqual(Object.keys(en).sort());
	});

	it('use the same parameters', () => {
		for (const key of Object.keys(en)) expect([key, parameters(th[key])]).toEqual([key, parameters(en[key])]);
	});

	it('say hours as ชม., because น. means o’clock', () => {
		for (const [key, text] of Object.entries(th)) expect([key, /\d ?น\./.test(String(text))]).toEqual([key, false]);
	});

	it('end no Thai sentence with a full stop', () => {
		for (const [key, text] of Object.entries(th)) expect([key, /[\u0e00-\u0e7f]\.$/.test(String(text).replace(/ชม\.$/, ''))]).toEqual([key, false]);
	});

	it('spell a chat one way in Thai', () => {
		for (const [key, text] of Object.entries(th)) expect([key, /แชท|คอมเมนต์/.test(String(text))]).toEqual([key, false]);
	});
});
