/** What every public page has besides its words: large type, and reading aloud where the device has a Chinese voice of its own. */
import "./citizen.css";

function largeType(button: HTMLElement): void {
  button.hidden = false;
  button.addEventListener("click", () => {
    const large = document.documentElement.classList.toggle("large");
    button.setAttribute("aria-pressed", String(large));
  });
}

/** Only voices of the device: others send what they read to somebody else's server. */
const ownVoice = (): SpeechSynthesisVoice | undefined =>
  speechSynthesis.getVoices().find(({ localService, lang }) => localService && /^zh\b/i.test(lang));

function readAloud(button: HTMLElement): void {
  const offer = () => {
    button.hidden = ownVoice() === undefined;
  };
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel();
    const voice = ownVoice();
    const words = document.getElementById("main")?.innerText ?? "";
    // Long texts are cut short by some engines, so each line is said by itself.
    for (const line of words.split("\n").filter((one) => one.trim() !== "")) {
      const said = new SpeechSynthesisUtterance(line);
      said.lang = "zh-CN";
      if (voice) said.voice = voice;
      speechSynthesis.speak(said);
    }
  });
}

const large = document.getElementById("large-type");
if (large) largeType(large);
const read = document.getElementById("read-aloud");
if (read && "speechSynthesis" in window) readAloud(read);

/** On paper nothing can be opened: what is folded is laid open for the print and folded again. */
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll<HTMLDetailsElement>("details:not([open])")) {
    folded.open = true;
    addEventListener("afterprint", () => (folded.open = false), { once: true });
  }
});
