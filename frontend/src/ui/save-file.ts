/** Hands the user a file made by this page. */
export function saveFile(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold of the content once the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
