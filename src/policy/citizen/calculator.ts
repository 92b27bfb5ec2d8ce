/**
 * 算一算 in the browser. The rules are loaded once, with the page; after that nothing is sent, nothing is stored, and the page works
 * without a network. The browser's own way back goes to the question before.
 */
import { isDate, runtime } from "#kernel/contract";
import { keepForLater } from "./keep.ts";
import { interview, type Answer, type Setup } from "./interview.ts";
import type { CalculatorRules } from "./model.ts";
import { questionScreen } from "./question-screen.ts";
import { resultOf } from "./result.ts";
import { resultScreen } from "./result-screen.ts";
import { audienceScreen, choiceScreen, placeScreen } from "./setup-screens.ts";
import { answersOf, type Answered, type State } from "./state.ts";

class Calculator {
  private readonly root: HTMLElement;
  private readonly rules: CalculatorRules;
  /** All states so far; the browser's history holds only their numbers. */
  private readonly states: State[];
  private at = 0;
  /** Answers given once, for when somebody goes back and comes again. */
  private readonly drafts = new Map<string, Answer>();

  constructor(root: HTMLElement, rules: CalculatorRules, asOf: string) {
    this.root = root;
    this.rules = rules;
    this.states = [{ screen: "place", asOf }];
    history.replaceState({ at: 0 }, "");
    addEventListener("popstate", ({ state }: PopStateEvent) => {
      const at = (state as { at?: number } | null)?.at ?? 0;
      if (at < this.states.length) this.show(at);
    });
    this.show(0, false);
  }

  private go(state: State): void {
    this.states.splice(this.at + 1, this.states.length, state);
    history.pushState({ at: this.at + 1 }, "");
    this.show(this.at + 1);
  }

  private show(at: number, focus = true): void {
    this.at = at;
    const screen = this.screen(this.states[at]!);
    this.root.textContent = "";
    this.root.appendChild(screen);
    if (!focus) return;
    scrollTo(0, 0);
    this.root.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  private readonly actions = { back: () => history.back() };

  private screen(state: State): HTMLElement {
    const { rules, actions } = this;
    switch (state.screen) {
      case "place":
        return placeScreen(rules, state.asOf, (place, asOf) => this.go({ screen: "audience", asOf, place }));
      case "audience":
        return audienceScreen(rules, state.place, actions, (audience) =>
          this.go({ ...state, screen: "choice", audience }),
        );
      case "choice": {
        const { asOf, place, audience } = state;
        return choiceScreen(rules, state, actions, (chosen) => this.ask({ asOf, place, audience, chosen }, []));
      }
      case "question": {
        const { setup, answered, asked, place } = state;
        const progress = interview(rules, setup, answersOf(answered));
        const asking = { rules, setup, asked, draft: this.drafts.get(asked.key), before: place, progress };
        return questionScreen(
          asking,
          actions,
          (answer) => {
            this.drafts.set(asked.key, answer);
            this.ask(setup, [...answered.slice(0, place), { asked, answer }, ...answered.slice(place)]);
          },
          () => this.go({ screen: "result", setup, answered }),
        );
      }
      case "result": {
        const { setup, answered } = state;
        return resultScreen(resultOf(rules, setup, answered), {
          change: (place) => {
            const others = answered.filter((_, index) => index !== place);
            this.go({ screen: "question", setup, answered: others, asked: answered[place]!.asked, place });
          },
          again: () => this.go({ screen: "place", asOf: setup.asOf }),
        });
      }
    }
  }

  /** The next question, or the result when there is none. */
  private ask(setup: Setup, answered: readonly Answered[]): void {
    const { next } = interview(this.rules, setup, answersOf(answered));
    const place = answered.length;
    this.go(next ? { screen: "question", setup, answered, asked: next, place } : { screen: "result", setup, answered });
  }
}

/** A page kept from an earlier day begins with today. Of a demonstration, whose day stands still, and of a day in the address nothing changes. */
function startDate(written: string, live: boolean): string {
  const asked = new URLSearchParams(location.search).get("date");
  if (asked && isDate(asked)) return asked;
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  return live && today > written ? today : written;
}

const root = document.getElementById("calculator");
if (root) {
  const { rules, date, live } = root.dataset;
  import(/* @vite-ignore */ rules!).then(
    (module: { default: (k: typeof runtime) => CalculatorRules }) => {
      void new Calculator(root, module.default(runtime), startDate(date!, live === "yes"));
      void keepForLater(rules!);
    },
    () => {
      root.querySelector("[role=status]")!.textContent = "没有连上网络，规则没有下载完。请检查网络后刷新页面。";
    },
  );
}
