/** `closeDate` → `close_date`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `changeRequest` → `ChangeRequest`. */
export function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `changeRequest` → `change request`. */
export function spokenName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `google-sheets` → `googleSheets`. */
export function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** `ON_HOLD` → `on hold`. */
export function spokenCode(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
