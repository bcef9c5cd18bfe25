// Pictures as pixels, read by a browser: nothing else here knows PNG.

import type { JSHandle, Page } from "@playwright/test";

/** Red, green, blue and opacity of each pixel in turn. They stay in the page. */
export function pixelsOf(page: Page, picture: string): Promise<JSHandle<ImageData["data"]>> {
  return page.evaluateHandle(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const paper = document.createElement("canvas");
    [paper.width, paper.height] = [image.width, image.height];
    const context = paper.getContext("2d")!;
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, paper.width, paper.height).data;
  }, picture);
}

/** How many pixels differ, and by how much at most of 255. Both are PNG in Base64. */
export async function difference(page: Page, one: string, other: string): Promise<[number, number]> {
  const pixels = [await pixelsOf(page, one), await pixelsOf(page, other)];
  return page.evaluate((data) => {
    if (data[0].length !== data[1].length) throw new Error("the pictures are not as large");
    let [count, most] = [0, 0];
    for (let at = 0; at < data[0].length; at += 4) {
      let apart = 0;
      for (let part = 0; part < 3; part += 1) {
        apart = Math.max(apart, Math.abs(data[0][at + part] - data[1][at + part]));
      }
      if (apart > 0) count += 1;
      most = Math.max(most, apart);
    }
    return [count, most] as [number, number];
  }, pixels);
}
