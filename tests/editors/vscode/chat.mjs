// The chat, as a person finds it: by what its controls are called, not by how they are made.
import { until } from './rig.mjs';

export class Chat {
  constructor(bench) {
    this.bench = bench;
  }

  /** Brings the chat up, and waits until a person can write in it. */
  async open() {
    await this.bench.page.locator('.statusbar-item[id*="droid.status"]').waitFor(); // the extension is there
    await this.bench.run('Droid: Open Chat');
    return this.find();
  }

  /** The inside of the chat's view; a new one after each reload. */
  async find() {
    this.frame = await this.bench.webview('#app textarea');
    this.input = this.frame.locator('#app textarea').first();
    return this;
  }

  button(name) {
    return this.frame.getByRole('button', { name }).last();
  }

  /** Presses a button that goes away with it. One that has only just come takes no press, so it is tried again. */
  async press(name) {
    const button = this.button(name);
    await button.waitFor();
    await until(`${name} is pressed`, async () => {
      if (!(await button.isVisible())) return true;
      await button.click({ timeout: 2000 }).catch(() => {});
      return false;
    });
  }

  async send(text) {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** Waits until the conversation shows this. */
  async says(text, seconds = 30) {
    await until(`the chat says ${text}`, async () => (await this.text()).includes(text), seconds);
  }

  text() {
    return this.frame.evaluate(() => document.getElementById('app').innerText);
  }
}
