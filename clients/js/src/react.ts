import { createContext, createElement, useContext, useMemo, useRef, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import type { Presence, PresenceConnection, PresenceMe, PresenceRoom, PresenceUser, Store } from './types.js';

const Context = createContext<Presence | undefined>(undefined);

/** Hands a client to the components below. */
export const PresenceProvider = ({ presence, children }: { presence: Presence; children?: ReactNode }): ReactElement =>
  createElement(Context, { value: presence }, children);

export function usePresence(): Presence {
  const presence = useContext(Context);
  if (!presence) throw new Error('no PresenceProvider above');
  return presence;
}

type Select<T, S> = (value: T) => S;

/** What is selected of a store's value. It stays the same while nothing in it is different, so that a component renders only then. */
export function useStore<T, S = T>({ get, subscribe }: Store<T>, select: Select<T, S> = (value) => value as never): S {
  const last = useRef<S>(undefined);
  const snapshot = (): S => {
    const next = select(get());
    return same(last.current, next) ? last.current as S : (last.current = next);
  };
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

const same = (a: any, b: any): boolean => a === b
  || !!a && !!b && typeof a == 'object' && Object.keys(a).length == Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);

const createHook = <K extends 'user' | 'room' | 'users', T>(kind: K) =>
  <S = T>(of: Parameters<Presence[K]>[0], select?: Select<T, S>): S => {
    const presence = usePresence();
    return useStore(useMemo(() => presence[kind](of as never) as unknown as Store<T>, [presence, JSON.stringify(of)]), select);
  };

export const useUser = createHook<'user', PresenceUser | undefined>('user');
export const useUsers = createHook<'users', readonly (PresenceUser | undefined)[]>('users');
export const useRoom = createHook<'room', PresenceRoom | undefined>('room');
export const useMe = <S = PresenceMe | undefined>(select?: Select<PresenceMe | undefined, S>): S => useStore(usePresence().me, select);
export const useConnection = <S = PresenceConnection>(select?: Select<PresenceConnection, S>): S => useStore(usePresence().connection, select);
