// Who is signed in, and the ways in and out.
import { answer, http } from './client';
import type { Member, Page, Session } from './types';

export interface OwnerSetup {
	name: string;
	email: string;
	password: string;
}

export const getSession = (): Promise<Session> => answer(http.GET('/api/v1/session'), true);

/** Spends a one-time link. Throws `setup-required` when the owner must be set up first. */
export const useLink = (token: string, setup?: OwnerSetup): Promise<unknown> =>
	answer(http.POST('/api/v1/session/link', { body: setup ? { token, setup } : { token } }), true);

export const signIn = (email: string, password: string): Promise<unknown> =>
	answer(http.POST('/api/v1/session/password', { body: { email, password } }), true);

export const signOut = (): Promise<unknown> => answer(http.DELETE('/api/v1/session'), true);

export const listMembers = (): Promise<Page<Member>> =>
	answer(http.GET('/api/v1/members')) as Promise<Page<Member>>;
