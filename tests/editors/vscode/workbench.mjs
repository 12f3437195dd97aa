// What a person does in VS Code's window, in a test's words. Nothing here knows of Droid but `chat`.
import { until } from './rig.mjs';

export class Workbench {
  constructor(page) {
    this.page = page;
  }

  /** Runs a command by the name that the palette shows. */
  async run(title) {
    const { page } = this;
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(`>${title}`);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await page.keyboard.press('Enter');
  }

  /** Takes one row of the list that is open. */
  async pick(text) {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** Writes into the input box that is open. */
  async answer(text) {
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  async openFile(path) {
    const { page } = this;
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(path);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: path.split('/').pop() }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.tab.active').getByText(path.split('/').pop(), { exact: true }).first().waitFor();
  }

  /** The lines of the editors that are shown, top to bottom. */
  lines() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('.editor-instance .view-line')]
        .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
        .map((line) => line.textContent.replace(/\u00a0/g, ' ')),
    );
  }

  shows(text, seconds) {
    return until(`an editor shows ${text}`, async () => (await this.lines()).some((line) => line.includes(text)), seconds);
  }

  async save() {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** Puts the cursor into a line. A click on `.view-lines` as a whole would go astray. */
  async clickLine(text) {
    const span = this.page.locator('.editor-instance .view-line', { hasText: text }).first().locator('span').first();
    await span.waitFor();
    const box = await span.boundingBox();
    await this.page.mouse.click(box.x + 5, box.y + box.height / 2);
  }

  /** Makes the side bar this wide, by its edge. */
  async widen(pixels) {
    const bar = await this.page.locator('.part.sidebar').boundingBox();
    const y = bar.y + bar.height / 2;
    await this.page.mouse.move(bar.x + bar.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(bar.x + pixels, y, { steps: 5 });
    await this.page.mouse.up();
  }

  notification(text) {
    return this.page.locator('.notification-list-item', { hasText: text }).first();
  }

  /** A modal question of the editor's. */
  dialog(text) {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  status(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  /** From now on, remember what the status bar says: some of it is gone before anybody could ask. */
  async keepStatus() {
    await this.page.evaluate(() => {
      const bar = document.querySelector('.part.statusbar');
      window.keptStatus = [];
      new MutationObserver(() => window.keptStatus.push(bar.innerText)).observe(bar, {
        characterData: true,
        childList: true,
        subtree: true,
      });
    });
  }

  keptStatus() {
    return this.page.evaluate(() => window.keptStatus);
  }

  /** The inside of the view that shows this in its document: webviews are frames within frames. */
  async webview(selector, seconds = 30) {
    return until(
      `a webview shows ${selector}`,
      async () => {
        for (const frame of this.page.frames()) {
          if (frame.isDetached() || !frame.url().includes('fake.html')) continue;
          if (await frame.locator(selector).first().isVisible().catch(() => false)) return frame;
        }
        return undefined;
      },
      seconds,
    );
  }
}
