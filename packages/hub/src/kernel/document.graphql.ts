import type { Builder } from './builder.ts';
import { documentForms, type Document, type DocumentForm } from './document.ts';
import { documentHtml } from './document.html.ts';
import { documentMarkdown } from './document.markdown.ts';

const writers: Readonly<Record<DocumentForm, (document: Document) => string>> = {
  MARKDOWN: documentMarkdown,
  HTML: documentHtml,
};

/** The form of a document; called once, by the schema. */
export function addDocumentForm(builder: Builder) {
  return builder.enumType('DocumentForm', {
    description: 'The form of a document: MARKDOWN with tables, or HTML as a page of its own that prints well.',
    values: documentForms,
  });
}

export type DocumentFormRef = ReturnType<typeof addDocumentForm>;

/** The document in a form. */
export function writeDocument(document: Document, form: DocumentForm): string {
  return writers[form](document);
}
