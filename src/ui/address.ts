import { useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

/**
 * Filters, sort and page live in the address, so that a link reproduces the view. Every value is text.
 * `parseAddress` and `writeAddress` replace the router's own JSON spelling (`?name="李"`), which nobody can read or type.
 */
export function parseAddress(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeAddress(values: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

export interface AddressChange<V> {
  (change: Partial<V>, options?: { replace?: boolean }): void;
}

/** The named values of the address with their defaults, and how to change some. What equals its default is left out of the address. */
export function useAddress<const D extends Readonly<Record<string, string>>>(
  defaults: D,
): [{ [K in keyof D]: string }, AddressChange<{ [K in keyof D]: string }>] {
  type Values = { [K in keyof D]: string };
  const router = useRouter();
  // The search of the page that is on screen, not of the one that is being opened: a page on its way out keeps its own.
  const here = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>;
  // Defaults are usually written in place at each render; their text tells whether they really changed.
  const spelling = JSON.stringify(defaults);
  const values = useMemo(() => {
    const fallback = JSON.parse(spelling) as Record<string, string>;
    return Object.fromEntries(Object.entries(fallback).map(([name, value]) => [name, here[name] ?? value])) as Values;
  }, [here, spelling]);
  const change = useCallback<AddressChange<Values>>(
    (patch, options) => {
      const fallback = JSON.parse(spelling) as Record<string, string>;
      const next: Record<string, string> = {
        ...parseAddress(router.state.location.searchStr),
        ...(patch as Record<string, string>),
      };
      for (const [name, value] of Object.entries(fallback)) if (next[name] === value) delete next[name];
      void router.navigate({
        href: router.state.location.pathname + writeAddress(next),
        replace: options?.replace ?? true,
      });
    },
    [router, spelling],
  );
  return [values, change];
}

/** A `$name` part of the page's path. */
export function usePathPart(name: string): string {
  const parts = useParams({ strict: false }) as Record<string, string | undefined>;
  return parts[name] ?? "";
}

/** Opens an address of the program: `go("/ledger/12?step=check")`. */
export function useGo(): (href: string, options?: { replace?: boolean }) => void {
  const router = useRouter();
  return useCallback((href, options) => void router.navigate({ href, replace: options?.replace ?? false }), [router]);
}
