/** What an image of the store is called: the SHA-256 of its contents, and what kind it is. */
export const IMAGE_NAME = /^([0-9a-f]{64})\.(jpg|png|webp)$/;

/** The address under which an image of the store is served. */
export const imagePath = (fileName: string): string => `/images/${fileName}`;
