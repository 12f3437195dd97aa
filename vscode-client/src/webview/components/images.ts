/** Images that come with a prompt: of kinds that models read, bounded in number and size. */
import type { ImageData } from '../../views/chat/messages.js';
import { bytes } from '../text/format.js';

export const MAX_IMAGES = 10;
const MAX_BYTES = 5_000_000;
export const KINDS = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** The images of a paste or a drop. */
export function imagesOf(transfer: DataTransfer | null): readonly File[] {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith('image/'));
}

export interface Read {
  readonly images: readonly ImageData[];
  /** Why some were not taken. */
  readonly refused: string | undefined;
}

export async function readImages(files: readonly File[], room: number): Promise<Read> {
  const images: ImageData[] = [];
  let refused: string | undefined;
  for (const file of files) {
    if (!KINDS.includes(file.type)) refused = `${file.name || 'The image'} is of a kind that models do not read: use PNG, JPEG, GIF or WebP.`;
    else if (file.size > MAX_BYTES) refused = `${file.name || 'The image'} has ${bytes(file.size)}; up to ${bytes(MAX_BYTES)} can be sent.`;
    else if (images.length >= room) refused = `Up to ${MAX_IMAGES} images go with one message.`;
    else images.push({ mediaType: file.type, data: await base64(file) });
  }
  return { images, refused };
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('the image could not be read'));
    reader.readAsDataURL(file);
  });
}
