/** Hands the user a file made by this page. */
export function saveFile(name: string, content: string, type: string): void {
  saveBlob(name, new Blob([content], { type }));
}

/** Hands the user a file that came from the server. */
export function saveBlob(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold of the content once the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
